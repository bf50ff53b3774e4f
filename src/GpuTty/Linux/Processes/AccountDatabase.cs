using System.Collections.Concurrent;
using GpuTty.Linux.Commands;

namespace GpuTty.Linux.Processes;

/// <summary>Users and groups that no file has, of systemd-homed or LDAP: getent(1) finds them, as every login does.</summary>
internal sealed class AccountDatabase(CommandRunner tools)
{
    private static readonly TimeSpan s_atMost = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<(string, string), string[]?> _known = new();

    /// <param name="table"><see cref="AccountFile.Users"/> or <see cref="AccountFile.Groups"/>.</param>
    /// <param name="key">Name or number.</param>
    /// <returns>The fields as the file would have them; null where nobody knows it, or nobody has answered in time.</returns>
    public string[]? Find(string table, string key) => _known.GetOrAdd((table, key), Ask);

    private string[]? Ask((string Table, string Key) wanted)
    {
        var answer = tools.RunAsync("getent", [wanted.Table, "--", wanted.Key], s_atMost, CancellationToken.None).GetAwaiter().GetResult();
        return answer.Succeeded
            ? answer.Output.Split('\n').Select(line => line.Split(':'))
                .FirstOrDefault(fields => fields.Length > 2 && (fields[0] == wanted.Key || fields[2] == wanted.Key))
            : null;
    }
}
