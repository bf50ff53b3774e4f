using GpuTty.Host.Holders;

namespace GpuTty.Planning.Holders;

/// <summary>
/// Processes that the system does not run without: they are never signalled, and a plan that would have
/// to is refused before anything is done. They are told by what nobody without root can choose, the
/// user and the system's unit; a name alone counts only for root's own, where no systemd keeps units.
/// </summary>
public static class ProtectedProcess
{
    /// <summary>Of the system's manager; some have ordinary dependencies, and yet all else hangs on them (systemd.special(7)).</summary>
    internal static readonly HashSet<string> Units =
    [
        "init.scope", "dbus.service", "dbus-broker.service", "systemd-logind.service", "systemd-udevd.service",
        "systemd-journald.service", "elogind.service", "seatd.service",
    ];

    /// <summary>Init scripts of OpenRC.</summary>
    private static readonly HashSet<string> s_scripts = ["dbus", "elogind", "seatd", "udev", "eudev", "mdev", "mdevd"];

    private static readonly HashSet<string> s_namesOfRoot =
    [
        "init", "systemd", "systemd-logind", "systemd-udevd", "elogind", "elogind-daemon", "udevd", "seatd", "dbus-daemon",
        "dbus-broker",
    ];

    /// <summary>The bus of the system gives root up (dbus-daemon(1),
    /// &lt;user&gt;); these are the users that distributions give it.</summary>
    private static readonly HashSet<string> s_usersOfBus = ["messagebus", "dbus"];

    /// <returns>A clause for people; null where it may be ended.</returns>
    public static string? Why(Holder process)
    {
        if (process.Pid == 1) return "it is the first process";
        if (process.Container is not null && process.ManagerUid is null) return null;
        if (process.Unit is { } unit) return Units.Contains(unit) ? $"the system does not run without {unit}" : null;
        if (process.InitScript is { } script) return s_scripts.Contains(script) ? $"the system does not run without {script}" : null;
        return process.Session is null && (process.Uid == 0 && s_namesOfRoot.Contains(process.Program) || IsBus(process))
            ? "the system needs it"
            : null;
    }

    /// <summary>Whose name is unknown may be one of them.</summary>
    private static bool IsBus(Holder process) =>
        (process.User is null || s_usersOfBus.Contains(process.User)) && process.Program.StartsWith("dbus-", StringComparison.Ordinal);
}
