using System.Globalization;
using GpuTty.Host;
using GpuTty.Text;

namespace GpuTty.Linux.Processes;

/// <summary>A process that was not looked at in the time of a look.</summary>
/// <param name="Uid">Whose; -1 where that cannot be told.</param>
internal sealed record LateProcess(int Pid, int Uid);

/// <summary>
/// What is said of processes that were not looked at: each by itself, or as those of
/// a user where he has more than a few, for thousands of lines tell nobody anything.
/// </summary>
internal static class LateProcesses
{
    private const int MostNamed = 8;

    public static IEnumerable<Unknown> Of(IReadOnlyCollection<LateProcess> late, Lazy<Dictionary<int, string>> users) =>
        late.GroupBy(process => process.Uid).SelectMany(ofUser => ofUser.Count() <= MostNamed
            ? ofUser.Select(process =>
                new Unknown(UnknownFact.Holders, $"holders in process {process.Pid}", "It does not answer; it may be stuck in the kernel.")
                { Of = process.Pid.ToString(CultureInfo.InvariantCulture) })
            : [All(ofUser.Key, ofUser.Count(), users.Value)]);

    private static Unknown All(int uid, int count, Dictionary<int, string> users)
    {
        var whose = uid < 0 ? "" : $" of {(users.TryGetValue(uid, out var name) ? name : $"user {uid}")}";
        return new Unknown(
            UnknownFact.Holders,
            $"holders in {Counted.Of(count, "process", "processes")}{whose}",
            "They have more files open than can be looked at in time, or are stuck in the kernel.")
        {
            Uid = uid < 0 ? null : uid,
        };
    }
}
