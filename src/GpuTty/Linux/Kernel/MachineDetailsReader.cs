using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux.Guests;
using GpuTty.Linux.Pci;
using GpuTty.Linux.Settings;
using GpuTty.Planning.Plans;

namespace GpuTty.Linux.Kernel;

/// <summary>Reads <see cref="MachineDetails"/> from files of the kernel. A function that sleeps is left asleep.</summary>
internal sealed partial class MachineDetailsReader(FileSystemRoot root)
{
    private const string SecureBootVariable = "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c";
    private const int LongestTable = 16 * 1024 * 1024;
    private readonly HangTolerantScan<PciAddress> _cards = new();
    private readonly HangTolerantScan<string> _firmware = new();
    private readonly CardMemory _memory = new(root);

    /// <summary>What another look is just reading would be taken for what hangs.</summary>
    private readonly Lock _oneLook = new();

    /// <param name="host">What is known already.</param>
    /// <param name="busy">Functions with a write under way are not touched: reading them may hang too.</param>
    /// <param name="unknowns">Gets what does not answer.</param>
    public MachineDetails Read(
        HostSnapshot host, ImmutableArray<PciAddress> busy, List<Unknown> unknowns, CancellationToken cancel = default)
    {
        lock (_oneLook) return ReadAlone(host, busy, unknowns, cancel);
    }

    private MachineDetails ReadAlone(HostSnapshot host, ImmutableArray<PciAddress> busy, List<Unknown> unknowns, CancellationToken cancel)
    {
        var cards = Cards(host, busy, unknowns, cancel);
        var nvidia = Nvidia().Match(SysFiles.Text(root.Proc("driver/nvidia/version"), 4096) ?? "");
        return new MachineDetails
        {
            IsUefi = SysFiles.Exists(root.Sys("firmware/efi")),
            SecureBoot = SecureBoot(unknowns, cancel),
            Lockdown = SysFiles.Word(root.Any("sys/kernel/security/lockdown")) is { } words
                && Chosen().Match(words) is { Success: true } chosen
                ? chosen.Groups[1].Value
                : null,
            RemapsInterrupts = SysFiles.Text(root.Proc("interrupts"), LongestTable) is { } interrupts
                && interrupts.Contains("IO-APIC", StringComparison.Ordinal)
                ? interrupts.Contains("IR-IO-APIC", StringComparison.Ordinal)
                : null,
            NvidiaVersion = nvidia.Success ? nvidia.Groups["version"].Value : null,
            IsNvidiaOpen = nvidia.Success ? nvidia.Groups["open"].Success : null,
            NvidiaDrm = [.. ((string[])["modeset", "fbdev"]).Where(name => ProcModules.IsOn(root, "nvidia_drm", name) == true)],
            IommuTable = !SysFiles.Exists(root.Sys("firmware/acpi/tables"))
                ? null
                : ((string[])["DMAR", "IVRS"]).FirstOrDefault(table => SysFiles.Exists(root.Sys($"firmware/acpi/tables/{table}"))) ?? "",
            IsIntelIommuDefault = host.HasIommu ? null : KernelLimits.IsOn(root, host.Kernel, "CONFIG_INTEL_IOMMU_DEFAULT_ON"),
            HasVirtualization = KernelLimits.Virtualization(root),
            HasVfioGroups = SysFiles.Exists(root.Dev("vfio/vfio")),
            HasIommufd = SysFiles.Exists(root.Dev("iommu")),
            HasNvidiaPersistence = nvidia.Success ? SysFiles.Exists(root.Run("nvidia-persistenced/socket")) : null,
            ModuleVersions = Versions(host),
            Lockable = [.. KernelLimits.Lockable(root, host)],
            HugePages = KernelLimits.HugePages(root),
            HugePagePools = KernelLimits.HugePagePools(root),
            DefaultHugePageKib = KernelLimits.DefaultHugePageKib(root),
            ConfiguredHugePages = ConfiguredIntent.Tuning(
                new ConfigurationFiles(root).Read(null, new Dictionary<string, string>()))?.HugePages,
            // Some builds of the module show the size below /sys, most do not.
            KvmfrSize = SysFiles.Word(root.Sys("module/kvmfr/parameters/static_size_mb")) is { } sizes
                && int.TryParse(sizes.Split(',')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var shared) ? shared
                : SysFiles.Exists(root.Sys("module/kvmfr")) ? (int?)KvmfrMemory.MebibytesOf(root.Dev("kvmfr0")) : null,
            SharedMemory = [.. SharedMemoryNodes.Read(root, host, unknowns)],
            BadRomFiles = [.. RomFile.BadOnes(root, host.Libvirt)],
            NvidiaInstalled = nvidia.Success ? NvidiaInstalled() : null,
            BootedAt = SysFiles.Lines(root.Proc("stat")).FirstOrDefault(line =>
                line.StartsWith("btime ", StringComparison.Ordinal)) is { } boot
                && long.TryParse(boot["btime ".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null,
            Boards = [.. Boards(host, cards)],
            HeldMemory = _memory.Held(host, busy, unknowns, cancel),
            Links = [.. cards.Select(card => card.Link).OfType<LinkDetails>()],
        };
    }

    /// <summary>What only a card itself tells: its driver, and its configuration space, which the kernel wakes it for.</summary>
    private sealed record OfCard(PciAddress Address, long? Memory, LinkDetails? Link);

    /// <summary>Those that answer.</summary>
    private List<OfCard> Cards(HostSnapshot host, ImmutableArray<PciAddress> busy, List<Unknown> unknowns, CancellationToken cancel)
    {
        var graphics = host.Devices
            .Where(device => device.IsGraphics && !busy.Contains(device.Address))
            .DistinctBy(device => device.Address)
            .ToDictionary(device => device.Address);
        var (cards, late) = _cards.Read([.. graphics.Keys.Order()], address => Read(graphics[address]), cancel: cancel);
        foreach (var card in late)
            new PartFiles(unknowns, UnknownFact.Details, $"memory and link of {card.ShortName}", $"{card}")
                .Missing(HangTolerantScan.TimedOut);
        return [.. cards.OfType<OfCard>()];
    }

    private OfCard Read(PciDevice card) => new(card.Address, _memory.Of(card), card.PowerState == "D0" ? Link(card.Address) : null);

    /// <summary>Four bytes of attributes, then the value (UEFI specification 3.3); the machine's firmware is asked for it.</summary>
    private bool? SecureBoot(List<Unknown> unknowns, CancellationToken cancel)
    {
        var (read, late) = _firmware.Read([SecureBootVariable], name =>
        {
            using var variables = DirectoryHandle.Open(root.Sys("firmware/efi/efivars"));
            return variables?.Bytes(name);
        }, cancel: cancel);
        if (late.Count > 0)
            new PartFiles(unknowns, UnknownFact.Details, "secure boot").Missing("The machine's firmware does not answer.");
        return read[0] is { Length: 5 } value ? value[4] == 1 : null;
    }

    private IEnumerable<CardBoard> Boards(HostSnapshot host, List<OfCard> cards)
    {
        var graphics = host.Devices.Where(device => device.IsGraphics).ToList();
        var makers = PciIds.Makers(root, graphics.Select(device => device.Id.SubsystemVendor).OfType<int>().ToHashSet());
        return graphics.Select(device => new CardBoard(
            device.Address,
            device.Id.SubsystemVendor is { } maker ? makers.GetValueOrDefault(maker) : null,
            cards.Find(card => card.Address == device.Address)?.Memory));
    }

    /// <summary>The link that programs load leads to the file of the installed version.</summary>
    private string? NvidiaInstalled() =>
        ((string[])["lib/x86_64-linux-gnu", "lib64", "lib", "lib/aarch64-linux-gnu"])
            .SelectMany(folder => SysFiles.Names(root.Usr(folder)))
            .Select(name => Library().Match(name))
            .FirstOrDefault(match => match.Success)?.Groups[1].Value;

    private LinkDetails Link(PciAddress address)
    {
        var folder = $"{root.PciDevices}/{address}";
        ImmutableArray<int> bars = [.. SysFiles.Names(folder)
            .Select(name => Resize().Match(name))
            .Where(match => match.Success)
            .Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
        return new(
            address,
            Number("current_link_width"),
            Number("max_link_width"),
            bars,
            Speed("current_link_speed"),
            Speed("max_link_speed"),
            [.. bars.Select(bar => Bar(folder, bar))]);

        int? Number(string name) =>
            int.TryParse(SysFiles.Word($"{folder}/{name}"), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                && value is > 0 and <= 32
                ? value
                : null;

        string? Speed(string name) =>
            SysFiles.Word($"{folder}/{name}") is { Length: < 40 } speed && char.IsAsciiDigit(speed[0]) ? speed : null;
    }

    /// <summary>Possible sizes are bits: 0 for 1 MiB, 1 for 2 MiB and so on
    /// (drivers/pci/rebar.c). The size now is that of its line in the resource file.</summary>
    private static BarSize Bar(string folder, int number)
    {
        var ends = SysFiles.Text($"{folder}/resource", 4096)?.Split('\n').ElementAtOrDefault(number)?.Split(' ');
        long? size = ends is [var begin, var end, ..] && Hex(begin) is { } first && Hex(end) is { } last && last > first
            ? (last - first + 1) >> 20
            : null;
        return new(
            number,
            size,
            Hex(SysFiles.Word($"{folder}/resource{number}_resize")) is > 0 and var possible
                ? 1L << (63 - System.Numerics.BitOperations.LeadingZeroCount((ulong)possible))
                : null);
    }

    private static long? Hex(string? word) =>
        long.TryParse(
            word?.StartsWith("0x", StringComparison.Ordinal) == true ? word[2..] : word,
            NumberStyles.HexNumber,
            CultureInfo.InvariantCulture,
            out var value)
            && value >= 0
            ? value
            : null;

    /// <summary>Drivers that are part of the kernel have none of their own.</summary>
    private ImmutableSortedDictionary<string, string> Versions(HostSnapshot host) =>
        host.Devices
            .Where(device => device is { IsGraphics: true, Driver: not null })
            .Select(device => host.ModuleOf(device.Driver!))
            .OfType<string>()
            .Distinct()
            .Select(module => (module, version: SysFiles.Word(root.Sys($"module/{module}/version"))))
            .Where(one => one.version is { Length: < 60 })
            .ToImmutableSortedDictionary(one => one.module, one => one.version!);

    [GeneratedRegex(
        @"^NVRM version: NVIDIA UNIX (?<open>Open )?\S*\s?Kernel Module(?: for \S+)?\s+(?<version>[0-9]+(?:\.[0-9]+)+)",
        RegexOptions.CultureInvariant)]
    private static partial Regex Nvidia();

    [GeneratedRegex(@"^libnvidia-ml\.so\.([0-9]+(?:\.[0-9]+)+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Library();

    [GeneratedRegex(@"\[([a-z]{1,20})\]", RegexOptions.CultureInvariant)]
    private static partial Regex Chosen();

    [GeneratedRegex(@"^resource([0-5])_resize$", RegexOptions.CultureInvariant)]
    private static partial Regex Resize();
}
