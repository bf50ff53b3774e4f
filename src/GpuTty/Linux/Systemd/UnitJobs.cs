using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Systemd.DBus;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Text;

namespace GpuTty.Linux.Systemd;

/// <summary>
/// Stops and starts units and ends sessions: a job of the manager that has them, whose end the manager tells. Where there
/// is no bus, or it is lost on the way, systemctl(1) and loginctl(1) are asked, which find the system's manager without it.
/// </summary>
internal sealed class UnitJobs(Buses buses, CommandRunner tools, TimeProvider clock, Action<LogLine> log)
{
    /// <summary>Longer than a unit may ever take to stop: the step's own limit comes first.</summary>
    private static readonly TimeSpan s_job = StopUnit.Longest + TimeSpan.FromSeconds(10);

    /// <summary>Of a manager that reads its units again.</summary>
    private static readonly TimeSpan s_reload = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan s_answer = TimeSpan.FromSeconds(10);

    private const string Stop = "StopUnit", Ending = "stopping";

    private readonly Systemctl _systemctl = new(tools, clock, log);

    public Task StopAsync(UnitName unit, CancellationToken cancel) => WithManagerAsync(
        unit,
        async manager =>
        {
            var result = await RunAsync(manager, Stop, unit, cancel);
            if (result is { IsDone: false }) throw new HostException($"{unit} could not be stopped: {result.Value.Why}.", LookWhy(unit));
        },
        "stopped", () => _systemctl.StopAsync(unit.Name, cancel), cancel);

    public Task StartAsync(UnitName unit, CancellationToken cancel) => WithManagerAsync(
        unit,
        async manager =>
        {
            // Our own stops and starts must not use up the unit's start limit.
            await manager.ForgetFailureAsync(unit.Name, cancel);
            var result = await RunAsync(manager, "StartUnit", unit, cancel)
                ?? throw new HostException($"{unit} could not be started: there is no such unit.", LookWhy(unit));
            if (result.IsDone) return;
            // A unit with Restart= tries again by itself; whether that works shows in its state. A user's manager
            // that is about to end starts nothing any more: asked once more, it is gone.
            var mayYetCome = await manager.ActiveStateAsync(unit.Name, cancel) == "activating"
                || (unit.Uid is not null && await manager.SystemStateAsync(s_answer, cancel) == Ending);
            throw new HostException($"{unit} could not be started: {result.Why}.", LookWhy(unit)) { IsTransient = mayYetCome };
        },
        "started", () => _systemctl.StartAsync(unit.Name, cancel), cancel);

    /// <summary>Has a user's manager read its units again. One that cannot will read them when it starts anew: no matter.</summary>
    public async Task ReloadUserAsync(int uid, CancellationToken cancel)
    {
        try
        {
            using var link = await buses.UserAsync(uid, cancel);
            if (link is null) return;
            await new ManagerLink(link).ReloadAsync(s_reload, cancel);
            Log(LogLevel.Info, $"{link.Place.Name}: Reload: done");
        }
        catch (BusException failed)
        {
            Log(LogLevel.Warning, $"The service manager of user {uid} has not read its units again: {failed.Message}");
        }
    }

    public async Task EndSessionAsync(string session, CancellationToken cancel)
    {
        try
        {
            if (await buses.SystemAsync(cancel) is { } link)
            {
                var ended = await new LogindLink(link).EndAsync(session, cancel);
                Log(LogLevel.Info, $"logind: TerminateSession {session}: {(ended ? "done" : "there is none")}");
                return;
            }
        }
        catch (BusException refused) when (refused.IsRefusal)
        {
            throw new HostException(
                $"Session {session} could not be ended: {refused.Message.TrimEnd('.')}.",
                $"Log out of it, or look at: loginctl session-status {session}",
                refused);
        }
        catch (BusException lost)
        {
            Log(LogLevel.Warning, $"{lost.Message} Now loginctl is asked.");
        }
        await _systemctl.EndSessionAsync(session, cancel);
    }

    /// <param name="done">What was asked for, as a participle.</param>
    /// <param name="byTool">Another way to the system's manager.</param>
    private async Task WithManagerAsync(
        UnitName unit, Func<ManagerLink, Task> act, string done, Func<Task> byTool, CancellationToken cancel)
    {
        try
        {
            if (unit.Uid is { } uid)
            {
                using var own = await buses.UserAsync(uid, cancel);
                if (own is not null) await act(new ManagerLink(own));
                else LogAbsent(unit, done);
                return;
            }
            if (await buses.SystemAsync(cancel) is { } link)
            {
                await act(new ManagerLink(link));
                return;
            }
        }
        catch (BusException failed) when (failed.IsRefusal || unit.Uid is not null)
        {
            var state = unit.Uid is { } user && failed.Failure is BusFailure.Lost or BusFailure.Refused
                ? await StateOfUserAsync(user, cancel)
                : "";
            if (state is not null)
                throw new HostException($"{unit} could not be {done}: {failed.Message.TrimEnd('.')}.", LookWhy(unit), failed)
                {
                    IsTransient = done == "started" && state == Ending,
                };
            LogAbsent(unit, done);
            return;
        }
        catch (BusException lost)
        {
            Log(LogLevel.Warning, $"{lost.Message} Now systemctl is asked.");
        }
        await byTool();
    }

    /// <summary>What a user's manager says of itself, which may end in the middle of a job; null where it
    /// does not run any more, empty where it does not tell.</summary>
    private async Task<string?> StateOfUserAsync(int uid, CancellationToken cancel)
    {
        try
        {
            using var own = await buses.UserAsync(uid, cancel);
            return own is null ? null : await new ManagerLink(own).SystemStateAsync(s_answer, cancel);
        }
        catch (BusException)
        {
            return "";
        }
    }

    /// <summary>Nothing of a user's manager that has ended runs, and what was running comes with that user's next login.</summary>
    private void LogAbsent(UnitName unit, string done) => Log(
        LogLevel.Info,
        $"{unit}: that user's service manager does not run, "
            + $"so {(done == "stopped" ? "nothing of it does" : "it comes with the next login")}.");

    /// <returns>Null where there is no such unit, or it stops with others only.</returns>
    private async Task<JobResult?> RunAsync(ManagerLink manager, string verb, UnitName unit, CancellationToken cancel)
    {
        try
        {
            var result = await manager.RunJobAsync(verb, unit.Name, s_job, cancel);
            Log(result.IsDone ? LogLevel.Info : LogLevel.Warning, $"systemd: {verb} {unit}: {result.Word}");
            return result;
        }
        catch (BusException refused) when (refused.Is(BusException.NoSuchUnit))
        {
            Log(LogLevel.Info, $"systemd: {verb} {unit}: {refused.Message}");
            return null;
        }
        catch (BusException refused) when (verb == Stop && refused.Is(BusException.OnlyByDependency))
        {
            // RefuseManualStop=, as the units of GNOME's session have it: it stops with what it belongs to. Who asked waits until it has.
            Log(LogLevel.Info, $"systemd: {verb} {unit}: {refused.Message}");
            return null;
        }
    }

    private static string LookWhy(UnitName unit) =>
        $"See why: systemctl status {(unit.Uid is { } uid ? $"user@{uid}.service" : unit.Name)}";

    private void Log(LogLevel level, string text) =>
        log(new LogLine(clock.GetUtcNow(), level, LogSource.Command, Visible.Text(text, 1000)));
}
