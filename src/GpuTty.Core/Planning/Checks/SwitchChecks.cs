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
    public const string NobodyClearsUp = "Without systemd, nobody starts the desktop again by itself if gputty is killed in the middle; run gputty undo then.";

    /// <summary>In the order in which a person should read them. One check may refuse with several obstacles: then it is listed several times.</summary>
    /// <param name="singleGpu">The user wants to give away the only card, and knows what that means.</param>
    public static ImmutableArray<Check> For(HostSnapshot host, Card card, Direction direction, bool singleGpu = false) =>
    [
        .. Check.RestingOn(host, [SnapshotPart.KernelState], [Kernel(host)], check => check.Holds == false),
        .. Memory(host, card, direction),
        .. direction == Direction.ToVm
            ?
            [
                .. Check.RestingOn(host, Dependence.OfGroups(host, card), GroupChecks.For(host, card)),
                .. Check.RestingOn(host, [SnapshotPart.Devices], [OtherCard(host, card, singleGpu)], check => check.Holds == true),
                .. Check.RestingOn(host, [SnapshotPart.Console], [Console(host, card, singleGpu)]),
                .. Check.RestingOn(host, [SnapshotPart.Drivers], [Vfio(host)]),
                .. Check.RestingOn(host, card.Functions.Select(f => SnapshotPart.UsesOf(f.Address)), Functions(card), check => check.Holds == false),
            ]
            : ImmutableArray<Check>.Empty,
        .. Check.RestingOn(host, Dependence.OfFunctions(card), host.CannotTell(Dependence.OfFunctions(card)).Any() ? [Check.Fine("Does the card answer?", "Yes.")] : []),
        .. Answering(card),
        .. Check.RestingOn(host, Dependence.OfHolders(card), [Machine(host, card)], check => check.Holds == false),
        .. Settings(host, card),
        .. Movers(host, card),
        .. host.RunsSystemd == false ? [Check.Unsure("Does somebody clear up if gputty is killed?", NobodyClearsUp)] : ImmutableArray<Check>.Empty,
    ];

    /// <summary>Asked only where there is something to tell.</summary>
    private static IEnumerable<Check> Settings(HostSnapshot host, Card card)
    {
        const string question = "Does a setting of the desktop decide about this card?";
        foreach (var meaning in PinMeaning.For(host, card))
            yield return meaning.Defeats ? Check.Unsure(question, meaning.Sentence) : Check.Fine(question, meaning.Sentence);
        foreach (var holder in BehindTheSeat.Of(host, card))
            yield return Check.Unsure("Does the desktop open the card behind the seat's back?", $"{BehindTheSeat.Sentence(holder, card)} gputty pin on ends that at the next login.");
    }

    /// <summary>The only card comes home all the same: guessed is better than dark.</summary>
    private static IEnumerable<Check> Memory(HostSnapshot host, Card card, Direction direction) =>
        host.MemoryProblem is { } why && !(direction == Direction.ToHost && Others(host, card).IsEmpty)
            ? [Check.Refused("Is it known how the cards were?", new Obstacle.HomeUnknown(why))]
            : [];

    internal static Check Kernel(HostSnapshot host)
    {
        const string question = "Is the kernel well?";
        if (host.Stuck is { } stuck) return Check.Refused(question, new Obstacle.WriteStuck(stuck));
        return host switch
        {
            { KernelHasDied: null } => Check.Unsure(question, "Could not tell: /proc/sys/kernel/tainted is not readable."),
            { KernelHasDied: true } => Check.Refused(question, new Obstacle.KernelDied(host.KernelCrash)),
            { KernelHasWarned: true } => Check.Unsure(question, "The kernel has printed a WARNING in this boot; look into the log before you go on."),
            _ => Check.Fine(question, "No crash and no stuck write in this boot."),
        };
    }

    /// <summary>Cards that can carry the desktop and the consoles while this one is away.</summary>
    public static ImmutableArray<Card> Others(HostSnapshot host, Card card) =>
        [.. Card.FindAll(host).Where(other => other.Address != card.Address && other.Owner == Owner.HostDriver)];

    private static Check OtherCard(HostSnapshot host, Card card, bool singleGpu)
    {
        const string question = "Is there another card for the desktop?";
        var others = Others(host, card);
        return others.Length > 0 ? Check.Fine(question, $"{string.Join(", ", others)}.")
            : singleGpu ? Check.Unsure(question, "No: there is no desktop and no picture until the card comes home.")
            : Check.Refused(question, new Obstacle.OnlyCard(card));
    }

    private static Check Console(HostSnapshot host, Card card, bool singleGpu)
    {
        const string question = "Where are the text consoles?";
        if (host.Console.Shown is not { } shown)
            return Check.Unsure(question, "Could not tell which card draws the text consoles.");
        if (shown.Device is not { } device || !card.Contains(device))
            return Check.Fine(question, $"On {shown.Device?.ShortName ?? shown.Name}, which stays.");
        return host.Console.Framebuffers.Any(other => other.Device is { } home && !card.Contains(home))
            ? Check.Unsure(question, "This card draws the text consoles; they will move to the other card.")
            : singleGpu && Others(host, card).IsEmpty ? Check.Unsure(question, "On this card: they go dark with it and come back with it.")
            : Check.Refused(question, new Obstacle.DrivesConsole(card));
    }

    private static Check Vfio(HostSnapshot host)
    {
        const string question = "Can this kernel hand a card to a virtual machine?";
        return host.Vfio switch
        {
            { IsRegistered: true } => Check.Fine(question, "vfio-pci is there."),
            { HasModule: true } => Check.Fine(question, "The module vfio-pci is there and will be loaded."),
            { HasModule: null } => Check.Unsure(question, "Could not tell whether the module vfio-pci is installed; the switch will find out first."),
            _ => Check.Refused(question, new Obstacle.NoVfio()),
        };
    }

    private static List<Check> Functions(Card card)
    {
        const string question = "Does the host need a part of the card?";
        var refused = card.Functions.Where(f => f.VirtualFunctions > 0).Select(f => Check.Refused(question, new Obstacle.HasVirtualFunctions(f)))
            .Concat(card.Functions.SelectMany(f => f.Uses.Where(use => use.IsVital).Select(use => Check.Refused(question, new Obstacle.HostNeeds(f, use)))))
            .ToList();
        if (refused.Count > 0) return refused;
        var uses = card.Functions.SelectMany(f => f.Uses).Select(use => use.Name).ToList();
        return [uses.Count == 0
            ? Check.Fine(question, "Nothing of the host is connected through it.")
            : Check.Unsure(question, $"Goes away with the card: {string.Join(", ", uses)}.")];
    }

    private static IEnumerable<Check> Answering(Card card) =>
        card.Functions.Where(f => f.HasFallenOffTheBus).Select(f => Check.Refused("Does the card answer?", new Obstacle.OffTheBus(f)));

    /// <summary>Said, not fought: each of the two undoes what the other has done.</summary>
    private static IEnumerable<Check> Movers(HostSnapshot host, Card card) =>
    [
        .. OtherMovers.Of(host, card).Select(other => Check.Unsure("Does another program move the card?", OtherMovers.Words(other))),
        .. card.Functions.Where(f => f is { DriverOverride: { } aim, Driver: { } bound } && aim != bound)
            .Select(f => Check.Unsure("Has somebody aimed the card at another driver?", $"{f.Address.ShortName} has the driver_override {f.DriverOverride}; it is put back on the way home.")),
    ];

    private static Check Machine(HostSnapshot host, Card card)
    {
        const string question = "Is a virtual machine using the card?";
        // A group has one user: whoever runs with a neighbour has this card as well, although the node is not the card's.
        var groups = card.Functions.Select(f => f.IommuGroup).OfType<int>().ToHashSet();
        var machine = host.Holders.FirstOrDefault(holder => holder.Nodes.Any(node => node is { Kind: NodeKind.Vfio, Device: { } device }
            && (card.Contains(device) || (host.Find(device)?.IommuGroup is { } group && groups.Contains(group)))));
        return machine is null ? Check.Fine(question, "No.") : Check.Refused(question, new Obstacle.MachineRunning(machine));
    }
}
