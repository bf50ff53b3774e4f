using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;

namespace GpuTty.Simulation;

/// <summary>A look that a part is missing from, as the real reader gives it:
/// nothing where the part was, and the word that it is unknown.</summary>
internal static class Blindness
{
    public const string Reason = "It does not answer.";

    /// <summary>The parts that something is decided from.</summary>
    public static IEnumerable<UnknownFact> Facts => Enum.GetValues<UnknownFact>()
        .Except(
        [
            UnknownFact.DeviceNames, UnknownFact.Programs, UnknownFact.Guests, UnknownFact.OtherPrograms, UnknownFact.SettingsFiles,
            UnknownFact.Accounts, UnknownFact.Details,
        ]);

    public static HostSnapshot Without(this HostSnapshot look, UnknownFact fact) => Emptied(look, fact) with
    {
        Unknowns = [.. look.Unknowns.Where(unknown => unknown.Code != fact), new Unknown(fact, $"{new SnapshotPart(fact)}", Reason)],
    };

    private static HostSnapshot Emptied(HostSnapshot look, UnknownFact fact) => fact switch
    {
        UnknownFact.PciDevices => look with { Devices = [], Holders = [] },
        UnknownFact.DeviceIds => Each(look, device => device with { Id = new PciId(0, 0) }),
        UnknownFact.DeviceModules => Each(look, device => device with { CandidateModules = [] }),
        UnknownFact.DeviceNodes => Each(look, device => device with { Nodes = [] }) with { Holders = [] },
        UnknownFact.HostUses => Each(look, device => device with { Uses = [] }),
        UnknownFact.IommuGroups => look with { Groups = [] },
        UnknownFact.PciDrivers => look with { Drivers = [], Vfio = new VfioSupport(false, null) },
        UnknownFact.Modules => look with { Modules = [] },
        UnknownFact.Holders => look with { Holders = [] },
        UnknownFact.Programs => look with { Programs = [] },
        UnknownFact.Sessions => look with { Sessions = [] },
        UnknownFact.DisplayManager => look with { DisplayManager = null, Units = [.. look.Units.Where(unit => unit.Name.Uid is not null)] },
        UnknownFact.Units => look with { Units = [.. look.Units.Where(unit => unit.Name.Uid is null)] },
        UnknownFact.DesktopSettings => look with { CompositorDeviceSettings = [] },
        UnknownFact.Console => look with { Console = new ConsoleState() },
        UnknownFact.OriginalState => look with { Memory = OriginalState.Nothing, MemoryProblem = Reason },
        UnknownFact.SeatRules => look with { HiddenFromSeat = [], VfioAccesses = [] },
        UnknownFact.SeatTags => Each(look, device => device with
        {
            Nodes = [.. device.Nodes.Select(node => node with { IsOnSeat = null, IsOffSeatByRule = false })],
        }),
        UnknownFact.GlDriverSettings => look with { Pinned = [], GlDrivers = [] },
        UnknownFact.KernelState => look with { Taint = null, Stuck = null },
        UnknownFact.TunableSettings => look with { TunableSettings = null },
        UnknownFact.ModuleSettings => look with { ModuleSettings = ModuleSettings.None },
        UnknownFact.InstalledModules => look with { NotInstalled = [] },
        UnknownFact.CallerLocation => look with { Caller = look.Caller with { IsInsideDesktop = false } },
        _ => look,
    };

    private static HostSnapshot Each(HostSnapshot look, Func<PciDevice, PciDevice> change) =>
        look with { Devices = [.. look.Devices.Select(change)] };
}
