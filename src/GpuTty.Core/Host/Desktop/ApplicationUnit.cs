using System.Text.RegularExpressions;
using GpuTty.Text;

namespace GpuTty.Host.Desktop;

/// <summary>
/// The application behind a unit that a desktop has made for it (systemd.io/DESKTOP_ENVIRONMENTS):
/// <c>app[-LAUNCHER]-APPLICATION-RANDOM.scope</c>, <c>app[-LAUNCHER]-APPLICATION[@RANDOM].service</c>;
/// of snapd, <c>snap.NAME.COMMAND-RANDOM.scope</c>.
/// </summary>
public static partial class ApplicationUnit
{
    private static readonly string[] s_background =
        [
            "dbus", "pipewire", "wireplumber", "pulseaudio", "xdg-", "gvfs", "at-spi", "gsd-", "ibus", "fcitx", "gnome-keyring",
            "gnome-session", "gcr-", "goa-", "evolution-", "tracker-", "localsearch",
            "user-dirs", "dconf", "polkit",
            "ssh-agent", "gpg-agent", "obex", "mpris-proxy", "speech-dispatcher", "kded", "kaccess", "baloo", "xembedsniproxy",
            "gmenudbusmenuproxy", "kglobalaccel", "(sd-pam)",
        ];

    private static readonly string[] s_shells = ["sh", "bash", "dash", "zsh", "fish", "ksh"];

    /// <summary>A name that people know; null for units that are no application's.</summary>
    public static string? NameOf(string unit) =>
        unit.StartsWith("snap.", StringComparison.Ordinal) && unit.EndsWith(".scope", StringComparison.Ordinal) ? unit.Split('.')[1]
        : !unit.StartsWith("app-", StringComparison.Ordinal) ? null
        : Stem(unit["app-".Length..]) is not { Length: > 0 } stem ? null
        : ShortName(Visible.Text(EscapedBytes.Hexadecimal(Application(stem)), 80));

    /// <summary>
    /// Made by a desktop for a program that it has started: named as above, or a tab of a terminal of GNOME's library
    /// (vte-spawn-ID.scope). A desktop does not make plain services of an installed file, such as <c>app-backup.service</c>.
    /// </summary>
    public static bool IsOfDesktop(string unit) =>
        (unit.StartsWith("app-", StringComparison.Ordinal)
            && (unit.EndsWith(".scope", StringComparison.Ordinal) || unit.Contains('@', StringComparison.Ordinal) || IsRandomNamed(unit)))
        || (unit.EndsWith(".scope", StringComparison.Ordinal)
            && (unit.StartsWith("snap.", StringComparison.Ordinal) || unit.StartsWith("vte-spawn-", StringComparison.Ordinal)));

    private static bool IsRandomNamed(string unit) =>
        unit[..unit.LastIndexOf('.')] is var stem && stem.LastIndexOf('-') is > 3 and var last && Random().IsMatch(stem[(last + 1)..]);

    /// <summary>True for what a session needs to run at all and no user has
    /// started, and for shells, whose programs have names of their own.</summary>
    public static bool IsPlumbing(string name) =>
        s_shells.Contains(name) || s_background.Any(known => name.StartsWith(known, StringComparison.OrdinalIgnoreCase));

    /// <summary>Without the random part, which systemd puts last.</summary>
    private static string? Stem(string rest)
    {
        var dot = rest.LastIndexOf('.');
        if (dot < 0) return null;
        var (stem, kind) = (rest[..dot], rest[dot..]);
        var cut = kind == ".service" ? stem.IndexOf('@', StringComparison.Ordinal) : -1;
        if (cut < 0 && stem.LastIndexOf('-') is > 0 and var last && (kind == ".scope" || Random().IsMatch(stem[(last + 1)..]))) cut = last;
        return kind is ".scope" or ".service" or ".slice" ? cut < 0 ? stem : stem[..cut] : null;
    }

    /// <summary>A dash inside a name is escaped, so the first of two parts is the
    /// launcher. Some launchers do not escape it: then there are more.</summary>
    private static string Application(string stem) =>
        stem.IndexOf('-', StringComparison.Ordinal) is var dash and >= 0 ? stem[(dash + 1)..] : stem;

    /// <summary><c>org.gnome.Nautilus</c> is known as Nautilus, <c>org.telegram.desktop</c> as telegram.</summary>
    private static string ShortName(string application)
    {
        var parts = application.Split('.', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > 1 && parts[^1] == "desktop") parts = parts[..^1];
        var name = parts.Length == 0
            ? application
            : parts.Length > 1 && !parts.All(part => part.All(char.IsAsciiDigit)) ? parts[^1] : string.Join('.', parts);
        // snapd names desktop files twice over.
        return name.Split('_') is [var snap, var same] && snap == same ? snap : name;
    }

    [GeneratedRegex("^([0-9]+|[0-9a-f]{16,})$")]
    private static partial Regex Random();
}
