using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;

namespace GpuTty.Planning.Holders;

/// <summary>A program of a session, under the name that the user knows.</summary>
/// <param name="Count">How often it runs.</param>
/// <param name="HoldsCard">True where it draws with a card; what draws without one cannot be told.</param>
public sealed record SessionProgram(string Name, int Count, bool HoldsCard)
{
    public override string ToString() => Count == 1 ? Name : $"{Name} ({Count})";

    /// <summary>
    /// What ends with a session: programs that draw with a card, in its scope or in a unit of the user's own manager, then those that
    /// were started from it, as systemd tells.
    /// </summary>
    public static ImmutableArray<SessionProgram> Of(HostSnapshot host, LoginSession session)
    {
        var drawing = host.Holders
            .Where(holder =>
                holder.Nodes.Any(node => node.Kind is NodeKind.Card or NodeKind.Render or NodeKind.Nvidia) && IsIn(holder, session))
            .ToDictionary(holder => holder.Pid);
        var started = host.Programs.Where(program => program.IsOf(session)).ToList();
        var known = started.SelectMany(program => program.Pids).ToHashSet();
        var all = drawing.Values.Where(holder => !known.Contains(holder.Pid)).Select(holder => (holder.Name, Draws: true))
            .Concat(started.Select(program => (program.Name, Draws: program.Pids.Any(drawing.ContainsKey))));
        return
        [
            .. all.GroupBy(program => program.Name)
                .Select(same => new SessionProgram(same.Key, same.Count(), same.Any(program => program.Draws)))
                .OrderByDescending(program => program.HoldsCard),
        ];
    }

    private static bool IsIn(Holder holder, LoginSession session) =>
        holder.Session is { } id ? id == session.Id : session.IsGraphical && holder.UnitOfUser?.Uid == session.Uid;
}
