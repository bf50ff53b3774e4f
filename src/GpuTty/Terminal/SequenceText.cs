using System.Globalization;
using System.Text;

namespace GpuTty.Terminal;

/// <summary>The parameter bytes of the sequence being read. Longer ones than any key has are read on, but not kept.</summary>
internal sealed class SequenceText
{
    private const int Longest = 16;

    private readonly byte[] kept = new byte[Longest];
    private int length;

    public bool IsEmpty => length == 0;

    /// <summary>The parameters, if they are plain numbers: <c>1;5</c>. Null for anything else, which no key of ours sends.</summary>
    public int[]? Parameters => length > kept.Length ? null : Numbers(kept.AsSpan(0, length));

    /// <summary>Button, column and row, counted from 1: <c>&lt;0;12;5</c>. Null for anything else.</summary>
    public int[]? MouseReport => length is > 1 and <= Longest && kept[0] == '<' ? Numbers(kept.AsSpan(1, length - 1)) : null;

    private static int[]? Numbers(ReadOnlySpan<byte> text)
    {
        var parts = Encoding.ASCII.GetString(text).Split(';');
        var numbers = new int[text.IsEmpty ? 0 : parts.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            var isNumber = parts[i].Length == 0 || int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]);
            if (!isNumber) return null;
        }
        return numbers;
    }

    public void Clear() => length = 0;

    public void Add(byte value)
    {
        if (length < kept.Length) kept[length] = value;
        length = Math.Min(length + 1, kept.Length + 1);
    }
}
