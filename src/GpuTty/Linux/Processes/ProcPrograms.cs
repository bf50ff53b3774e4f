using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Interop;
using GpuTty.Text;

namespace GpuTty.Linux.Processes;

/// <summary>What was started from the desktops, from the control group of each process
/// (/proc/PID/cgroup); more is read only of processes in a desktop's own scope.</summary>
internal sealed class ProcPrograms(FileSystemRoot root)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(1);
    private readonly HangTolerantScan<int> _scan = new();

    public ImmutableArray<StartedProgram> Read(
        IEnumerable<LoginSession> sessions, List<Unknown> unknowns, CancellationToken cancel = default)
    {
        var desktops = sessions.Where(session => session is { IsGraphical: true, IsGreeter: false }).ToList();
        if (desktops.Count == 0) return [];
        if (root.IsLive && PidNamespace.Hides(root) is { } hidden)
            unknowns.Add(new Unknown(UnknownFact.Programs, "programs of sessions", hidden));
        var (found, late) = _scan.Read(root.Processes(), pid => Look(pid, desktops), s_limit, cancel);
        foreach (var pid in late)
            unknowns.Add(new Unknown(
                UnknownFact.Programs, $"what process {pid} belongs to", "It does not answer; it may be stuck in the kernel.")
            {
                Of = $"{pid}",
            });
        var members = found.OfType<Member>().ToList();
        return [.. OfUnits(members), .. OfScopes(members)];
    }

    /// <summary>One program a unit.</summary>
    private static IEnumerable<StartedProgram> OfUnits(IEnumerable<Member> members) =>
        members.Where(member => member.Process is null).GroupBy(member => (member.Uid, member.Place, member.Name))
            .Select(unit => new StartedProgram(unit.Key.Name, unit.Key.Uid, null, [.. unit.Select(member => member.Pid)]));

    /// <summary>A process that its own program has started is a part of it, such as the pages of a browser.</summary>
    private static IEnumerable<StartedProgram> OfScopes(IEnumerable<Member> members)
    {
        var scoped = members.Where(member => member.Process is not null).ToDictionary(member => member.Pid);
        Member First(Member member)
        {
            for (var steps = 0; steps < scoped.Count
                && scoped.TryGetValue(member.Process!.Parent, out var parent)
                && parent.Program is not null
                && parent.Program == member.Program; steps++)
                member = parent;
            return member;
        }
        return scoped.Values.GroupBy(First).Where(program => !ApplicationUnit.IsPlumbing(program.Key.Name))
            .Select(program =>
                new StartedProgram(program.Key.Name, program.Key.Uid, program.Key.Place, [.. program.Select(member => member.Pid)]));
    }

    private Member? Look(int pid, List<LoginSession> desktops)
    {
        using var process = DirectoryHandle.Open(root.Proc(pid.ToString(CultureInfo.InvariantCulture)));
        // Of the thousands of processes most are the kernel's or a service's.
        if (process?.Bytes("cgroup", 64 * 1024) is not { } bytes
            || (bytes.AsSpan().IndexOf("/user@"u8) < 0 && bytes.AsSpan().IndexOf("/session-"u8) < 0))
            return null;
        var parts = ControlGroup.Parts(Encoding.UTF8.GetString(bytes));
        var group = ControlGroup.Of(parts);
        if (group.Session is { } id)
            return desktops.Find(session => session.Id == id) is { } session ? InScope(pid, process, session) : null;
        if (group is not { Unit: { } manager, UserUnit: not null }
            || desktops.Find(session => manager == $"user@{session.Uid}.service") is not { } owner)
            return null;
        // What the desktop itself consists of, and what works for it unseen.
        if (parts.Contains("session.slice") || parts.Contains("background.slice")) return null;
        var unit = parts.LastOrDefault(part => ApplicationUnit.NameOf(part) is not null);
        return unit is not null && ApplicationUnit.NameOf(unit) is { } name && !ApplicationUnit.IsPlumbing(name)
            ? new Member(pid, owner.Uid, unit, name, null, null)
            : null;
    }

    /// <summary>Helpers of the login run there as root; they are none of the user's programs.</summary>
    private static Member? InScope(int pid, DirectoryHandle process, LoginSession session) =>
        ProcessStat.Read(process) is { HasEnded: false } stat && OwnerOf(process) == session.Uid
            ? new Member(pid, session.Uid, session.Id, Visible.Text(stat.Name), stat, process.Link("exe")) : null;

    private static int OwnerOf(DirectoryHandle process) =>
        ProcHolders.ParseUid(process.Bytes("status", 64 * 1024) is { } status ? Encoding.UTF8.GetString(status) : null);

    /// <param name="Place">Its unit, or its session.</param>
    /// <param name="Process">Null for a process in a unit of its application.</param>
    /// <param name="Program">The file that it runs; null where that cannot be told.</param>
    private sealed record Member(int Pid, int Uid, string Place, string Name, ProcessStat? Process, string? Program);
}
