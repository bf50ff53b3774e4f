using GpuTty.Text;

namespace GpuTty.Host.Desktop;

/// <summary>What a monitor calls itself, from the block of data that it sends (VESA E-EDID 1.4, 3.4 and 3.10.3).</summary>
public static class EdidName
{
    private const int Descriptors = 54, DescriptorLength = 18, Block = 128;

    /// <summary>
    /// The name, as <c>DELL U2723QE</c>; its maker's three letters and product number where it has none; null where this is no EDID.
    /// </summary>
    public static string? Of(ReadOnlySpan<byte> edid)
    {
        if (edid.Length < Block || !edid.StartsWith((ReadOnlySpan<byte>)[0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0])) return null;
        for (var at = Descriptors; at + DescriptorLength < Block; at += DescriptorLength)
        {
            // A descriptor that is no timing begins with zeros; 0xfc is the name.
            if (edid[at] != 0 || edid[at + 1] != 0 || edid[at + 3] != 0xfc) continue;
            var name = edid.Slice(at + 5, 13);
            var end = name.IndexOf((byte)'\n');
            var text = System.Text.Encoding.ASCII.GetString(end < 0 ? name : name[..end]).Trim();
            if (text.Length > 0) return Visible.Text(text, 40);
        }
        var maker = (edid[8] << 8) | edid[9];
        var letters = string.Concat(((int[])[10, 5, 0]).Select(shift => (char)('@' + ((maker >> shift) & 0x1f))));
        return letters.All(char.IsAsciiLetterUpper) ? $"{letters} {(edid[11] << 8) | edid[10]:x4}" : null;
    }
}
