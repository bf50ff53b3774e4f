using GpuTty.Host;
using GpuTty.Linux.Commands;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Text;

namespace GpuTty.Linux.Systemd;

/// <summary>Units and sessions of the system where there is no bus to ask: systemctl(1),
/// which root's has a way of its own to the manager, and loginctl(1).</summary>
internal sealed class Systemctl(CommandRunner tools, TimeProvider clock, Action<LogLine> log)
{
    private const string WithoutSystemd = "Without systemd, stop and start the desktop yourself before and after the switch.";

    /// <summary>Longer than a unit may ever take to stop: the step's own limit comes first.</summary>
    private static readonly TimeSpan s_job = StopUnit.Longest + TimeSpan.FromSeconds(10);

    public async Task StopAsync(string unit, CancellationToken cancel)
    {
        var result = await RunAsync("systemctl", Arguments("stop", unit), cancel);
        if (!result.Succeeded && !IsUnknown(result) && !StopsWithOthers(result))
            throw Refused(result, "systemctl", $"{unit} could not be stopped", $"See why: systemctl status {unit}");
    }

    public async Task StartAsync(string unit, CancellationToken cancel)
    {
        // Our own stops and starts must not use up the unit's start limit. It fails for a unit that has not failed: no matter.
        await RunAsync("systemctl", Arguments("reset-failed", unit), cancel);
        var result = await RunAsync("systemctl", Arguments("start", unit), cancel);
        if (result.Succeeded) return;
        // A unit with Restart= tries again by itself; whether that works shows in its state.
        var state = await tools.RunAsync("systemctl", Arguments("is-active", unit), s_job, cancel);
        throw Refused(
            result,
            "systemctl",
            $"{unit} could not be started",
            $"See why: systemctl status {unit}",
            mayYetCome: state.Output.Trim() == "activating");
    }

    public async Task EndSessionAsync(string session, CancellationToken cancel)
    {
        var result = await RunAsync("loginctl", ["terminate-session", "--", session], cancel);
        if (!result.Succeeded && !result.Errors.Contains("No session", StringComparison.OrdinalIgnoreCase))
            throw Refused(
                result,
                "loginctl",
                $"Session {session} could not be ended",
                $"Log out of it, or look at: loginctl session-status {session}");
    }

    /// <summary>Until the machine restarts.</summary>
    /// <param name="assignment">As in a unit file: <c>AllowedCPUs=0-3</c>.</param>
    /// <param name="problem">What could not be done, without the reason.</param>
    /// <param name="remedy">The next action where the manager has refused it.</param>
    /// <param name="withoutSystemd">The next action where there is no systemctl.</param>
    public async Task SetPropertyAsync(
        string unit, string assignment, string problem, string remedy, string withoutSystemd, CancellationToken cancel)
    {
        var result = await RunAsync("systemctl", ["--no-ask-password", "set-property", "--runtime", "--", unit, assignment], cancel);
        if (!result.Succeeded) throw Refused(result, "systemctl", problem, remedy, withoutSystemd);
    }

    private static string[] Arguments(string verb, string unit) => ["--no-ask-password", verb, "--", unit];

    private static bool IsUnknown(CommandResult result) => result.Errors.Contains("not loaded", StringComparison.OrdinalIgnoreCase);

    /// <summary>RefuseManualStop=: who asked waits until it has stopped with what it belongs to.</summary>
    private static bool StopsWithOthers(CommandResult result) => result.Errors.Contains("by dependency only", StringComparison.Ordinal);

    private async Task<CommandResult> RunAsync(string tool, string[] arguments, CancellationToken cancel)
    {
        var result = await tools.RunAsync(tool, arguments, s_job, cancel);
        var ended = CommandLog.Ended(clock.GetUtcNow(), $"{tool} {string.Join(' ', arguments)}", result);
        log(ended);
        foreach (var line in CommandLog.FirstLines($"{result.Output}\n{result.Errors}")) Log(ended.Level, line);
        return result;
    }

    private void Log(LogLevel level, string text) =>
        log(new LogLine(clock.GetUtcNow(), level, LogSource.Command, Visible.Text(text, 1000)));

    private static HostException Refused(
        CommandResult result,
        string tool,
        string problem,
        string remedy,
        string withoutSystemd = WithoutSystemd,
        bool mayYetCome = false) =>
        new($"{problem}: {result.Problem(tool)}", result.WasFound ? remedy : withoutSystemd)
        {
            IsTransient = result.WasFound && mayYetCome,
        };
}
