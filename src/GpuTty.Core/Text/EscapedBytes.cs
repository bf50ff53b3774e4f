using System.Globalization;
using System.Text;

namespace GpuTty.Text;

/// <summary>
/// Text in which single bytes are written as escapes. What is no whole escape stays as it stands, and bytes that are
/// no UTF-8 become U+FFFD. What comes out may hold control characters: it is as hostile as before.
/// </summary>
public static class EscapedBytes
{
    private delegate bool ReadDigits(ReadOnlySpan<byte> escape, out byte value);

    /// <summary><c>\x2d</c>: names of systemd's units (systemd-escape(1)), and the kernel's log (printk).</summary>
    public static string Hexadecimal(ReadOnlySpan<byte> text) =>
        Decode(text, @"\x00".Length, static (ReadOnlySpan<byte> escape, out byte value) =>
        {
            value = 0;
            return escape[1] == 'x'
                && byte.TryParse(escape[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
        });

    /// <inheritdoc cref="Hexadecimal(ReadOnlySpan{byte})"/>
    public static string Hexadecimal(string text) => Hexadecimal(Encoding.UTF8.GetBytes(text));

    /// <summary><c>\040</c>: paths in /proc/self/mountinfo and /proc/swaps (proc(5)).</summary>
    public static string Octal(string text) =>
        Decode(Encoding.UTF8.GetBytes(text), @"\000".Length, static (ReadOnlySpan<byte> escape, out byte value) =>
        {
            value = 0;
            if (escape[1] > '3' || escape[1..].ContainsAnyExceptInRange((byte)'0', (byte)'7')) return false;
            foreach (var digit in escape[1..]) value = (byte)((value * 8) + (digit - '0'));
            return true;
        });

    /// <param name="length">Of an escape, with its backslash.</param>
    private static string Decode(ReadOnlySpan<byte> text, int length, ReadDigits read)
    {
        var bytes = new byte[text.Length];
        var count = 0;
        for (var at = 0; at < text.Length; count++)
        {
            if (text[at] == '\\' && text.Length - at >= length && read(text.Slice(at, length), out bytes[count])) at += length;
            else bytes[count] = text[at++];
        }
        return Encoding.UTF8.GetString(bytes, 0, count);
    }
}
