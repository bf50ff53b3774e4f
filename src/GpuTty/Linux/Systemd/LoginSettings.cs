using GpuTty.Host;
using GpuTty.Interop;
using GpuTty.Linux.Processes;

namespace GpuTty.Linux.Systemd;

/// <summary>What decides when a user's services end: who lingers (loginctl(1),
/// a file for each user), and logind's delay (logind.conf(5)).</summary>
internal static class LoginSettings
{
    private const string Delay = "UserStopDelaySec=";

    /// <param name="unknowns">Gets what cannot be read and logind does not tell.</param>
    /// <param name="told">Of logind, which knows best; files tell of those it does not know now.</param>
    public static HostSnapshot AddTo(HostSnapshot host, FileSystemRoot root, List<Unknown> unknowns, LoginFacts? told = null)
    {
        var files = new PartFiles(unknowns, UnknownFact.Sessions, "how long services of users outlive their sessions");
        var names = files.Names(root.Any("var/lib/systemd/linger")).ToHashSet();
        return host with
        {
            Lingering = names.Count == 0 ? told?.Lingering ?? [] :
            [
                .. Users.Parse(files.Text(root.Etc(AccountFile.Users)) ?? "")
                    .Where(user => names.Contains(user.Value))
                    .Select(user => user.Key)
                    // Users of a directory service are in no file; whoever is logged in has told his name.
                    .Concat(host.Sessions.Where(session => names.Contains(session.User)).Select(session => session.Uid))
                    .Concat(told?.Lingering ?? []).Distinct().Order(),
            ],
            UserStopDelay = told?.UserStopDelay
                ?? Text(root, files).Select(DelayOf).LastOrDefault(delay => delay is not null)
                ?? new HostSnapshot { TakenAt = host.TakenAt }.UserStopDelay,
        };
    }

    /// <summary>Vendor's file, the administrator's, then drop-ins in the order of their names: the last one wins.</summary>
    private static IEnumerable<string> Text(FileSystemRoot root, PartFiles parts)
    {
        string[] files =
        [
            root.Usr("lib/systemd/logind.conf"), root.Etc("systemd/logind.conf"),
            .. ((string[])[root.Usr("lib/systemd/logind.conf.d"), root.Etc("systemd/logind.conf.d"), root.Run("systemd/logind.conf.d")])
                .SelectMany(folder => parts.Names(folder).Where(name => name.EndsWith(".conf", StringComparison.Ordinal))
                    .Select(name => (Name: name, Path: $"{folder}/{name}")))
                .GroupBy(file => file.Name).OrderBy(same => same.Key, StringComparer.Ordinal).Select(same => same.Last().Path),
        ];
        return files.Select(file => parts.Text(file, 64 * 1024) ?? "");
    }

    private static TimeSpan? DelayOf(string text) =>
        text.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith(Delay, StringComparison.Ordinal))
        .Select(line => UnitProperties.Delay(line[Delay.Length..].Trim())).LastOrDefault(delay => delay is not null);
}
