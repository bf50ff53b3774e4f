using GpuTty.Cli;
using GpuTty.Host;

Task<int> NotYet(string what) { Console.Error.WriteLine($"{what} is not wired yet."); return Task.FromResult(ExitCodes.Bug); }
var world = new World
{
    Reader = () => throw new HostException("No reader.", "Wire it."),
    Desk = () => throw new HostException("No desk.", "Wire it."),
    Out = Console.Out,
    Error = Console.Error,
    In = Console.In,
    OnInterrupt = _ => new MemoryStream(),
};
return await CommandLine.RunAsync(args, world, new Entries
{
    Screen = _ => NotYet("screen"), Demo = (_, _) => NotYet("demo"), Machines = [],
    Worker = (_, _) => NotYet("worker"), Recover = (_, _) => NotYet("recover"), Supervise = (_, _) => NotYet("supervise"),
});
