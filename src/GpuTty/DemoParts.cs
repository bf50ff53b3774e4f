using GpuTty.Cli;
using GpuTty.Cli.Json;
using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Host.Boot;
using GpuTty.Interop;
using GpuTty.Linux.Boot;
using GpuTty.Linux.State;
using GpuTty.Linux.Worker;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tui;

namespace GpuTty;

/// <summary>The parts of a machine that is not there: a simulated one, or one that a report shows.</summary>
internal static class DemoParts
{
    /// <summary>Nothing of the real machine but its terminal: what a command touches besides refuses.</summary>
    public static (CommandContext World, TuiOptions Options) Pretended(Simulation.DemoMachine machine)
    {
        var host = new SimulatedHost(machine.Machine, TimeProvider.System, machine.FaultPlan);
        var service = new SimulatedSwitchService(host, TimeProvider.System, machine.JournalAt(TimeProvider.System.GetUtcNow()));
        var view = new SimulatedView(host);
        var real = RealMachine.Context();
        var world = new CommandContext
        {
            Reader = () => view,
            SwitchService = () => service,
            Out = real.Out,
            Error = real.Error,
            In = real.In,
            IsTerminal = real.IsTerminal,
            UsesColour = real.UsesColour,
            IsRoot = true,
            OnInterrupt = real.OnInterrupt,
            ForgetTyped = real.ForgetTyped,
            Corrections = new SimulatedCorrections(host),
            Boot = new NoBootSettings(choices => BootSettings.Files(FileSystemRoot.Live, OwnProgram.Find, choices)),
            ReadFile = RealMachine.ReadFile,
            ReportFiles = () =>
                [new ReportFile(
                    "demo.txt", "what this is", $"The simulated machine '{machine.Name}' of gputty demo. Nothing here is real.")],
            WriteForCaller = (path, content) => NewFile.Write(path, content),
            WriteReport = (path, name, content) => NewFile.Write(path ?? Path.Combine(Path.GetTempPath(), $"demo-{name}"), content),
        };
        return (world, new TuiOptions
        {
            Demo = machine.Name,
            Doctor = new Doctor(world),
            Command = (words, cancel) => ScreenCommands.RunAsync(world, words, cancel),
            Configured = () => ConfiguredSwitch.None with { NewFiles = "/root" },
            Columns = Tty.OutputWidth,
            OnInterrupt = world.OnInterrupt,
            ForgetTyped = ScreenProgram.ForgetTyped,
            ShowTerminal = host.ShowTerminalAsync,
            OpenConsole = (_, cancel) => host.OpenConsoleAsync(cancel),
            WriteReport = cancel => ScreenProgram.ReportAsync(world, cancel),
            SaveLog = (lines, _) =>
                Task.Run(
                    () => NewFile.Write(
                        Path.Combine(Path.GetTempPath(), $"demo-{ScreenProgram.LogName}"), ScreenProgram.Text(lines)),
                    CancellationToken.None),
            Copy = ScreenProgram.CopyAsync,
        });
    }

    /// <summary>Neither a console nor a report of it: the machine is elsewhere.</summary>
    public static (IHostReader, ISwitchService, TuiOptions) Recorded(ReportedMachine machine) => (
        new RecordedHost(machine.Machine), new RecordedSwitchService(machine.LastRun, machine.LastBegun, machine.Unfinished),
        new TuiOptions
        {
            Demo = TuiOptions.OfReport,
            JournalProblem = () => machine.JournalProblem,
            Doctor = new Doctor(new CommandContext
            {
                Reader = () => new RecordedHost(machine.Machine),
                SwitchService = () => new RecordedSwitchService([], [], []),
                Out = TextWriter.Null,
                Error = TextWriter.Null,
                In = TextReader.Null,
                OnInterrupt = RealMachine.Context().OnInterrupt,
            }, machine.FindingsThere()),
            Copy = ScreenProgram.CopyAsync,
        });
}
