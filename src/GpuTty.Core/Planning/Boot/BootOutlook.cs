using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Boot;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Text;

namespace GpuTty.Planning.Boot;

/// <summary>What there is to say about a card at the start of the machine.</summary>
public enum BootMatter
{
    [JsonStringEnumMemberName("chosen")] Chosen,
    [JsonStringEnumMemberName("chosen-once")] ChosenOnce,
    [JsonStringEnumMemberName("not-chosen")] NotChosen,
    /// <summary>Another device sits at the address of a chosen function.</summary>
    [JsonStringEnumMemberName("other-device")] OtherDevice,
    /// <summary>No card is where the chosen one was.</summary>
    [JsonStringEnumMemberName("card-gone")] CardGone,
    [JsonStringEnumMemberName("files-wrong")] FilesWrong,
    /// <summary>A rule as an earlier version wrote it.</summary>
    [JsonStringEnumMemberName("rule-older")] RuleOlder,
    /// <summary>The service as an earlier version wrote it.</summary>
    [JsonStringEnumMemberName("service-older")] ServiceOlder,
    /// <summary>Another recipe moves the card when the machine starts.</summary>
    [JsonStringEnumMemberName("other-recipe")] OtherRecipe,
    /// <summary>A switch would be refused for a reason that a restart does not change.</summary>
    [JsonStringEnumMemberName("refused")] Refused,
    [JsonStringEnumMemberName("driver-early")] DriverEarly,
    [JsonStringEnumMemberName("rule-first")] RuleFirst,
    [JsonStringEnumMemberName("early-unknown")] EarlyUnknown,
    [JsonStringEnumMemberName("no-service")] NoService,
    [JsonStringEnumMemberName("left-once")] LeftOnce,
    [JsonStringEnumMemberName("escape")] Escape,
}

/// <param name="Holds">True where it is as it should be; false where it
/// keeps the card from going; null for what is only worth knowing.</param>
public sealed record BootFinding(BootMatter Matter, bool? Holds, string Sentence)
{
    /// <summary>A file of gputty's is as an earlier version wrote it.</summary>
    public bool IsOlder => Matter is BootMatter.RuleOlder or BootMatter.ServiceOlder;
}

/// <summary>Whether a card will be with vfio-pci after the next start, and why. Pure.</summary>
public static class BootOutlook
{
    /// <summary>The choices of which this machine has no card, as after a move to another slot; where that can be told.</summary>
    public static ImmutableArray<(BootChoice Choice, BootFinding Finding)> Gone(HostSnapshot host, BootChoices choices)
    {
        var cards = Card.FindAll(host);
        return [.. choices.Cards
            .Where(choice => !cards.Any(choice.IsOf)
                && !host.CannotTell(choice.Functions.Select(function => SnapshotPart.Device(function.Address))).Any())
            .Select(choice => (choice, new BootFinding(
                BootMatter.CardGone, false, $"{choice.Card.SlotName} was chosen, and no card is there now. {Forget(choice)}")))];
    }

    /// <summary>What to do about a choice that means no card of this machine any more.</summary>
    public static string Forget(BootChoice choice) => $"Forget it: gputty boot host --card {choice.Card}";

    public static ImmutableArray<BootFinding> Of(HostSnapshot host, Card card, BootState state)
    {
        var slot = card.Address.SlotName;
        var choice = state.Choices.Cards.FirstOrDefault(choice => choice.IsOf(card));
        ImmutableArray<string> recipes = [.. Recipes(host, card)];
        var lasting = Lasting(host, card);
        var isSpare = recipes.IsEmpty && lasting.IsEmpty && card.Functions.All(function =>
            function.IsBootVga != true && function.Address != host.ConsoleDevice);
        return
        [
            choice switch
            {
                null when !state.Files.Unwanted.IsEmpty =>
                    new(BootMatter.NotChosen, null, $"{slot} is not chosen for the start of the machine."),
                null => new(BootMatter.NotChosen, null,
                    $"gputty does not give {slot} away when the machine starts."
                        + (isSpare ? $" Give it to the virtual machine from then on: gputty boot vm --card {slot}" : "")),
                { IsOnce: true } when host.RunsSystemd == false => new(BootMatter.ChosenOnce, false,
                    $"{slot} was chosen for the next start only, and without systemd nothing gives it away then. "
                        + $"Choose it for every start: gputty boot vm --card {slot}"),
                { IsOnce: true } => new(BootMatter.ChosenOnce, true, $"{slot} goes to vfio-pci at the next start only."),
                _ => new(BootMatter.Chosen, true, $"{slot} goes to vfio-pci each time the machine starts."),
            },
            .. choice?.Exchanged(host) is { } exchanged
                ?
                [
                    new(BootMatter.OtherDevice, false,
                        $"At {exchanged.Address.ShortName} is not what was chosen ({exchanged.Id}), so nothing will be done. "
                        + $"Choose again: gputty boot vm --card {slot}"),
                ]
                : Array.Empty<BootFinding>(),
            .. choice is null ? [] : state.Files.Wrong.Select(path => new BootFinding(BootMatter.FilesWrong, false,
                $"{Visible.Text(path, 200)} is missing or was changed. Write it anew: gputty boot vm --card {slot}")),
            .. state.Files.Unwanted.Select(path => new BootFinding(BootMatter.FilesWrong, null,
                $"{Visible.Text(path, 200)} is gputty's, and no card was chosen that needs it. "
                + $"Remove it: gputty boot {(choice is null ? "host" : "vm")} --card {slot}")),
            .. choice is null ? [] : state.Files.Older.Select(path => new BootFinding(
                BootFiles.IsRule(path) ? BootMatter.RuleOlder : BootMatter.ServiceOlder, null,
                $"{Visible.Text(path, 200)} is of an earlier version: "
                + (BootFiles.IsRule(path)
                    ? "a copy of it in the initramfs (dracut) would act after gputty boot host too."
                    : "a compositor that is started at a text console may open the card before the service moves it.")
                + $" Write it anew: gputty boot vm --card {slot}")),
            .. recipes.Select(recipe => new BootFinding(BootMatter.OtherRecipe, null, recipe)),
            .. lasting.Select(obstacle => new BootFinding(
                BootMatter.Refused, obstacle is Obstacle.CouldNotTell ? null : false, $"{obstacle.Problem} {obstacle.Remedy}")),
            .. choice is null ? [] : Early(host, card, choice, state),
            .. choice is not null && host.RunsSystemd == false
                ?
                [
                    new(BootMatter.NoService, null,
                        "Without systemd nothing moves a card that has got its driver before udev's rule: "
                            + "keep that driver out of the initramfs."),
                ]
                : Array.Empty<BootFinding>(),
            .. choice is null ? []
                : IsEscaped(host)
                ? [new(
                    BootMatter.LeftOnce,
                    null,
                    $"This time the machine was started with {BootChoice.Escape}, so the card was left to the host.")]
                : new[]
                {
                    new BootFinding(BootMatter.Escape, null,
                        $"To leave it to the host once, add {BootChoice.Escape} to the kernel command line in the boot menu."),
                },
        ];
    }

    public static bool IsEscaped(HostSnapshot host) => host.CommandLine.Split(' ').Contains(BootChoice.Escape);

    /// <summary>Other recipes that move the card when the machine starts; a
    /// second one beside them would be fighting, or be nothing.</summary>
    public static IEnumerable<string> Recipes(HostSnapshot host, Card card) =>
    [
        .. host.ModuleSettings.Ids.Where(ids => card.Functions.Any(ids.Matches)).Select(ids => ids.Driver).Distinct()
            .Select(driver => $"An option ids= gives the card to {driver} at the start already, and every other of its kind too; "
                + "look into /etc/modprobe.d and at the kernel command line."),
        .. CardConflicts.Of(host, card)
            .Where(other => other.Device is not null && other.What.StartsWith("driverctl", StringComparison.Ordinal))
            .Select(CardConflicts.Words),
    ];

    /// <summary>What a switch to the virtual machine is refused for, without what only concerns this moment.
    /// Nobody can agree to anything when the machine starts.</summary>
    public static ImmutableArray<Obstacle> Lasting(HostSnapshot host, Card card) =>
    [
        .. SwitchChecks.For(host, card, Direction.ToVm).Select(check => check.Obstacle).OfType<Obstacle>()
            .Where(obstacle =>
                obstacle is not (Obstacle.MachineRunning or Obstacle.KernelDied or Obstacle.WriteStuck or Obstacle.HomeUnknown
                or Obstacle.OffTheBus or Obstacle.VfioLocked))
            .Select(obstacle => obstacle is Obstacle.OnlyCard only ? only with { Remedy = $"{only.Advice}." } : obstacle)
            .Distinct(),
    ];

    private static BootFinding[] Early(HostSnapshot host, Card card, BootChoice choice, BootState state)
    {
        var isMoved = host.RunsSystemd != false;
        var moves = isMoved ? "the service moves the card before the desktop starts" : "nothing moves the card then";
        if (state.Early is not { } early)
        {
            var why = Visible.Text(state.EarlyProblem ?? "", 200);
            return [new(
                BootMatter.EarlyUnknown,
                null,
                $"The content of the initramfs is unknown: {why}. If a driver of the card is, {moves}.")];
        }
        var drivers = card.Functions
            .SelectMany(function => function.CandidateModules)
            .Select(module => host.ModuleSettings.FileOf(module) ?? KernelModule.Canonical(module))
            .Where(early.Contains)
            .Distinct()
            .ToList();
        if (drivers.Count == 0)
            return
            [
                choice.IsOnce
                    ? new(BootMatter.RuleFirst, isMoved, $"A driver takes the card first, and {moves}.")
                    : new(BootMatter.RuleFirst, true,
                        "No driver of the card is in the initramfs, so the override is there before any of them."),
            ];
        var names = Visible.Text(string.Join(", ", drivers), 200);
        return [new(
            BootMatter.DriverEarly,
            isMoved,
            $"In the initramfs or the kernel itself: {names}. That takes the card before udev's rule can; {moves}.")];
    }
}
