using System.Globalization;
using System.Text.RegularExpressions;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Interop;

namespace GpuTty.Linux.Kernel;

/// <summary>Reads <see cref="MachineDetails"/> from files of the kernel. A function that sleeps is left asleep.</summary>
internal static partial class MachineDetailsReader
{
    private const string SecureBootVariable = "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c";
    private const int LongestTable = 16 * 1024 * 1024;

    public static MachineDetails Read(MachineRoot root, HostSnapshot host)
    {
        var nvidia = Nvidia().Match(Files.Text(root.Proc("driver/nvidia/version"), 4096) ?? "");
        return new MachineDetails
        {
            IsUefi = Files.Exists(root.Sys("firmware/efi")),
            SecureBoot = SecureBoot(root),
            Lockdown = Files.Word(root.Any("sys/kernel/security/lockdown")) is { } words && Chosen().Match(words) is { Success: true } chosen ? chosen.Groups[1].Value : null,
            RemapsInterrupts = Files.Text(root.Proc("interrupts"), LongestTable) is { } interrupts && interrupts.Contains("IO-APIC", StringComparison.Ordinal) ? interrupts.Contains("IR-IO-APIC", StringComparison.Ordinal) : null,
            NvidiaVersion = nvidia.Success ? nvidia.Groups["version"].Value : null,
            IsNvidiaOpen = nvidia.Success ? nvidia.Groups["open"].Success : null,
            NvidiaDrm = [.. ((string[])["modeset", "fbdev"]).Where(name => Files.Word(root.Sys($"module/nvidia_drm/parameters/{name}")) is "Y" or "1")],
            Links = [.. host.Devices.Where(device => device is { IsGraphics: true, PowerState: "D0" }).Select(device => Link(root, device.Address))],
        };
    }

    /// <summary>Four bytes of attributes, then the value (UEFI specification 3.3).</summary>
    private static bool? SecureBoot(MachineRoot root)
    {
        using var variables = Folder.Open(root.Sys("firmware/efi/efivars"));
        return variables?.Bytes(Folder.Terminated(SecureBootVariable)) is { Length: 5 } value ? value[4] == 1 : null;
    }

    private static LinkDetails Link(MachineRoot root, PciAddress address)
    {
        var folder = $"{root.PciDevices}/{address}";
        return new(address, Number("current_link_width"), Number("max_link_width"),
            [.. Files.Names(folder).Select(name => Resize().Match(name)).Where(match => match.Success).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))]);

        int? Number(string name) => int.TryParse(Files.Word($"{folder}/{name}"), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value is > 0 and <= 32 ? value : null;
    }

    [GeneratedRegex(@"^NVRM version: NVIDIA UNIX (?<open>Open )?\S*\s?Kernel Module(?: for \S+)?\s+(?<version>[0-9]+(?:\.[0-9]+)+)", RegexOptions.CultureInvariant)]
    private static partial Regex Nvidia();

    [GeneratedRegex(@"\[([a-z]{1,20})\]", RegexOptions.CultureInvariant)]
    private static partial Regex Chosen();

    [GeneratedRegex(@"^resource([0-5])_resize$", RegexOptions.CultureInvariant)]
    private static partial Regex Resize();
}
