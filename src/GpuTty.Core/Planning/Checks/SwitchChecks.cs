using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Planning.Desktop;
using GpuTty.Planning.Plans;

namespace GpuTty.Planning.Checks;

/// <summary>Everything that must hold before a switch is planned; the second page of the wizard, and the doctor's questions.</summary>
public static class SwitchChecks
{
    /// <summary>Said before a switch is confirmed where systemd does not run the machine.</summary>
    public const string NobodyClearsUp =
        "Without systemd, the desktop is not started again automatically if gputty is killed during a switch; run gputty undo then.";

    /// <summary>In the order in which a person should read them. One check may
    /// refuse with several obstacles: then it is listed several times.</summary>
    /// <param name="singleGpu">The user wants to give away the only card, and knows what that means.</param>
    public static ImmutableArray<Check> For(HostSnapshot host, Card card, Direction direction, bool singleGpu = false) => direction switch
    {
        Direction.ToVm when WithoutIommu.Never(host) is { } never => [.. OfKernel(host), Check.Refused(CheckCode.Platform, never)],
        Direction.ToVm or Direction.ToHost => ForMove(host, card, direction, singleGpu),
        // Only what a plan without a move is refused for may be asked here: a check that fails stops it.
        Direction.Pin or Direction.Unpin => [.. Settings(host, card)],
        Direction.ClearOverride or Direction.SetOverride or Direction.Rescan => [.. OfKernel(host), .. Answering(card)],
        _ => [.. OfKernel(host), .. Settings(host, card)],
    };

    private static ImmutableArray<Check> ForMove(HostSnapshot host, Card card, Direction direction, bool singleGpu) =>
    [
        .. OfKernel(host),
        .. Memory(host, card, direction),
        .. direction == Direction.ToVm
            ?
            [
                .. Check.RestingOn(host, Dependence.OfGroups(host, card), GroupChecks.For(host, card)),
                .. Check.RestingOn(host, [SnapshotPart.Devices], [OtherCard(host, card, singleGpu)], check => check.Holds == true),
                .. Check.RestingOn(host, [SnapshotPart.Console], [Console(host, card, singleGpu)]),
                .. Check.RestingOn(host, [SnapshotPart.Drivers], [Vfio(host)]),
                .. Check.RestingOn(
                    host,
                    card.Functions.Select(f => SnapshotPart.UsesOf(f.Address)),
                    Functions(host, card),
                    check => check.Holds == false),
            ]
            : ImmutableArray<Check>.Empty,
        .. Check.RestingOn(
            host,
            Dependence.OfFunctions(card),
            host.CannotTell(Dependence.OfFunctions(card)).Any()
                ? [Check.Fine(CheckCode.DeviceResponds, FindingCode.KernelOk, "Yes.")]
                : []),
        .. Answering(card),
        .. Check.RestingOn(host, Dependence.OfHolders(card), [Machine(host, card)], check => check.Holds == false),
        .. Settings(host, card),
        .. Movers(host, card),
        .. FirmwareScreen.Checks(host, card),
        .. host.RunsSystemd == false
            ? [Check.Unsure(CheckCode.AutomaticRecovery, FindingCode.NoAutomaticRecovery, NobodyClearsUp)]
            : ImmutableArray<Check>.Empty,
    ];

    /// <summary>Asked only where there is something to tell.</summary>
    private static IEnumerable<Check> Settings(HostSnapshot host, Card card)
    {
        foreach (var meaning in DeviceSettingEffect.For(host, card))
            yield return meaning.Defeats
                ? Check.Unsure(CheckCode.DesktopSetting, FindingCode.SettingOpensCard, meaning.Sentence)
                : Check.Fine(CheckCode.DesktopSetting, FindingCode.SettingLeavesCard, meaning.Sentence);
        foreach (var holder in NodesOutsideSeat.Of(host, card))
            yield return Check.Unsure(CheckCode.OpenedOutsideSeat, FindingCode.OpenedOutsideSeat,
                $"{NodesOutsideSeat.Sentence(holder, card)} gputty pin on --card {card.Address.SlotName} ends that at the next login.");
    }

    /// <summary>A single GPU is returned even without saved state: a guessed driver is better than no display.</summary>
    private static IEnumerable<Check> Memory(HostSnapshot host, Card card, Direction direction) =>
        host.MemoryProblem is { } why && !(direction == Direction.ToHost && Others(host, card).IsEmpty)
            ? [Check.Refused(CheckCode.OriginalState, new Obstacle.HomeUnknown(why))]
            : [];

    /// <summary>A crash that was seen is one, whatever else is unknown.</summary>
    private static IEnumerable<Check> OfKernel(HostSnapshot host) =>
        Check.RestingOn(host, [SnapshotPart.KernelState], [Kernel(host)], check => check.Holds == false);

    internal static Check Kernel(HostSnapshot host)
    {
        if (host.Stuck is { } stuck) return Check.Refused(CheckCode.Kernel, new Obstacle.WriteStuck(stuck));
        return host switch
        {
            { KernelHasDied: null, KernelCrash: { } words } => Check.Unsure(CheckCode.Kernel, FindingCode.KernelStateUnknown,
                $"Unknown: the kernel has logged \"{words}\", and an earlier WARNING has left the same mark as a crash. "
                    + "See the kernel log before you go on."),
            { KernelHasDied: null } => Check.Unsure(CheckCode.Kernel, FindingCode.KernelStateUnknown,
                "Unknown: /proc/sys/kernel/tainted is not readable."),
            { KernelHasDied: true } => Check.Refused(CheckCode.Kernel, new Obstacle.KernelDied(host.KernelCrash)),
            { KernelHasWarned: true } => Check.Unsure(CheckCode.Kernel, FindingCode.KernelWarned,
                "The kernel has logged a WARNING since boot; see the kernel log before you go on."),
            _ => Check.Fine(CheckCode.Kernel, FindingCode.KernelOk, "No crash and no stuck write in this boot."),
        };
    }

    /// <summary>Cards that can carry the desktop and the consoles while this one is away.</summary>
    public static ImmutableArray<Card> Others(HostSnapshot host, Card card) =>
        [.. Card.FindAll(host).Where(other => other.Address != card.Address && other.Owner == Owner.HostDriver && Picture.CanBeOn(other))];

    private static Check OtherCard(HostSnapshot host, Card card, bool singleGpu)
    {
        var others = Others(host, card);
        if (others.IsEmpty && FirmwareScreen.OfTheBoard(host) is { } own)
            return Check.Fine(CheckCode.OtherCard, FindingCode.OtherCardPresent, $"{own.Name}, which is the board's own and no PCI card.");
        return others.Length > 0 ? Check.Fine(CheckCode.OtherCard, FindingCode.OtherCardPresent, $"{string.Join(", ", others)}.")
            : !Picture.IsOn(host, card)
                ? Check.Fine(CheckCode.OtherCard, FindingCode.NoPicture, "No, but nothing is displayed on this one.")
                : singleGpu ? Check.Unsure(CheckCode.OtherCard, FindingCode.OnlyCard,
                "No: there is no desktop and no display until the card is returned to the host.")
            : Check.Refused(CheckCode.OtherCard, SlotAdvice.NoOtherCard(host, card));
    }

    private static Check Console(HostSnapshot host, Card card, bool singleGpu)
    {
        if (host.Console.IsInVgaText && host.ConsoleDevice is { } vga)
            return card.Contains(vga)
                ? Check.Unsure(CheckCode.Console, FindingCode.ConsoleGoesDark,
                    "This card draws the text consoles in VGA's text mode; they go dark while it is away.")
                : Check.Fine(CheckCode.Console, FindingCode.ConsoleOnOtherCard, $"On {vga.ShortName}, which stays.");
        if (host.Console.Shown is not { } shown)
            return Check.Unsure(CheckCode.Console, FindingCode.ConsoleUnknown, "It is unknown which card draws the text consoles.");
        if (shown.Device is not { } device || !card.Contains(device))
            return Check.Fine(CheckCode.Console, FindingCode.ConsoleOnOtherCard,
                $"On {shown.Device?.ShortName ?? shown.Name}, which stays.");
        return host.Console.Framebuffers.Any(other => other.Device is { } home && !card.Contains(home))
            ? Check.Unsure(CheckCode.Console, FindingCode.ConsoleMoves,
                "This card draws the text consoles; they will move to the other card.")
            : singleGpu && Others(host, card).IsEmpty
                ? Check.Unsure(CheckCode.Console, FindingCode.ConsoleGoesDark,
                    "On this card: they go dark while it is away."
                        + (FirmwareScreen.ConsolesLost(host, card) is { } lost ? $" {lost}" : ""))
            : Check.Refused(
                CheckCode.Console,
                new Obstacle.DrivesConsole(card, Others(host, card).FirstOrDefault(), SlotAdvice.SecondPicture(host, card)));
    }

    private static Check Vfio(HostSnapshot host)
    {
        return host.Vfio switch
        {
            { IsRegistered: true } => Check.Fine(CheckCode.VfioPci, FindingCode.VfioPciRegistered, "vfio-pci is available."),
            _ when host.ModuleSettings.Forbids(VfioSupport.Driver) is { } forbidden =>
                Check.Refused(CheckCode.VfioPci, new Obstacle.VfioForbidden(forbidden)),
            _ when host.ModulesLocked => Check.Refused(CheckCode.VfioPci, new Obstacle.VfioLocked()),
            { HasModule: true } => Check.Fine(CheckCode.VfioPci, FindingCode.VfioPciInstalled,
                "The module vfio-pci is installed and will be loaded."),
            { HasModule: null } => Check.Unsure(CheckCode.VfioPci, FindingCode.VfioPciUnknown,
                "It is unknown whether the module vfio-pci is installed; the first step of the switch will show it."),
            _ => Check.Refused(CheckCode.VfioPci, new Obstacle.NoVfio()),
        };
    }

    private static List<Check> Functions(HostSnapshot host, Card card)
    {
        var refused = card.Functions.Where(f => f.VirtualFunctions > 0)
            .Select(f => Check.Refused(CheckCode.HostUse, Obstacle.HasVirtualFunctions.In(host, f, MachineOnVirtualFunction(host, f))))
            .Concat(card.Functions.Where(f => f.MediatedDevices.Length > 0)
                .Select(f => Check.Refused(CheckCode.HostUse, new Obstacle.HasMediatedDevices(f))))
            .Concat(card.Functions.SelectMany(f => f.Uses.Where(use => use.IsVital)
                .Select(use => Check.Refused(CheckCode.HostUse, new Obstacle.HostNeeds(f, use)))))
            .ToList();
        if (refused.Count > 0) return refused;
        var uses = card.Functions.SelectMany(f => f.Uses).Select(use => use.Name).ToList();
        return [uses.Count == 0
            ? Check.Fine(CheckCode.HostUse, FindingCode.NoHostUse, "Nothing of the host is connected through it.")
            : Check.Unsure(CheckCode.HostUse, FindingCode.HostUseLost, $"Goes away with the card: {string.Join(", ", uses)}.")];
    }

    private static Holder? MachineOnVirtualFunction(HostSnapshot host, PciDevice parent) =>
        host.Holders.FirstOrDefault(holder => holder.Nodes.Any(node =>
            node is { Kind: NodeKind.Vfio, Device: { } device } && host.Find(device)?.PhysicalFunction == parent.Address));

    private static IEnumerable<Check> Answering(Card card) =>
        card.Functions.Where(f => f.HasFallenOffTheBus).Select(f => Check.Refused(CheckCode.DeviceResponds, new Obstacle.OffTheBus(f)));

    /// <summary>Said, not fought: each of the two undoes what the other has done.</summary>
    private static IEnumerable<Check> Movers(HostSnapshot host, Card card) =>
    [
        .. CardConflicts.Of(host, card)
            .Select(other => Check.Unsure(CheckCode.ConflictingTool, FindingCode.ConflictingTool, CardConflicts.Words(other))),
        .. card.Functions.Where(f => f is { DriverOverride: { } driverOverride, Driver: { } bound } && driverOverride != bound)
            .Select(f => Check.Unsure(CheckCode.DriverOverride, FindingCode.DriverOverrideDiffers,
                $"{f.Address.ShortName} has the driver_override {f.DriverOverride}; it is restored when the card returns to the host.")),
    ];

    private static Check Machine(HostSnapshot host, Card card)
    {
        // A group has one user: whoever runs with a neighbour has this card as well, although the node is not the card's.
        var groups = card.Functions.Select(f => f.IommuGroup).OfType<int>().ToHashSet();
        var machine = host.Holders.FirstOrDefault(holder => holder.Nodes.Any(node => node is { Kind: NodeKind.Vfio, Device: { } device }
            && (card.Contains(device) || (host.Find(device)?.IommuGroup is { } group && groups.Contains(group)))));
        return machine is null ? Check.Fine(CheckCode.VirtualMachine, FindingCode.NoVirtualMachine, "No.")
            : Check.Refused(CheckCode.VirtualMachine, Obstacle.MachineRunning.In(host, machine));
    }
}
