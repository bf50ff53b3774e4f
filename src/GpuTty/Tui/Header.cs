using GpuTty.Host;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Desktop;
using GpuTty.Terminal;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui;

/// <summary>The first line: which machine, and what is going on.</summary>
internal static class Header
{
    public static IEnumerable<TextRun> Line(Model model, int width)
    {
        var clock = model.Host is { } host ? $"{model.Local(host.TakenAt):HH:mm}" : "";
        var room = width - 1 - (clock.Length > 0 ? clock.Length + 2 : 0);
        var last = new TextRun(1, "GpuTty", Theme.Accent.Bold);
        yield return last;
        var x = last.End + 2;
        var separator = "";
        foreach (var part in model.Screens.Last(screen => !screen.IsOverlay).Header(model))
        {
            if (x + separator.Length + Printable.Width(part) > room && separator.Length > 0) break;
            last = TextRun.Cut(x, room - x, separator + part);
            yield return last;
            (x, separator) = (last.End, " · ");
        }
        yield return new TextRun(width - 1 - clock.Length, clock);
    }

    public static IEnumerable<string> OfMachine(Model model)
    {
        if (model.Host is not { } host) return [model.Unreadable is null ? "looking at the machine" : "the machine could not be read"];
        return Parts(model, host).Where(part => part.Length > 0);
    }

    /// <summary>What no page may leave out: that nothing is real, and that only a restart helps.</summary>
    public static IEnumerable<string> Always(Model model)
    {
        if (model.Demo is { } demo) yield return demo == TuiOptions.OfReport ? "a report, read only" : "DEMO";
        if (model.NeedsRestart) yield return "reboot needed";
    }

    private static IEnumerable<string> Parts(Model model, HostSnapshot host)
    {
        if (model.Demo is { } demo)
            yield return demo == TuiOptions.OfReport ? "a report of another machine, read only" : $"DEMO {demo}, nothing is real";
        if (model.NeedsRestart) yield return "reboot needed";
        if (model.IsRunning) yield return "a switch is running";
        else if (model.Recovery is not null) yield return "a switch was interrupted";
        if (!host.Caller.IsRoot) yield return "you are not root";
        yield return Place(host);
        yield return host.HasIommu ? "IOMMU on" : WithoutIommu.InBrief(host);
        yield return host.HostName;
        yield return $"Linux {Short(host.Kernel)}";
        yield return SeatDesktop.Vt(host) is { } desktop ? $"desktop on tty{desktop}"
            : SeatDesktop.IsUp(host) ? "a desktop is running" : "no desktop";
    }

    /// <summary>Where this program is looked at: what a switch may take away from under it.</summary>
    private static string Place(HostSnapshot host) =>
        host.Caller.Vt is { } vt ? $"you are on tty{vt}"
        : host.Caller.IsInsideDesktop ? "you are inside the desktop"
        : host.Caller.Session is { } id && host.FindSession(id) is { IsRemote: true } ? $"you are on the network, session {id}"
        : host.Caller.IsVtTold ? "you are not on a console" : "your console is unknown";

    private static string Short(string kernel) => string.Join('.', kernel.Split('-')[0].Split('.').Take(2));
}
