using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Planning.Devices;
using GpuTty.Switching;
using GpuTty.Text;

namespace GpuTty.Tui;

/// <summary>What the log says about a look at the machine: the first in sum, later ones by what is different.</summary>
internal static class Changes
{
    private const int Most = 12;

    public static IEnumerable<LogLine> Between(HostSnapshot? before, HostSnapshot now) =>
        (before is null ? First(now) : Shortened([.. Worst(before, now), .. Differences(before, now)]))
            .Select(line => new LogLine(now.TakenAt, line.Level, LogSource.Gputty, line.Text));

    private static IEnumerable<(LogLevel Level, string Text)> Shortened(List<(LogLevel Level, string Text)> lines) =>
        lines.Count <= Most ? lines
        : lines.Take(Most).Append((lines.Skip(Most).Max(line => line.Level), $"and {Counted.Of(lines.Count - Most, "more change")}"));

    private static IEnumerable<(LogLevel Level, string Text)> First(HostSnapshot host)
    {
        yield return (
            LogLevel.Info,
            $"looked at the machine: {Counted.Of(host.Devices.Length, "function")}, {Counted.Of(host.Groups.Length, "group")}, "
                + $"{Counted.Of(host.Holders.Length, "program holds", "programs hold")} a card");
        foreach (var card in Card.FindAll(host))
            yield return (
                LogLevel.Info, $"card {card.Address.SlotName} {Panels.DeviceText.ShortName(card.Display)} is {OwnerText.Of(card)}");
        foreach (var unknown in host.Unknowns) yield return (LogLevel.Warning, $"unknown: {unknown.Fact}. {unknown.Reason}");
        if (host.Stuck is { } stuck) yield return (LogLevel.Error, $"the kernel {stuck.Finding}; only a reboot helps");
    }

    /// <summary>What must not be left out where much has changed.</summary>
    private static IEnumerable<(LogLevel Level, string Text)> Worst(HostSnapshot before, HostSnapshot now)
    {
        if (before.Stuck is null && now.Stuck is { } stuck)
            yield return (LogLevel.Error, $"the kernel {stuck.Finding}; only a reboot helps");
        foreach (var device in now.Devices.Where(device =>
            device.Wedged is not null && before.Find(device.Address)?.Wedged != device.Wedged))
            yield return (LogLevel.Error, Wedged(device));
    }

    private static IEnumerable<(LogLevel Level, string Text)> Differences(HostSnapshot before, HostSnapshot now)
    {
        foreach (var device in now.Devices)
            if (before.Find(device.Address) is not { } old)
                yield return (LogLevel.Info, $"{device.Address.ShortName} {Panels.DeviceText.ShortName(device)} has appeared");
            else if (old.Driver != device.Driver)
                yield return (LogLevel.Info, $"{device.Address.ShortName} {device.Class.Name}: {Driver(old)} -> {Driver(device)}");
        foreach (var gone in before.Devices.Where(old => now.Find(old.Address) is null))
            yield return (LogLevel.Warning, $"{gone.Address.ShortName} {Panels.DeviceText.ShortName(gone)} is gone");
        if (now.DisplayManager is { } manager && before.DisplayManager?.Unit.ActiveState != manager.Unit.ActiveState)
            yield return (LogLevel.Info, $"{manager.Unit.Name} is {manager.Unit.ActiveState}");
        foreach (var session in now.Sessions.Where(session => before.FindSession(session.Id) is null))
            yield return (LogLevel.Info, $"{session.Label} has begun");
        foreach (var session in before.Sessions.Where(session => now.FindSession(session.Id) is null))
            yield return (LogLevel.Info, $"{session.Label} has ended");
        foreach (var holder in now.Holders.Where(holder => !Has(before, holder)))
            yield return (LogLevel.Info, $"{holder.Label} has opened {Held(now, holder)}");
        foreach (var holder in before.Holders.Where(holder => !Has(now, holder)))
            yield return (LogLevel.Info, $"{holder.Label} has let go");
    }

    private static string Wedged(PciDevice device) =>
        $"the driver of {device.Address.ShortName} {WedgedDriver.Statement(device)}. {Screens.SwitchKeys.Remedy(device)}";

    private static bool Has(HostSnapshot host, Holder holder) =>
        host.Holders.Any(other => other.Pid == holder.Pid && other.StartTime == holder.StartTime);

    private static string Held(HostSnapshot host, Holder holder)
    {
        var cards = Card.FindAll(host)
            .Where(card => card.Functions.Any(function => holder.Holds(function.Address)))
            .Select(card => $"card {card.Address.SlotName}")
            .ToList();
        var session = holder.Session is { } id ? $" in session {id}" : "";
        return (cards.Count == 0 ? "files of a card's driver" : string.Join(" and ", cards)) + session;
    }

    private static string Driver(PciDevice device) => device.Driver ?? "no driver";
}
