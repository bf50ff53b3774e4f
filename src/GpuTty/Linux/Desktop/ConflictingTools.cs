using System.Collections.Immutable;
using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Guests;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Interop;
using GpuTty.Linux.Guests;
using GpuTty.Linux.Settings;
using GpuTty.Text;

namespace GpuTty.Linux.Desktop;

/// <summary>
/// Who else moves devices: driverctl(8), which keeps a file for each function in /etc/driverctl.d, and libvirt, which moves the devices of
/// a domain by itself where its XML says managed='yes' (https://libvirt.org/formatdomain.html, hostdev; files only root can read): of the
/// system's instance the domains that it keeps, in <see cref="LibvirtFolder"/>, and those that run, in /run/libvirt/qemu, which need not
/// be kept. And Proxmox, and what switches laptops between graphics cards.
/// </summary>
internal static class ConflictingTools
{
    /// <param name="unknowns">Gets what cannot be read: a domain that nobody can look at may take the card.</param>
    public static ImmutableArray<ConflictingTool> Read(FileSystemRoot root, List<Unknown> unknowns)
    {
        var files = new BoundedFiles(root, unknowns, UnknownFact.OtherPrograms, "who else moves devices");
        return
        [
            .. from name in files.Names("etc/driverctl.d")
               let device = PciAddress.TryParse(name, out var address) ? address : (PciAddress?)null
               where device is not null
               let driver = FirstWord(files.File($"etc/driverctl.d/{name}"))
               where driver is not null
               select new ConflictingTool(
                   device.Value,
                   $"driverctl gives {device.Value.ShortName} to {Visible.Text(driver, 60)} at each boot",
                   $"Use one of the two: driverctl unset-override {device.Value}")
               { Tool = MovingTool.Driverctl, Where = new SourceLine($"/etc/driverctl.d/{name}", 1) },
            .. ((string[])[$"{LibvirtFolder.Of(root)}/qemu", "run/libvirt/qemu"])
                .SelectMany(folder => Domains(files, unknowns, folder))
                .DistinctBy(keeper => (keeper.Device, keeper.What)),
            .. ProxmoxGuests.Read(root, unknowns),
            .. GpuModeDaemons.Read(root, files),
        ];
    }

    private static string? FirstWord(SettingsFile? file) =>
        file is null ? null : Interop.SysFiles.PlainWord(System.Text.Encoding.UTF8.GetBytes(file.Text));

    private static IEnumerable<ConflictingTool> Domains(BoundedFiles files, List<Unknown> unknowns, string folder)
    {
        foreach (var file in files.Names(folder)
            .Where(name => name.EndsWith(".xml", StringComparison.Ordinal))
            .Select(name => files.File($"{folder}/{name}"))
            .OfType<SettingsFile>())
        {
            var keepers = ParseDomain(file.Text, out var isBroken);
            // libvirt may be able to read what is no XML here: with a document type of its own, or written right now.
            if (isBroken)
                lock (unknowns)
                    unknowns.Add(new Unknown(
                        UnknownFact.OtherPrograms,
                        "who else moves devices",
                        $"{Visible.Text(file.Path, 200)} is no XML that can be read."));
            foreach (var keeper in keepers) yield return keeper with { Where = new SourceLine(file.Path, keeper.Where?.Line) };
        }
    }

    /// <summary>The functions that a domain takes and gives back by itself. Nothing for what is no domain.</summary>
    public static ImmutableArray<ConflictingTool> ParseDomain(string? xml) => ParseDomain(xml, out _);

    /// <param name="isBroken">It could not be read to its end.</param>
    public static ImmutableArray<ConflictingTool> ParseDomain(string? xml, out bool isBroken)
    {
        isBroken = false;
        if (xml is null) return [];
        try
        {
            // No document type, so no entities that grow or lead elsewhere.
            using var reader = XmlReader.Create(
                new StringReader(xml),
                new XmlReaderSettings
                {
                    DtdProcessing = DtdProcessing.Prohibit,
                    XmlResolver = null,
                    MaxCharactersInDocument = BoundedFiles.LongestFile,
                });
            var top = XDocument.Load(reader, LoadOptions.SetLineInfo).Root!;
            // What runs is kept inside its status (domstatus, src/conf/domain_conf.c), and may be written down nowhere else.
            var isRunning = top.Name == "domstatus";
            if ((isRunning ? top.Element("domain") : top) is not { } domain) return [];
            var name = Visible.Text(domain.Element("name")?.Value.Trim() ?? "a domain without a name", 80);
            return
            [
                .. from device in domain.Elements("devices").Elements("hostdev")
                   where (string?)device.Attribute("type") == "pci" && (string?)device.Attribute("managed") == "yes"
                   let address = device.Element("source")?.Element("address")
                   let function = address is null ? null : AddressOf(address)
                   where function is not null
                   select new ConflictingTool(
                       function.Value,
                       $"libvirt moves {function.Value.ShortName} itself when it starts and stops {name} (managed='yes')",
                       isRunning
                           ? $"Let gputty move it: write managed='no' in the XML that {name} is started from."
                           : $"Let gputty move it: {Virsh.OfSystem} edit {name}, and write managed='no'.")
                   { Tool = MovingTool.Libvirt, Where = new SourceLine("", ((IXmlLineInfo)device).LineNumber) },
            ];
        }
        catch (XmlException)
        {
            isBroken = true;
            return [];
        }
    }

    private static PciAddress? AddressOf(XElement address)
    {
        int? domain = Number("domain") ?? 0, bus = Number("bus"), slot = Number("slot"), function = Number("function");
        return bus is >= 0 and <= 255 && slot is >= 0 and <= 31 && function is >= 0 and <= 7 && domain >= 0
            ? new PciAddress(domain.Value, bus.Value, slot.Value, function.Value) : null;

        int? Number(string name) => (string?)address.Attribute(name) is { } text
            && (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
                ? int.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
                : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value)) ? value : null;
    }
}
