using System.Collections.Immutable;
using System.Globalization;
using GpuTty.Host.Desktop;
using GpuTty.Interop;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Processes;
using GpuTty.Linux.Systemd.DBus;

namespace GpuTty.Linux.Systemd;

/// <summary>
/// Which service opened a session and opens one again when it ends. A display manager is the parent
/// of the session's first process; a getty, or a unit with PAMName=, is that process itself, which
/// logind has moved into the session's scope: there systemd knows the unit by its main process.
/// </summary>
internal sealed class SessionStarters(FileSystemRoot root, Buses buses, CommandRunner commands)
{
    private const int MostAncestors = 16;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);
    private static readonly string[] s_properties = ["MainPID", "Restart", "ExecStart"];

    /// <summary>Leaders whose unit systemd was asked for: a leader's unit does not change.</summary>
    private readonly Dictionary<(string Session, int Leader), (bool, string?)> _known = [];

    public async Task<ImmutableArray<LoginSession>> AddToAsync(ImmutableArray<LoginSession> sessions, CancellationToken cancel)
    {
        var starters = new Dictionary<LoginSession, (bool IsTold, string? Unit)>();
        try
        {
            await TotalLimit.WithinAsync(
                "systemd",
                async end =>
                {
                    foreach (var session in sessions.Where(IsOnScreen)) starters[session] = await StarterAsync(session, end);
                    return true;
                },
                cancel);
        }
        catch (BusException)
        {
            // Of the others nothing is told.
        }
        return
        [
            .. from session in sessions
               let starter = starters.GetValueOrDefault(session)
               select session with { StartedBy = starter.Unit, IsStarterTold = starter.IsTold },
        ];
    }

    private static bool IsOnScreen(LoginSession session) => session is { Seat: not null, IsRemote: false, Leader: > 1 };

    private async Task<(bool IsTold, string? Unit)> StarterAsync(LoginSession session, CancellationToken cancel)
    {
        if (Parent(session.Leader) is not { } parent || !SysFiles.Exists(root.Run("systemd/system"))) return (false, null);
        if (parent > 1) return (true, OfAncestors(parent));
        var key = (session.Id, session.Leader);
        if (_known.TryGetValue(key, out var found)) return found;
        try
        {
            return _known[key] = await OfMainProcessAsync(session, cancel);
        }
        catch (BusException)
        {
            // The next look asks again.
            return (false, null);
        }
    }

    /// <summary>The nearest one that runs in a service of the system.</summary>
    private string? OfAncestors(int pid)
    {
        for (var steps = 0; pid > 1 && steps < MostAncestors; steps++)
        {
            if (ControlGroup.Parse(SysFiles.Text(
                root.Proc($"{pid.ToString(CultureInfo.InvariantCulture)}/cgroup"), 64 * 1024)).Unit is { } unit)
                return unit.EndsWith(".service", StringComparison.Ordinal) && !unit.StartsWith("user@", StringComparison.Ordinal)
                    ? unit
                    : null;
            pid = Parent(pid) ?? 0;
        }
        return null;
    }

    private async Task<(bool IsTold, string? Unit)> OfMainProcessAsync(LoginSession session, CancellationToken cancel) =>
        Judge(await buses.SystemAsync(cancel) is { } link
            ? await AskAsync(new ManagerLink(link), session, cancel)
            : await AskToolAsync(session, cancel));

    private static (bool IsTold, string? Unit) Judge(Dictionary<string, string>? found) =>
        found is null ? (false, null) : (true, OpensAgain(found) ? found.GetValueOrDefault("Id") : null);

    /// <summary>The unit whose main process has opened the session; null where none has.</summary>
    private static async Task<Dictionary<string, string>?> AskAsync(ManagerLink manager, LoginSession session, CancellationToken cancel)
    {
        if (session.Vt is { } vt && await AskAsync(manager, $"getty@tty{vt}.service", session, cancel) is { } getty) return getty;
        var services =
            await Task.WhenAll((await manager.RunningAsync("*.service", cancel)).Select(name => AskAsync(manager, name, session, cancel)));
        return services.FirstOrDefault(service => service is not null);
    }

    private static async Task<Dictionary<string, string>?> AskAsync(
        ManagerLink manager, string unit, LoginSession session, CancellationToken cancel)
    {
        if (await manager.ServiceAsync(unit, s_properties, cancel) is not { } service
            || service.GetValueOrDefault("MainPID") != $"{session.Leader}")
            return null;
        service["Id"] = unit;
        return service;
    }

    private async Task<Dictionary<string, string>?> AskToolAsync(LoginSession session, CancellationToken cancel)
    {
        string[] patterns = [.. session.Vt is { } vt ? (string[])[$"getty@tty{vt}.service"] : [], "*.service"];
        foreach (var pattern in patterns)
        {
            var shown = await commands.RunAsync(
                "systemctl",
                ["show", "--no-pager", "--property=Id", .. s_properties.Select(name => $"--property={name}"), "--", pattern],
                s_limit,
                cancel);
            if (KeyValues.Parse(shown.Output).FirstOrDefault(fields =>
                fields.GetValueOrDefault("MainPID") == $"{session.Leader}") is { } found)
                return found;
        }
        return null;
    }

    /// <summary>A getty starts again too, but asks who is there; unless it is told to log somebody in (agetty(8), --autologin).</summary>
    internal static bool OpensAgain(IReadOnlyDictionary<string, string> unit)
    {
        if (unit.GetValueOrDefault("Restart") is null or "" or "no") return false;
        var command = unit.GetValueOrDefault("ExecStart", "").Split(' ');
        return !unit.GetValueOrDefault("Id", "").Contains("getty@", StringComparison.Ordinal)
            || command.Any(word => word is "-a" or "--autologin" || word.StartsWith("--autologin=", StringComparison.Ordinal));
    }

    private int? Parent(int pid) => ProcessStat.Read(root, pid)?.Parent;
}
