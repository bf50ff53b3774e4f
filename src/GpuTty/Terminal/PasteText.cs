using System.Text;

namespace GpuTty.Terminal;

/// <summary>A paste being read, up to <c>ESC [ 201 ~</c>. Only its beginning is kept: no field here takes more.</summary>
internal sealed class PasteText
{
    private const int Longest = 4096;

    private readonly byte[] _kept = new byte[Longest];
    private int _length;
    private int _endMatched;

    private static ReadOnlySpan<byte> End => "\e[201~"u8;

    public bool MayBeEnding => _endMatched > 0;

    /// <summary>Takes a byte; true if the paste is over.</summary>
    public bool Add(byte value)
    {
        if (value != End[_endMatched])
        {
            // ESC occurs in the mark only at its start, so what looked like the mark was text, and the mark may begin here.
            foreach (var text in End[.._endMatched]) Keep(text);
            _endMatched = 0;
        }
        if (value != End[_endMatched]) Keep(value);
        else _endMatched++;
        return _endMatched == End.Length;
    }

    public string Take()
    {
        var text = Encoding.UTF8.GetString(_kept, 0, _length);
        (_length, _endMatched) = (0, 0);
        return text;
    }

    private void Keep(byte value)
    {
        if (_length < Longest) _kept[_length++] = value;
    }
}
