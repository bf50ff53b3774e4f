using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Linux;
using GpuTty.Linux.Commands;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Steps;
using GpuTty.Tests.Cli;
using GpuTty.Tests.Linux;

namespace GpuTty.Tests.Cases;

/// <summary>
/// A machine that somebody described in public: a fact file (machines/NAME.txt) made into files, seen through the real reader and the real
/// command line.
/// </summary>
internal sealed class StrangersMachine : IDisposable
{
    private readonly MachineTree _tree = new();
    private readonly LinuxHostReader _reader;

    private StrangersMachine(string facts)
    {
        _ = new FactTree(_tree, FactLine.Parse(facts));
        _reader = Readers.For(_tree, new CommandRunner([_tree.At("tools")]));
    }

    public static ImmutableArray<string> Names { get; } =
        [.. Directory.EnumerateFiles(Folder()).Select(Path.GetFileNameWithoutExtension).OfType<string>().Order(StringComparer.Ordinal)];

    /// <param name="name">Its file's name without .txt.</param>
    /// <param name="more">Lines of a fact file that come after those of the file: the same machine in other circumstances.</param>
    public static StrangersMachine Load(string name, params string[] more) =>
        new($"{File.ReadAllText(PathOf(name))}{string.Join('\n', more)}\n");

    /// <summary>Where its file is.</summary>
    public static string PathOf(string name) => Path.Combine(Folder(), $"{name}.txt");

    /// <summary>A machine of no file.</summary>
    public static StrangersMachine Of(params string[] facts) => new($"{string.Join('\n', facts)}\n");

    /// <summary>Where its files are.</summary>
    public GpuTty.Interop.FileSystemRoot Root => _tree.Root;

    public Task<HostSnapshot> ReadAsync() => _reader.ReadAsync(SnapshotSections.All | SnapshotSections.Programs, null, default);

    /// <summary>What the program says to a command line, as root. Words are parted by blanks.</summary>
    public async Task<Said> RunAsync(string command) =>
        Clean(await Gputty.On("desktop").With(reader: _reader).RunAsync(command.Split(' ')));

    /// <summary>The same on another state of the machine, e.g. <see cref="AfterwardsOnVmAsync"/>.</summary>
    public async Task<Said> RunAsync(string command, HostSnapshot host) =>
        Clean(await Gputty.On("desktop").With(host).RunAsync(command.Split(' ')));

    public async Task<PlanResult> PlanAsync(
        Direction direction,
        string card,
        bool endSessions = false,
        HolderConsent endHolders = HolderConsent.Never,
        bool singleGpu = false) =>
        SwitchPlanner.Plan(
            await ReadAsync(), new SwitchIntent(PciAddress.Parse(card), direction, endSessions, endHolders) { SingleGpu = singleGpu });

    /// <summary>
    /// The machine with the card on vfio-pci, as the plan would leave it, imagined and not run: what holds it is gone, its modules are
    /// unloaded, and what the plan remembers is remembered. Everything the plan can ask consent for is agreed to.
    /// </summary>
    public async Task<HostSnapshot> AfterwardsOnVmAsync(string card, bool singleGpu = false)
    {
        var host = await ReadAsync();
        var found = CardChoice.Find(host, card).Card!;
        var intent = new SwitchIntent(found.Address, Direction.ToVm, EndSessions: true, HolderConsent.Terminate) { SingleGpu = singleGpu };
        var plan = Assert.IsType<PlanResult.Ready>(SwitchPlanner.Plan(host, intent)).Plan;
        var unloaded = plan.Steps.OfType<UnloadModule>().Select(step => step.Module).ToHashSet();
        var bound = plan.Steps.OfType<BindDevice>().Select(step => step.Device).ToHashSet();
        return host with
        {
            Memory = plan.Steps.OfType<SaveOriginalState>().Select(step => step.Memory).Aggregate(host.Memory, (all, one) => all.With(one)),
            Devices = [.. host.Devices.Select(device => bound.Contains(device.Address) ? OnVfio(device) : device)],
            Modules = [.. host.Modules.Where(module => !unloaded.Contains(module.Name))
                .Select(module => module with { UsedBy = module.UsedBy.RemoveAll(unloaded.Contains) })],
            Drivers = [
                .. host.Drivers.Where(driver =>
                    driver.Name != VfioSupport.Driver && !(driver.Module is { } module && unloaded.Contains(module))),
                new PciDriver(VfioSupport.Driver, "vfio_pci"),
            ],
            Vfio = new VfioSupport(true, true),
            Holders = [],
        };
    }

    public void Dispose()
    {
        _reader.Dispose();
        _tree.Dispose();
    }

    private static PciDevice OnVfio(PciDevice device) =>
        device with { Driver = VfioSupport.Driver, DriverOverride = VfioSupport.Driver, Nodes = [], Connectors = [] };

    private Said Clean(Said said) => new(said.Code, said.Out.Replace(_tree.Path, ""), said.Error.Replace(_tree.Path, ""));

    private static string Folder([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "machines");
}
