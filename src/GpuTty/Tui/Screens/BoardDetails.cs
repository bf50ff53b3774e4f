using System.Collections.Immutable;
using System.Globalization;
using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <content>What a person wants to see before a card is given away, and nothing is decided from.</content>
internal static partial class Details
{
    /// <summary>Beginnings of kernel parameters, with underscores.</summary>
    private static readonly ImmutableArray<string> s_decidingParameters =
    [
        "iommu", "intel_iommu", "amd_iommu", "vfio", "pcie_acs_override", "video", "nomodeset", "modprobe.blacklist", "module_blacklist",
        "rd.driver", "initcall_blacklist", "nvidia", "nouveau", "amdgpu", "i915", "xe.",
    ];

    private static IEnumerable<Label> OfBoard(HostSnapshot host, PciDevice device)
    {
        yield return "";
        if (host.Details is { } details)
        {
            foreach (var line in Version(host, details, device)) yield return line;
            var board = details.Boards.FirstOrDefault(board => board.Device == device.Address);
            yield return Fact("board", board?.Maker ?? "unknown");
            yield return Fact("memory", board?.Memory is { } bytes ? Size(bytes) : "its driver does not tell");
            foreach (var line in Link(details, device)) yield return line;
        }
        var deciding = KernelCommandLine.Parameters(host.CommandLine).Where(Decides).Select(parameter => parameter.Word);
        foreach (var line in List("kernel", deciding.DefaultIfEmpty("no parameter that affects cards"))) yield return line;
        yield return Fact(
            "keep off",
            host.HiddenFromSeat.FirstOrDefault(rule => rule.Matches(device)) is not { } rule ? "off: the desktop may use it"
                : rule.IsPermanent ? "on, also after a reboot" : "on, until the next reboot");
    }

    private static bool Decides(KernelParameter parameter) =>
        s_decidingParameters.Any(name => parameter.Name.StartsWith(name, StringComparison.Ordinal));

    private static IEnumerable<Label> Version(HostSnapshot host, MachineDetails details, PciDevice device)
    {
        var module = device.Driver is { } driver ? host.ModuleOf(driver) : null;
        var version = module == "nvidia"
            ? details.NvidiaVersion
            : module is null ? null : details.ModuleVersions?.GetValueOrDefault(module);
        yield return Fact("version", version is null ? $"that of the kernel, {host.Kernel}"
            : $"{version}{(module == "nvidia" && details.IsNvidiaOpen == true ? ", open modules" : "")}");
        if (module == "nvidia" && details is { NvidiaVersion: { } loaded, NvidiaInstalled: { } installed } && loaded != installed)
        {
            yield return Fact("", new Label(
                $"Version {installed} is installed on the disk: once unloaded, this module cannot be loaded again before a reboot.",
                Theme.Warn));
        }
    }

    private static IEnumerable<Label> Link(MachineDetails details, PciDevice device)
    {
        if (details.Links.FirstOrDefault(link => link.Device == device.Address) is not { } link)
        {
            var isAwake = device.PowerState is null or "D0";
            yield return Fact("PCIe link", isAwake ? "unknown" : $"not asked: the card sleeps ({device.PowerState})");
            yield break;
        }
        yield return Fact("PCIe link", $"{Lanes(link.Lanes, link.Speed)} now, {Lanes(link.MostLanes, link.MostSpeed)} possible");
        var bars = (link.Bars ?? []).Where(bar => bar is { Size: not null, Most: not null })
            .Select(bar => $"BAR {bar.Number}: {Size(bar.Size!.Value << 20)} of up to {Size(bar.Most!.Value << 20)}").ToList();
        yield return Fact("resizable BAR", bars.Count > 0 ? string.Join(", ", bars)
            : link.ResizableBars.IsEmpty ? "none" : "unknown");
    }

    private static string Lanes(int? lanes, string? speed) => lanes is null && speed is null ? "unknown"
        : $"x{lanes?.ToString(CultureInfo.InvariantCulture) ?? "?"} {speed ?? "?"}";

    /// <summary>Since when a program runs, from where, and what it keeps on the cards.</summary>
    private static IEnumerable<Label> OfUse(HostSnapshot host, Holder holder, TimeZoneInfo zone)
    {
        if (host.Details is not null)
        {
            yield return Fact(
                "runs since",
                Since(host, holder) is not { } age ? "unknown" : $"{Moment(host.TakenAt - age, host.TakenAt, zone)}, for {Age(age)}");
        }
        yield return Fact("from", holder.Session is not { } id || host.FindSession(id) is not { } session ? "no login session"
            : session.IsRemote ? $"session {id}, over the network" : session.Vt is { } vt ? $"session {id}, tty{vt}" : $"session {id}");
        if (host.Details is not { } details) yield break;
        var held = details.HeldMemory.Where(memory => memory.Pid == holder.Pid)
            .Select(memory => $"{Size(memory.Bytes)} on {memory.Device.SlotName}").ToList();
        yield return Fact("card memory", held.Count > 0 ? string.Join(", ", held) : "its driver does not tell");
    }

    /// <summary>A start time counts hundredths of a second since the machine was started (proc_pid_stat(5)).</summary>
    private static TimeSpan? Since(HostSnapshot host, Holder holder) =>
        host.Details?.BootedAt is { } boot && host.TakenAt - boot.AddSeconds(holder.StartTime / 100.0) is var age && age >= TimeSpan.Zero
            ? age
            : null;

    /// <summary>By the clock on the wall; with the day where that is another one.</summary>
    private static string Moment(DateTimeOffset at, DateTimeOffset now, TimeZoneInfo zone)
    {
        var (local, today) = (TimeZoneInfo.ConvertTime(at, zone), TimeZoneInfo.ConvertTime(now, zone));
        return local.ToString(local.Date == today.Date ? "HH:mm" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
    }

    private static string Age(TimeSpan age) => age.TotalDays >= 1 ? $"{(int)age.TotalDays} d {age.Hours} h"
        : age.TotalHours >= 1 ? $"{age.Hours} h {age.Minutes} min"
        : age.TotalMinutes >= 1 ? $"{age.Minutes} min" : $"{age.Seconds} s";

    private static string Size(long bytes) => bytes >= 1L << 30
        ? $"{(bytes / (double)(1L << 30)).ToString("0.#", CultureInfo.InvariantCulture)} GiB"
        : bytes >= 1L << 20 ? $"{bytes >> 20} MiB" : $"{bytes >> 10} KiB";
}
