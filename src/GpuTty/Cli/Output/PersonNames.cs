using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using GpuTty.Host;

namespace GpuTty.Cli.Output;

/// <summary>
/// Whose name is nobody's business, and the word that stands for it: everybody who is logged in or runs a program, has an account on the
/// machine, called gputty, or is named as a user by a text of the report (an account may be kept elsewhere, as with LDAP).
/// </summary>
internal static partial class PersonNames
{
    /// <summary>Accounts below belong to services (login.defs(5), UID_MIN; nobody is 65534).</summary>
    private const int FirstPerson = 1000, Nobody = 65534;

    /// <summary>From here on packages and systemd have theirs too (systemd.io/UIDS-GIDS): told by the shell.</summary>
    private const int FirstMixed = 61184;

    /// <param name="host">Null where it could not be read.</param>
    /// <param name="texts">Of the report, each with the field that it is the value of, if any.</param>
    public static ImmutableArray<(string Name, string Word)> Of(
        HostSnapshot? host, LocalNames local, IEnumerable<(string? Field, string Text)> texts)
    {
        List<(int Uid, string Name)> seen =
        [
            .. host?.Sessions.Select(session => (session.Uid, session.User)) ?? [],
            .. host?.Holders.Where(holder => holder.User is not null).Select(holder => (holder.Uid, holder.User!)) ?? [],
            .. host?.Details?.SharedMemory.Select(node => (node.Uid, node.User)) ?? [],
            .. local.Accounts.Select(account => (account.Uid, account.Name)),
        ];
        var found = texts.SelectMany(FoundIn).Distinct().ToList();
        var services = seen
            .Where(one => !IsPerson(one.Uid))
            .Select(one => one.Name)
            .Concat(local.Accounts.Where(account => account.Uid >= FirstMixed && !account.MayLogIn).Select(account => account.Name))
            .Concat(found.Where(one => !one.IsPerson).Select(one => one.Name))
            .Append("root")
            .ToHashSet();
        var people = seen
            .Where(one => IsPerson(one.Uid) && one.Name.Length > 0 && !services.Contains(one.Name))
            .DistinctBy(one => one.Name)
            .ToList();
        // By number, so that the same person has the same word in every report of a machine; two names of one number are one person.
        var numbers = people.Select(one => one.Uid).Distinct().Order().ToList();
        var named = people.Select(one => (one.Name, Word(numbers.IndexOf(one.Uid) + 1))).ToImmutableArray();
        return
        [
            .. named,
            .. local.Callers
                .Where(name => AName().IsMatch(name))
                .Concat(found.Select(one => one.Name))
                .Where(name => !services.Contains(name) && !named.Any(one => one.Name == name))
                .Distinct()
                .Order(StringComparer.Ordinal)
                .Select((name, index) => (name, Word(numbers.Count + index + 1))),
        ];
    }

    private static bool IsPerson(int uid) => uid is >= FirstPerson and not Nobody;

    private static string Word(int number) => $"user{number.ToString(CultureInfo.InvariantCulture)}";

    private static IEnumerable<(string Name, bool IsPerson)> FoundIn((string? Field, string Text) text)
    {
        if (text.Field == "user" && AName().IsMatch(text.Text)) yield return (text.Text, true);
        foreach (Match found in Named().Matches(text.Text))
        {
            var name = found.Groups["name"].Value;
            // With a number it is certain; else what the sentence says may be no name at all. By whom a session
            // was opened is somebody who may have become root by then.
            if (found.Groups["uid"] is { Success: true } digits && !found.Groups["by"].Success)
                yield return (
                    name, !int.TryParse(digits.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var uid) || IsPerson(uid));
            else if (!ReportWords.Has(name)) yield return (name, true);
        }
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_.@-]*\\$?$", RegexOptions.CultureInvariant)]
    private static partial Regex AName();

    /// <summary>As pam_unix(8), logind, sshd, sudo, units and gputty itself write it; a domain may stand before or behind.</summary>
    [GeneratedRegex(
        """
        (?<![\w.\\-])(?:
          (?<by>by\ )?(?<name>(?>[A-Za-z_](?:[\w.@\\-]*[\w$])?))\(uid=(?<uid>[0-9]+)\)
          | (?:of|for|invalid|Invalid)\ [Uu]ser\ '?(?<name>(?>[A-Za-z_](?:[\w.@\\-]*[\w$])?))(?![\w(=])
          | (?:Accepted|Failed)\ \S+\ for\ (?<name>(?>[A-Za-z_](?:[\w.@\\-]*[\w$])?))\ from\ 
          | sudo(?:\[[0-9]+\])?:\ +(?<name>(?>[A-Za-z_](?:[\w.@\\-]*[\w$])?))\ :\ 
          | (?:User|USER|acct|VFIO_USER|vfio_user)="?(?<name>(?>[A-Za-z_](?:[\w.@\\-]*[\w$])?))(?![\w(=])
          | session\ \S+\ ·\ (?<name>(?>[A-Za-z_](?:[\w.@\\-]*[\w$])?))\ ·\ 
        )
        """,
        RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Named();
}
