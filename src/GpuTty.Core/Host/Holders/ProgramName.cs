namespace GpuTty.Host.Holders;

/// <summary>
/// Which program a process is, by the kernel's name for it (/proc/PID/comm). NixOS starts programs through scripts and calls the
/// program itself <c>.NAME-wrapped</c>, of which the kernel keeps 15 characters: <c>.libvirtd-wrapp</c>, <c>.kwin_wayland-w</c>.
/// </summary>
public static class ProgramName
{
    private const int LongestName = 15;
    private const string Wrapped = "-wrapped";

    /// <summary>The program's own name, cut off where it is long; the same name where nothing wraps it.</summary>
    public static string Of(string comm)
    {
        if (!comm.StartsWith('.')) return comm;
        var name = comm.TrimStart('.');
        // Only of a name that was cut off may the end of the word be missing, or all of it.
        var least = comm.Length < LongestName ? Wrapped.Length : 0;
        for (var kept = Wrapped.Length; kept >= least; kept--)
            if (name.EndsWith(Wrapped[..kept], StringComparison.Ordinal)) return OfInner(name[..^kept]) is { Length: > 0 } own ? own : comm;
        return comm;
    }

    /// <summary>Some are wrapped twice.</summary>
    private static string OfInner(string name) =>
        name.EndsWith(Wrapped, StringComparison.Ordinal) ? OfInner(name[..^Wrapped.Length]) : name;
}
