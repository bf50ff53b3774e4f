using System.Collections.Immutable;
using System.Text.RegularExpressions;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux.Processes;
using GpuTty.Text;

namespace GpuTty.Linux.Desktop;

/// <summary>Settings of compositors that decide which cards they open: environments, xorg.conf(5), tags of udev.</summary>
/// <param name="environments">Reads <c>environ</c>.</param>
internal sealed partial class CompositorDeviceSettings(FileSystemRoot root, ProcMemory environments)
{
    private static readonly string[] s_xorg = ["etc/X11/xorg.conf.d", "usr/share/X11/xorg.conf.d"];
    private static readonly string[] s_rules = ["etc/udev/rules.d", "run/udev/rules.d", "usr/lib/udev/rules.d", "lib/udev/rules.d"];

    /// <summary>More compositors than a machine has; of further ones nothing is told.</summary>
    private const int MostCompositors = 32;

    public ImmutableArray<CompositorDeviceSetting> Read(
        IReadOnlyCollection<LoginSession> sessions,
        IEnumerable<PciDevice> devices,
        List<Unknown> unknowns,
        CancellationToken cancel = default)
    {
        var files = new PartFiles(unknowns, UnknownFact.DesktopSettings, "which cards desktops are told to open");
        return [.. Environments(sessions, unknowns, cancel), .. Xorg(root, files), .. Tags(root, files, devices)];
    }

    /// <summary>The lists in one environment (proc(5), /proc/PID/environ).</summary>
    public static IEnumerable<(string Variable, string Value)> Parse(string environment) =>
        from entry in environment.Split('\0')
        let mark = entry.IndexOf('=', StringComparison.Ordinal)
        where mark > 0 && mark < entry.Length - 1 && CompositorDeviceSetting.Variables.Contains(entry[..mark])
        select (entry[..mark], entry[(mark + 1)..]);

    /// <summary>Paths between colons; a colon of a path is written <c>\:</c> (KWin).</summary>
    public static IEnumerable<string> Paths(string list) =>
        Separator().Split(list).Select(path => path.Replace(@"\:", ":", StringComparison.Ordinal)).Where(path => path.StartsWith('/'));

    /// <summary>True where the last word of the file is that Xorg shall not add cards by itself.</summary>
    public static bool TurnsOffAutoAdd(string config) =>
        config.Split('\n').Select(line => AutoAdd().Match(line)).LastOrDefault(match => match.Success) is { } option
        && option.Groups["value"].Value.ToLowerInvariant() is "off" or "false" or "no" or "0";

    private IEnumerable<CompositorDeviceSetting> Environments(
        IReadOnlyCollection<LoginSession> sessions, List<Unknown> unknowns, CancellationToken cancel)
    {
        var leaders = sessions.Where(session => session.IsGraphical).Select(session => session.Leader).ToHashSet();
        // Anybody may call a process of his own Xorg, and start a thousand of them.
        var names = root.Processes().Select(pid => (Pid: pid, Name: SysFiles.Word(root.Proc($"{pid}/comm"))))
            .Where(process =>
                process.Name is { } comm
                && (Compositor.IsOne(comm) || leaders.Contains(process.Pid))
                && BelongsToSession(process.Pid, sessions))
            .ToDictionary(process => process.Pid, process => process.Name!);
        if (names.Count > MostCompositors)
            unknowns.Add(new Unknown(
                UnknownFact.DesktopSettings,
                "settings of desktops",
                $"More than {MostCompositors} compositors run; only some were looked at."));
        var (texts, late, tooLong) = environments.Read([.. names.Keys.Order().Take(MostCompositors)], cancel);
        // What is longer than any login makes it is not read, and might say anything.
        foreach (var pid in tooLong)
            unknowns.Add(new Unknown(
                UnknownFact.DesktopSettings, $"settings of process {pid}", "Its environment is longer than any that is read.")
            {
                Of = $"{pid}",
            });
        foreach (var pid in late)
            unknowns.Add(new Unknown(
                UnknownFact.DesktopSettings, $"settings of process {pid}", "It does not answer; it may be stuck in the kernel.")
            {
                Of = $"{pid}",
            });
        return from text in texts
               from pin in Parse(text.Value)
               select new CompositorDeviceSetting(
                   pin.Variable,
                   Visible.Text(pin.Value, 200),
                   $"{Visible.Text(names[text.Key])} ({text.Key})",
                   [.. Paths(pin.Value).Select(path => Resolved(root, path)).Distinct()]);
    }

    /// <summary>True for a process of root, of a session or of the service manager of a user who has one, as that user.</summary>
    private bool BelongsToSession(int pid, IReadOnlyCollection<LoginSession> sessions)
    {
        var uid = ProcHolders.ParseUid(SysFiles.Text(root.Proc($"{pid}/status"), 64 * 1024));
        if (uid == 0) return true;
        var group = ControlGroup.Parse(SysFiles.Text(root.Proc($"{pid}/cgroup"), 64 * 1024));
        return sessions.Any(session => session.Uid == uid && (group.Session == session.Id || group.Unit == $"user@{uid}.service"));
    }

    private static IEnumerable<CompositorDeviceSetting> Xorg(FileSystemRoot root, PartFiles files) =>
        from file in s_xorg
            .SelectMany(folder =>
                files.Names(root.Any(folder))
                    .Where(name => name.EndsWith(".conf", StringComparison.Ordinal))
                    .Select(name => $"{folder}/{name}"))
            .Prepend("etc/X11/xorg.conf")
        where TurnsOffAutoAdd(files.Text(root.Any(file), 1024 * 1024) ?? "")
        select new CompositorDeviceSetting(CompositorDeviceSetting.AutoAddGpu, "off", $"/{Visible.Text(file)}", []);

    /// <summary>The tags of mutter that udev's database gives a node; older ones have only G: (systemd, src/shared/udev-util.c).</summary>
    public static IEnumerable<string> TagsOf(string data) =>
        ((string[])[CompositorDeviceSetting.MutterIgnores, CompositorDeviceSetting.MutterPrefers])
            .Where(tag => data.Split('\n').Any(line =>
                line == $"Q:{tag}" || (line == $"G:{tag}" && !data.Contains("\nQ:", StringComparison.Ordinal))));

    /// <summary>What udev has made of each card, and the rule that asks for it; our own rule is known already.</summary>
    private static IEnumerable<CompositorDeviceSetting> Tags(FileSystemRoot root, PartFiles files, IEnumerable<PciDevice> devices) =>
        from node in devices.SelectMany(device => device.Nodes).Where(node => node.Kind == NodeKind.Card)
        from tag in TagsOf(SeatRuleReader.Entry(root, node.Major, node.Minor, files) ?? "")
        let rule = RuleWith(root, files, tag)
        where rule is not null
        select new CompositorDeviceSetting(tag, "", $"/{Visible.Text(rule)}", [node.Path]);

    private static string? RuleWith(FileSystemRoot root, PartFiles files, string tag) =>
        s_rules
            .SelectMany(folder =>
                files.Names(root.Any(folder))
                    .Where(name => name.EndsWith(".rules", StringComparison.Ordinal) && !name.Contains("gputty", StringComparison.Ordinal))
                    .Select(name => $"{folder}/{name}"))
            .FirstOrDefault(file => files.Text(root.Any(file), 1024 * 1024)?.Contains($"\"{tag}\"", StringComparison.Ordinal) == true);

    /// <summary>by-path links lead to the node that the kernel numbers.</summary>
    private static string Resolved(FileSystemRoot root, string path)
    {
        if (!path.StartsWith("/dev/", StringComparison.Ordinal)) return Visible.Text(path);
        var folder = path[..path.LastIndexOf('/')];
        return Visible.Text(SysFiles.Target(folder, SysFiles.Link(root.Dev(path["/dev/".Length..]))) ?? path);
    }

    [GeneratedRegex(@"(?<!\\):")]
    private static partial Regex Separator();

    /// <summary>Names of options may have blanks and underscores anywhere, and any case (xorg.conf(5)).</summary>
    [GeneratedRegex(
        "^\\s*Option\\s+\"[ _]*a[ _]*u[ _]*t[ _]*o[ _]*a[ _]*d[ _]*d[ _]*g[ _]*p[ _]*u[ _]*\"\\s+\"(?<value>[^\"]*)\"",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AutoAdd();
}
