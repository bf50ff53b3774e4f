using System.Text.RegularExpressions;
using GpuTty.Interop;
using GpuTty.Text;

namespace GpuTty.Linux.Processes;

/// <summary>Which unit, session and container a process belongs to, as its control
/// group names them (/proc/PID/cgroup; systemd's cgroup layout).</summary>
internal sealed partial record ControlGroup(string? Unit, string? UserUnit, string? Session, string? Container)
{
    private static readonly string[] s_trees = ["fs/cgroup", "fs/cgroup/systemd", "fs/cgroup/unified"];

    /// <summary>The slice of the user's own manager: session.slice, app.slice, background.slice.</summary>
    public string? UserSlice { get; private init; }

    /// <summary>On OpenRC, the script that started it.</summary>
    public string? InitScript { get; private init; }

    public static ControlGroup Parse(string? text) => Of(Parts(text));

    /// <summary>Where the group of a service of the system may be, in the trees that machines have (cgroups(7), v1 and v2).</summary>
    public static IEnumerable<string> FoldersOf(FileSystemRoot root, string unit) =>
        s_trees.Select(tree => root.Sys($"{tree}/system.slice/{unit}"));

    /// <summary>The names on the way to the process's own group.</summary>
    public static List<string> Parts(string? text) =>
        [.. Path(text ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries).Select(part => Visible.Text(part, 200))];

    public static ControlGroup Of(List<string> parts)
    {
        var own = parts.FindIndex(IsUnit);
        var unit = own < 0 ? null : parts[own];
        return new ControlGroup(
            unit,
            unit is null || !UserService().IsMatch(unit) ? null : parts.Skip(own + 1).FirstOrDefault(IsUnit),
            unit is not null && SessionScope().Match(unit) is { Success: true } session ? session.Groups[1].Value
                // elogind has a group for each session, right below the root.
                : parts is [var only] && ElogindSession().IsMatch(only) ? only : null,
            ContainerOf(parts))
        {
            UserSlice = unit is null || !UserService().IsMatch(unit) ? null
                : parts.Skip(own + 1).FirstOrDefault(part => part.EndsWith(".slice", StringComparison.Ordinal)),
            InitScript = parts is [var script] && script.StartsWith(OpenRc, StringComparison.Ordinal) ? script[OpenRc.Length..] : null,
        };
    }

    /// <summary>The unified tree, or systemd's own where there is none or nothing is in it.</summary>
    private static string Path(string text)
    {
        var lines = text.Split('\n').Select(line => line.Split(':', 3)).Where(fields => fields.Length == 3).ToList();
        var path = lines.Find(fields => fields[1] == "name=systemd" && fields[2] != "/")
            ?? lines.Find(fields => fields[0] == "0" && fields[2] != "/")
            ?? lines.Find(fields =>
                fields[2].Contains("docker", StringComparison.Ordinal) || fields[2].Contains("lxc", StringComparison.Ordinal));
        const string removed = " (deleted)";
        return path is null ? "" : path[2].EndsWith(removed, StringComparison.Ordinal) ? path[2][..^removed.Length] : path[2];
    }

    private const string OpenRc = "openrc.";

    private static bool IsUnit(string part) =>
        part.EndsWith(".service", StringComparison.Ordinal)
        || part.EndsWith(".scope", StringComparison.Ordinal)
        || part.EndsWith(".socket", StringComparison.Ordinal);

    /// <summary>Below a user's own manager that user can make groups of any
    /// name: only those that run as the user are believed there.</summary>
    private static string? ContainerOf(List<string> parts)
    {
        if (parts.Find(part => UserService().IsMatch(part)) is not null)
            return parts
                .Select(part => ContainerScope().Match(part))
                .FirstOrDefault(scope =>
                    scope is { Success: true } && scope.Groups[1].Value is "libpod" or "docker" or "nerdctl") is { } own
                ? $"{(own.Groups[1].Value == "libpod" ? "podman" : own.Groups[1].Value)} {own.Groups[2].Value[..12]}" : null;
        for (var at = 0; at < parts.Count; at++)
        {
            if (ContainerScope().Match(parts[at]) is { Success: true } scope)
            {
                var kind = scope.Groups[1].Value switch { "libpod" => "podman", "docker" => "docker", var other => other };
                return $"{(parts.Exists(part => part.StartsWith("kubepods", StringComparison.Ordinal)) ? "kubernetes" : kind)} "
                    + $"{scope.Groups[2].Value[..12]}";
            }
            var next = at + 1 < parts.Count ? parts[at + 1] : null;
            if (parts[at] == "docker" && next is not null && LongId().IsMatch(next)) return $"docker {next[..12]}";
            if (parts[at].StartsWith("kubepods", StringComparison.Ordinal) && LongId().IsMatch(parts[^1]))
                return $"kubernetes {parts[^1][..12]}";
            if (parts[at].StartsWith("lxc.payload.", StringComparison.Ordinal)) return $"lxc {parts[at]["lxc.payload.".Length..]}";
            if (parts[at] is "lxc" or "lxc.payload" && next is not null) return $"lxc {next}";
            if (parts[at] == "machine.slice" && next is not null && Machine().Match(next) is { Success: true } machine)
                return $"machine {Visible.Text(EscapedBytes.Hexadecimal(machine.Groups[1].Value), 200)}";
        }
        return null;
    }

    [GeneratedRegex(@"^user@\d+\.service$")]
    private static partial Regex UserService();

    [GeneratedRegex(@"^session-([A-Za-z0-9_]+)\.scope$")]
    private static partial Regex SessionScope();

    [GeneratedRegex(@"^c?\d+$")]
    private static partial Regex ElogindSession();

    [GeneratedRegex(@"^(docker|libpod|crio|cri-containerd|nerdctl)-([0-9a-f]{12,64})\.scope$")]
    private static partial Regex ContainerScope();

    [GeneratedRegex(@"^[0-9a-f]{64}$")]
    private static partial Regex LongId();

    [GeneratedRegex(@"^(?:machine-|systemd-nspawn@)(.+)\.(?:scope|service)$")]
    private static partial Regex Machine();
}
