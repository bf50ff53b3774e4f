using System.Buffers.Text;
using System.Text;
using GpuTty.Interop;
using GpuTty.Text;

namespace GpuTty.Linux.Pci;

/// <summary>The list of PCI products (pci.ids(5)), where distributions keep it.</summary>
internal static class PciIds
{
    private static readonly string[] s_places = ["share/misc/pci.ids", "share/hwdata/pci.ids", "share/pci.ids"];

    /// <summary>Null where the list is not installed.</summary>
    public static Dictionary<(int Vendor, int Device), string>? Read(FileSystemRoot root, IReadOnlySet<(int Vendor, int Device)> wanted) =>
        s_places
            .Select(place =>
            {
                var names = new ProductNames(wanted);
                return DirectoryHandle.Current.EachLine(root.Usr(place), names.Take) ? names.Found : null;
            })
            .FirstOrDefault(found => found is not null);

    /// <summary>Names of makers alone; empty where the list is not installed.</summary>
    public static Dictionary<int, string> Makers(FileSystemRoot root, IReadOnlySet<int> wanted)
    {
        if (wanted.Count == 0) return [];
        foreach (var place in s_places)
        {
            var names = new Dictionary<int, string>();
            var wasRead = DirectoryHandle.Current.EachLine(root.Usr(place), line =>
            {
                if (IsEndOfVendors(line)) return false;
                if (!line.IsEmpty && line[0] is not ((byte)'#' or (byte)'\t')
                    && Id(line) is { } vendor && wanted.Contains(vendor) && line.Length > 6)
                    names[vendor] = Visible.Text(Text(line[6..]), 60);
                return true;
            });
            if (wasRead) return names;
        }
        return [];
    }

    public static Dictionary<(int Vendor, int Device), string> Parse(string text, IReadOnlySet<(int Vendor, int Device)> wanted)
    {
        var names = new ProductNames(wanted);
        foreach (var line in text.Split('\n'))
            if (!names.Take(Encoding.UTF8.GetBytes(line))) break;
        return names.Found;
    }

    /// <summary>Classes follow the vendors.</summary>
    private static bool IsEndOfVendors(ReadOnlySpan<byte> line) => line.StartsWith("C "u8);

    private static int? Id(ReadOnlySpan<byte> line) =>
        line.Length > 4 && Utf8Parser.TryParse(line[..4], out int id, out var length, 'x') && length == 4 ? id : null;

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes).Trim();

    /// <summary>Vendors begin a line, products follow after one tab, subsystems after two (pci.ids(5)).</summary>
    private sealed class ProductNames(IReadOnlySet<(int Vendor, int Device)> wanted)
    {
        private readonly HashSet<int> _vendors = [.. wanted.Select(product => product.Vendor)];
        private string _vendorName = "";
        private int _vendor = -1;

        public Dictionary<(int Vendor, int Device), string> Found { get; } = [];

        /// <summary>False after the last vendor.</summary>
        public bool Take(ReadOnlySpan<byte> line)
        {
            if (IsEndOfVendors(line)) return false;
            if (line.IsEmpty || line[0] == '#') return true;
            if (line[0] != '\t') Begin(line);
            else if (_vendor >= 0
                && !line.StartsWith("\t\t"u8)
                && Id(line[1..]) is { } device && wanted.Contains((_vendor, device)) && line.Length > 7)
                Found[(_vendor, device)] = Lspci.Name(_vendorName, Text(line[7..]), device);
            return true;
        }

        private void Begin(ReadOnlySpan<byte> line)
        {
            _vendor = Id(line) is { } vendor && _vendors.Contains(vendor) ? vendor : -1;
            if (_vendor < 0) return;
            _vendorName = line.Length > 6 ? Text(line[6..]) : "";
            foreach (var product in wanted.Where(product => product.Vendor == _vendor))
                Found[product] = Lspci.Name(_vendorName, "", product.Device);
        }
    }
}
