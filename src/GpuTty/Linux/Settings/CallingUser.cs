using System.Globalization;
using GpuTty.Interop;
using GpuTty.Linux.Processes;
using GpuTty.Text;

namespace GpuTty.Linux.Settings;

/// <summary>Who sits behind this program: for root the user who called sudo(8), pkexec(1) or doas(1), else the user it runs as.</summary>
/// <param name="Home">As /etc/passwd tells it; null where that does not know the user.</param>
internal sealed record CallingUser(uint Uid, string? Home)
{
    /// <summary>Whose rights somebody unknown has (systemd.io/UIDS-GIDS).</summary>
    private const uint Nobody = 65534;

    /// <summary>Why the home is unknown, in a sentence; null where it is known, and where the user has none.</summary>
    public string? Problem { get; init; }

    /// <summary>The user's own group, as /etc/passwd tells it; the number of the user where that does not know it.</summary>
    public uint Group { get; init; } = Uid;

    /// <summary>What to do about it.</summary>
    public string Remedy { get; init; } = AccountFile.Remedy(AccountFile.Users);

    /// <param name="elsewhere">A user that /etc/passwd does not know, by name or number; null for none to ask.</param>
    public static CallingUser Of(
        FileSystemRoot root, uint effective, Func<string, string?> variable, Func<string, string[]?>? elsewhere = null)
    {
        var passwd = AccountFile.Read(root, AccountFile.Users, out var problem).Where(fields => fields.Length >= 6).ToList();
        var remedy = AccountFile.Remedy(AccountFile.Users);
        if (effective != 0) return Known(effective, HomeOf(passwd, effective) ?? variable("HOME"));
        if ((Number(variable("SUDO_UID")) ?? Number(variable("PKEXEC_UID"))) is { } behind)
        {
            Ask($"{behind}", fields => Number(fields[2]) == behind);
            return Known(behind, HomeOf(passwd, behind));
        }
        if (variable("DOAS_USER") is { } called) Ask(called, fields => fields[0] == called);
        var doas = variable("DOAS_USER") is { } name ? passwd.Find(fields => fields[0] == name) : null;
        // doas(1) tells no number: without the file it is unknown who called, and that is not root.
        if (variable("DOAS_USER") is not null && problem is not null) return Known(Nobody, null);
        return doas is not null && Number(doas[2]) is { } uid ? Known(uid, doas[5]) : Known(0, HomeOf(passwd, 0));

        void Ask(string key, Predicate<string[]> isIt)
        {
            if (elsewhere is null || problem is not null || passwd.Exists(isIt)) return;
            if (elsewhere(key) is { Length: >= 6 } found) passwd.Add(found);
            else
                (problem, remedy) = (
                    $"Nobody knows user {Visible.Text(key, 80)}, neither /etc/passwd nor getent.",
                    $"See why: getent passwd {ShellWord.Or(key, "USER")}");
        }

        CallingUser Known(uint uid, string? home) => new(uid, home)
        {
            Problem = home is null ? problem : null,
            Remedy = remedy,
            Group = Number(passwd.Find(fields => Number(fields[2]) == uid)?[3]) ?? uid,
        };
    }

    private static string? HomeOf(List<string[]> passwd, uint uid) =>
        passwd.Find(fields => Number(fields[2]) == uid)?[5] is { Length: > 1 } home && home[0] == '/' ? home : null;

    private static uint? Number(string? text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
