using System.Globalization;
using GpuTty.Interop;
using GpuTty.Text;

namespace GpuTty.Linux.Pci;

/// <summary>The list of PCI products (pci.ids(5)), where distributions keep it.</summary>
internal static class PciIds
{
    private static readonly string[] s_places = ["share/misc/pci.ids", "share/hwdata/pci.ids", "share/pci.ids"];

    /// <summary>Null where the list is not installed.</summary>
    public static Dictionary<(int Vendor, int Device), string>? Read(FileSystemRoot root, IReadOnlySet<(int Vendor, int Device)> wanted) =>
        s_places.Select(place => SysFiles.Text(root.Usr(place))).FirstOrDefault(text => text is not null) is { } found
            ? Parse(found, wanted)
            : null;

    /// <summary>Names of makers alone; empty where the list is not installed.</summary>
    public static Dictionary<int, string> Makers(FileSystemRoot root, IReadOnlySet<int> wanted)
    {
        var names = new Dictionary<int, string>();
        if (wanted.Count == 0
            || s_places.Select(place => SysFiles.Text(root.Usr(place))).FirstOrDefault(text => text is not null) is not { } list)
            return names;
        foreach (var line in list.AsSpan().EnumerateLines())
        {
            if (line.StartsWith("C ", StringComparison.Ordinal)) break;
            if (!line.IsEmpty && line[0] is not ('#' or '\t') && Id(line) is { } vendor && wanted.Contains(vendor) && line.Length > 6)
                names[vendor] = Visible.Text(line[6..].Trim().ToString(), 60);
        }
        return names;
    }

    /// <summary>Vendors begin a line, products follow after one tab, subsystems after two (pci.ids(5)).</summary>
    public static Dictionary<(int Vendor, int Device), string> Parse(string text, IReadOnlySet<(int Vendor, int Device)> wanted)
    {
        var names = new Dictionary<(int, int), string>();
        var vendorName = "";
        var vendor = -1;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            // Classes follow the vendors.
            if (line.StartsWith("C ", StringComparison.Ordinal)) break;
            if (line.IsEmpty || line[0] == '#' || line.StartsWith("\t\t", StringComparison.Ordinal)) continue;
            if (line[0] != '\t')
            {
                vendor = Id(line) ?? -1;
                vendorName = line.Length > 6 ? line[6..].Trim().ToString() : "";
                foreach (var product in wanted.Where(product => product.Vendor == vendor))
                    names[product] = Lspci.Name(vendorName, "", product.Device);
            }
            else if (Id(line[1..]) is { } device && wanted.Contains((vendor, device)) && line.Length > 7)
            {
                names[(vendor, device)] = Lspci.Name(vendorName, line[7..].Trim().ToString(), device);
            }
        }
        return names;
    }

    private static int? Id(ReadOnlySpan<char> line) =>
        line.Length > 4 && int.TryParse(line[..4], NumberStyles.AllowHexSpecifier, null, out var id) ? id : null;
}
