using System.Globalization;
using System.Text;

namespace GpuTty.Terminal;

/// <summary>The parameter bytes of the sequence being read. Longer ones than any key has are read on, but not kept.</summary>
internal sealed class SequenceText
{
    private const int Longest = 16;

    private readonly byte[] _kept = new byte[Longest];
    private int _length;

    public bool IsEmpty => _length == 0;

    /// <summary>The parameters, if they are plain numbers: <c>1;5</c>. Null for anything else, which no key of ours sends.</summary>
    public int[]? Parameters => _length > _kept.Length ? null : Numbers(_kept.AsSpan(0, _length));

    /// <summary>Button, column and row, counted from 1: <c>&lt;0;12;5</c>. Null for anything else.</summary>
    public int[]? MouseReport => _length is > 1 and <= Longest && _kept[0] == '<' ? Numbers(_kept.AsSpan(1, _length - 1)) : null;

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

    public void Clear() => _length = 0;

    public void Add(byte value)
    {
        if (_length < _kept.Length) _kept[_length] = value;
        _length = Math.Min(_length + 1, _kept.Length + 1);
    }
}
