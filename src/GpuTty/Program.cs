using GpuTty.Cli;
using GpuTty.Interop;
using GpuTty.Linux.Worker;
using GpuTty.Simulation;
using GpuTty.Text;

namespace GpuTty;

/// <summary>The only place that knows every part: it picks the real or the simulated machine, once.</summary>
internal static class Program
{
    public static Task<int> Main(string[] arguments)
    {
        ProcessStart.Prepare();
        // The rest of its command line is not ours to read.
        if (arguments is [UntypedProgram.Word, ..]) return Task.FromResult(UntypedProgram.Run(arguments.AsSpan(1)));
        if (CallerEnvironment.Refused(Environment.GetEnvironmentVariables(), Environment.IsPrivilegedProcess) is not { } variable)
            return RunAsync(arguments);
        RealMachine.Context().Remarks.Problem(
            $"{Visible.Text(variable, 80)} is set in your environment and would affect a program running as root.",
            "Unset it, or run sudo without -E; see ENVIRONMENT in gputty(1).");
        return Task.FromResult(ExitCodes.Refused);
    }

    private static Task<int> RunAsync(string[] arguments) => CommandLine.RunAsync(arguments, RealMachine.Context(), new HiddenCommands
    {
        Screen = (settings, cancel) => ScreenProgram.ShowAsync(settings, cancel, "screen"),
        Demo = (machine, settings, cancel) => ScreenProgram.ShowAsync(settings, cancel, "demo", machine),
        DemoFrom = (report, settings, cancel) => ScreenProgram.ShowAsync(settings, cancel, "demo", "--from", report),
        Machines = () => [.. Machines.All.Select(machine => new Cli.NamedMachine(machine.Name, machine.Description))],
        Simulated = name => Machines.Find(name) is { } machine ? DemoParts.Pretended(machine).World : null,
        Supervise = ScreenProgram.ScreenAsync,
        Console = (what, _) => ScreenProgram.Supervised(["console", .. what]),
        LeaveConsole = ScreenProgram.LeaveConsoleAsync,
        Worker = async (what, _) =>
            await RealMachine.Worker.RunAsync(what is [var request] ? request : "") is { } outcome
                ? ExitCodes.Of(outcome)
                : ExitCodes.Refused,
        Recover = async (what, _) =>
        {
            if (!RecoverCommand.IsNeedlessAfter(
                Environment.GetEnvironmentVariable("EXIT_CODE"), Environment.GetEnvironmentVariable("EXIT_STATUS")))
                await RealMachine.Recovery.RunAsync(what is [var request] ? request : null);
            return ExitCodes.Done;
        },
    });
}
