using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Kernel;
using GpuTty.Linux.State;
using GpuTty.Linux.Systemd;
using GpuTty.Planning.Plans;
using GpuTty.Steps;
using GpuTty.Switching;

namespace GpuTty.Tests.Linux.FakeKernel;

/// <summary>The real runner, reader, controls and journal on a pretended bus.</summary>
internal static class KernelDrill
{
    public static readonly PciAddress Card = PciAddress.Parse("0000:01:00.0");

    public static SwitchPlan Plan { get; } = new(
        new SwitchIntent(Card, Direction.ToVm),
        DesktopImpact.None,
        Risk.Reversible,
        [
            new SetDriverOverride(Card, null, PretendedBus.Vfio),
            new UnbindDevice(Card, PretendedBus.Home, null),
            new BindDevice(Card, PretendedBus.Vfio, null),
        ],
        []);

    public static CommandRunner Tools { get; } = new(["/usr/bin"]);

    public static LinuxControls Controls(StatePaths state, string bus, Action<LogLine>? log = null) =>
        new(state, Tools, new Buses(new FileSystemRoot(bus)), TimeProvider.System, log ?? (_ => { }), bus);

    public static LinuxHostReader Reader(StatePaths state, string bus) =>
        new(
            new FileSystemRoot(bus),
            new CommandRunner([]),
            () => OriginalState.Nothing,
            () => KernelIncidents.Read(state.Run),
            TimeProvider.System);

    /// <param name="root">Where the state goes.</param>
    /// <param name="bus">Where the pretended /sys is mounted.</param>
    /// <param name="clock">Of the runner.</param>
    public static async Task<Outcome> RunAsync(
        string root, string bus, TimeProvider clock, IJournal? journal = null, CancellationToken takeBack = default)
    {
        var state = StatePaths.Below(root);
        using var reader = Reader(state, bus);
        using var file = new FileJournal(state.Lib);
        var before = await reader.ReadAsync(SnapshotSections.Devices | SnapshotSections.State, null, CancellationToken.None);
        return await new SwitchRunner(reader, Controls(state, bus), journal ?? file, clock, _ => { }).RunAsync(
            Plan, before with { BootId = BootId.Read() }, takeBack);
    }
}
