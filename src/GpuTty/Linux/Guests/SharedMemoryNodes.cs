using System.Globalization;
using System.Text.RegularExpressions;
using GpuTty.Host;
using GpuTty.Host.Settings;
using GpuTty.Interop;
using GpuTty.Linux.Processes;
using GpuTty.Text;

namespace GpuTty.Linux.Guests;

/// <summary>
/// Who may open the memory that a guest shares with Looking Glass: QEMU of libvirt, as the account that qemu.conf or the
/// distribution gives it, and the people who are logged in. Nothing is opened; permissions alone are looked at.
/// </summary>
internal static partial class SharedMemoryNodes
{
    private const int FirstPerson = 1000, LongestConfiguration = 1024 * 1024;

    /// <summary>As Debian and Arch, and as Fedora and SUSE call it.</summary>
    private static readonly string[] s_qemu = ["libvirt-qemu", "qemu"];

    private sealed record Account(string Name, uint Uid, IReadOnlySet<uint> Groups);

    /// <param name="unknowns">Gets what keeps it unknown who may open them.</param>
    public static IReadOnlyList<SharedMemoryNode> Read(FileSystemRoot root, HostSnapshot host, List<Unknown> unknowns)
    {
        var there = new[] { HostSetting.Kvmfr.Of, HostSetting.SharedMemory.Of }
            .Select(path => (Path: path, Facts: SysFiles.Stat(root.Any(path[1..]))))
            .Where(node => node.Facts is not null)
            .ToList();
        if (there.Count == 0) return [];
        var files = new PartFiles(unknowns, UnknownFact.Accounts, "who may open the memory that guests share");
        var users = Lines(AccountFile.Users, out var usersProblem);
        var groups = Lines(AccountFile.Groups, out var groupsProblem);
        var people = host.Sessions.Where(session => session.Uid >= FirstPerson).Select(session => session.User);
        // Whoever is in no list that could be read may be in the other one.
        var accounts = (usersProblem ?? groupsProblem) is not null
            ? []
            : Qemu(root, users, files)
                .Concat(people)
                .Distinct()
                .Select(name => AccountOf(name, users, groups))
                .OfType<Account>()
                .ToList();
        return [.. there.Select(node => Node(node.Path, node.Facts!.Value))];

        SharedMemoryNode Node(string path, FileFacts facts) =>
            new(
                path,
                $"{NameOf(users, facts.Uid)}:{NameOf(groups, facts.Gid)}",
                Convert.ToString(facts.Mode & 0b111_111_111, 8),
                SysFiles.HasAccessList(root.Any(path[1..])) ? [] : [.. accounts.Where(who => !MayOpen(who, facts)).Select(who => who.Name)])
            {
                Uid = (int)facts.Uid,
                User = NameOf(users, facts.Uid),
            };

        List<string[]> Lines(string name, out string? problem)
        {
            var lines = AccountFile.Read(root, name, out problem).Where(fields => fields.Length > 3).ToList();
            if (problem is not null) files.Missing(problem);
            return lines;
        }
    }

    private static IEnumerable<string> Qemu(FileSystemRoot root, List<string[]> users, PartFiles files)
    {
        if (!LibvirtFolder.IsThere(root)) return [];
        var text = files.Text(root.Any($"{LibvirtFolder.Of(root)}/qemu.conf"), LongestConfiguration, out var isKnown);
        if (!isKnown) return [];
        var own = User().Match(text ?? "");
        return own.Success ? [own.Groups[1].Value] : s_qemu.Where(name => users.Exists(fields => fields[0] == name)).Take(1);
    }

    private static Account? AccountOf(string name, List<string[]> users, List<string[]> groups) =>
        users.Find(fields => fields[0] == name) is { } user && Number(user[2]) is { } uid && Number(user[3]) is { } own
            ? new Account(
                Visible.Text(name, 80),
                uid,
                groups.Where(group => group[3].Split(',').Contains(name)).Select(group => Number(group[2])).OfType<uint>().Append(own)
                    .ToHashSet())
            : null;

    private static bool MayOpen(Account who, FileFacts node)
    {
        const int owner = 0b110_000_000, group = 0b000_110_000, others = 0b000_000_110;
        // The first that fits decides, as the kernel has it (path_resolution(7)).
        var needed = who.Uid == 0 ? 0 : who.Uid == node.Uid ? owner : who.Groups.Contains(node.Gid) ? group : others;
        return (node.Mode & needed) == needed;
    }

    private static string NameOf(List<string[]> all, uint number) =>
        Visible.Text(all.Find(fields => Number(fields[2]) == number)?[0] ?? number.ToString(CultureInfo.InvariantCulture), 80);

    private static uint? Number(string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    [GeneratedRegex("^\\s*user\\s*=\\s*\"([^\"+]{1,80})\"", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex User();
}
