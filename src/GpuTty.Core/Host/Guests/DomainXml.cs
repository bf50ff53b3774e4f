using System.Collections.Immutable;
using System.Globalization;
using System.Xml;
using GpuTty.Host.Pci;
using GpuTty.Text;

namespace GpuTty.Host.Guests;

/// <summary>
/// Reads a libvirt domain (formatdomain, "Host device assignment"). Only elements at their place count: what metadata
/// or a command line for QEMU holds may look the same and is somebody else's. No DTD, no entities, nothing is fetched.
/// </summary>
public static class DomainXml
{
    /// <summary>Bytes; the largest that libvirt writes are some hundred thousand.</summary>
    public const int Longest = 4 * 1024 * 1024;

    private const int Deepest = 128;
    private const int MostRomFiles = 64;
    private const string Qemu = "http://libvirt.org/schemas/domain/qemu/1.0";

    /// <param name="text">The description.</param>
    /// <param name="problem">The rest of a sentence: <c>it has no name</c>; null where it could be read.</param>
    /// <returns>Null where it could not be read whole.</returns>
    public static GuestDescription? Read(string text, out string? problem)
    {
        try
        {
            using var reader = Open(text, ignoresRemarks: true);
            problem = null;
            return Read(reader);
        }
        catch (XmlException broken)
        {
            problem = broken.Message.Contains("DTD", StringComparison.OrdinalIgnoreCase)
                ? "it has a document type of its own, which no domain has"
                : broken.LineNumber > 0 ? $"line {broken.LineNumber} is no XML"
                : "it has no XML in it";
            return null;
        }
        catch (FormatException wrong)
        {
            problem = wrong.Message;
            return null;
        }
    }

    /// <exception cref="FormatException">It is too long.</exception>
    internal static XmlReader Open(string text, bool ignoresRemarks)
    {
        if (text.Length > Longest) throw new FormatException($"it is longer than {Longest / 1024 / 1024} MiB");
#pragma warning disable RS0030 // A text in memory, no file.
        var memory = new StringReader(text);
#pragma warning restore RS0030
        return XmlReader.Create(memory, new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersFromEntities = 1024,
            MaxCharactersInDocument = Longest,
            IgnoreComments = ignoresRemarks,
            IgnoreProcessingInstructions = true,
            CloseInput = true,
        });
    }

    private static GuestDescription Read(XmlReader reader)
    {
        var path = new List<string>();
        var devices = ImmutableArray.CreateBuilder<GuestDevice>();
        var roms = ImmutableArray.CreateBuilder<string>();
        string? name = null, uuid = null, memory = null, unit = null;
        bool isHostDevice = false, isManaged = false, wantsHugePages = false;
        int? kvmfr = null;
        long? pageKib = null;
        while (reader.Read())
        {
            if (reader.NodeType == XmlNodeType.EndElement) path.RemoveAt(path.Count - 1);
            if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
            {
                if (Is(path, "domain", "name")) name += reader.Value;
                if (Is(path, "domain", "uuid")) uuid += reader.Value;
                if (Is(path, "domain", "memory")) memory += reader.Value;
            }
            if (reader.NodeType != XmlNodeType.Element) continue;
            path.Add(reader.NamespaceURI.Length == 0 ? reader.LocalName : "");
            if (path.Count == 1 && path[0] != "domain") throw new FormatException("it is no description of a domain");
            if (path.Count > Deepest) throw new FormatException("its elements are nested too deeply");
            if (Is(path, "domain", "memory")) unit = reader["unit"];
            if (Is(path, "domain", "memoryBacking", "hugepages")) wantsHugePages = true;
            if (Is(path, "domain", "memoryBacking", "hugepages", "page"))
                pageKib = pageKib is null && reader["nodeset"] is null ? (long)((Bytes(reader["size"], reader["unit"]) ?? 0) / 1024) : 0;
            // What is passed to QEMU as it is, past all that libvirt knows.
            if (path.Count == 3 && reader is { NamespaceURI: Qemu, LocalName: "arg" }) kvmfr ??= KvmfrSizeIn(reader["value"] ?? "");
            if (isHostDevice
                && path is [_, _, "hostdev", "rom"]
                && IsAt(path[..3], "hostdev")
                && reader["file"] is { Length: > 0 } rom
                && roms.Count < MostRomFiles)
                roms.Add(rom);
            if (IsAt(path, "hostdev") || IsAt(path, "interface"))
            {
                isHostDevice = path[2] == "hostdev"
                    ? reader["mode"] is null or "subsystem" && reader["type"] == "pci"
                    : reader["type"] == "hostdev";
                isManaged = reader["managed"] == "yes";
            }
            if (isHostDevice
                && path is [_, _, "hostdev" or "interface", "source", "address"]
                && IsAt(path[..3], path[2])
                && reader["type"] is null or "pci")
                devices.Add(new GuestDevice(AddressOf(reader), isManaged));
            if (reader.IsEmptyElement) path.RemoveAt(path.Count - 1);
        }
        if (string.IsNullOrWhiteSpace(name)) throw new FormatException("it has no name");
        return new GuestDescription(name, Guid.TryParse(uuid?.Trim(), out var id) ? id.ToString("D") : null, devices.ToImmutable())
        {
            Memory = (long?)(Bytes(memory, unit) / (1024 * 1024)),
            RomFiles = [.. roms.Distinct()],
            WantsHugePages = wantsHugePages,
            HugePageKib = pageKib,
            KvmfrSize = kvmfr,
        };
    }

    /// <summary><c>memory-backend-file,id=looking-glass,mem-path=/dev/kvmfr0,size=64M,share=yes</c>: 64. The same as JSON too.</summary>
    private static int? KvmfrSizeIn(string argument)
    {
        if (!argument.Contains("/dev/kvmfr0", StringComparison.Ordinal)) return null;
        var size = argument.Split(',', '{', '}').Select(part => part.Replace("\"", "", StringComparison.Ordinal).Trim())
            .Where(part => part.StartsWith("size=", StringComparison.Ordinal) || part.StartsWith("size:", StringComparison.Ordinal))
            .Select(part => part["size=".Length..].Trim())
            .FirstOrDefault();
        if (size is null || size.Length == 0) return null;
        var factor = char.ToUpperInvariant(size[^1]) switch { 'K' => 1024L, 'M' => 1 << 20, 'G' => 1 << 30, _ => 1 };
        return long.TryParse(factor == 1 ? size : size[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number < long.MaxValue / factor && number * factor >> 20 is > 0 and < int.MaxValue and var mebibytes
            ? (int)mebibytes
            : null;
    }

    /// <summary>KiB where no unit is given (formatdomain, "Memory Allocation").</summary>
    private static decimal? Bytes(string? amount, string? unit)
    {
        const decimal kibi = 1024, kilo = 1000;
        decimal? factor = (unit ?? "KiB") switch
        {
            "b" or "bytes" => 1,
            "KB" => kilo,
            "k" or "KiB" => kibi,
            "MB" => kilo * kilo,
            "M" or "MiB" => kibi * kibi,
            "GB" => kilo * kilo * kilo,
            "G" or "GiB" => kibi * kibi * kibi,
            "TB" => kilo * kilo * kilo * kilo,
            "T" or "TiB" => kibi * kibi * kibi * kibi,
            _ => null,
        };
        return uint.TryParse(amount?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number * factor : null;
    }

    private static bool IsAt(List<string> path, string device) => path.Count == 3 && Is(path, "domain", "devices", device);

    private static bool Is(List<string> path, params ReadOnlySpan<string> wanted) =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(path).SequenceEqual(wanted);

    private static PciAddress AddressOf(XmlReader reader) =>
        new(Number(reader, "domain", int.MaxValue), Number(reader, "bus", 255), Number(reader, "slot", 31), Number(reader, "function", 7));

    /// <summary>As libvirt takes numbers: 0x10, 16, or octal with a leading
    /// 0 (virStrToLong_uip with base 0); 0 where there is none.</summary>
    private static int Number(XmlReader reader, string attribute, int highest)
    {
        var text = reader[attribute]?.Trim() ?? "0";
        var isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        var isOctal = !isHex && text.Length > 1 && text[0] == '0';
        var value = isHex && long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex) ? hex
            : isOctal && text.Length < 12 && text.All(c => c is >= '0' and <= '7') ? Convert.ToInt64(text, 8)
            : !isHex && !isOctal && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var plain) ? plain
            : -1;
        return value >= 0 && value <= highest
            ? (int)value
            : throw new FormatException($"{Visible.Text(text, 20)} is no {attribute} of a PCI address");
    }
}
