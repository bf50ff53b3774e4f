using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Steps;
using GpuTty.Text;

namespace GpuTty.Switching;

/// <summary>Why a step did not happen.</summary>
/// <param name="EndsPciWrites">The kernel is stuck or has crashed, or the
/// card no longer answers: nothing more may be written to PCI.</param>
/// <param name="IsGone">The function is not there any more.</param>
/// <param name="IsRefusal">The machine said no, which it may not say the next time.</param>
internal sealed record StepFailure(
    FailureCode Code, string Problem, string Remedy, bool EndsPciWrites = false, bool IsGone = false, bool IsRefusal = false)
{
    /// <summary>A function of the card answers nothing but ones: another write cannot help it and may hang.</summary>
    public static StepFailure? OfBus(PciAddress card, HostSnapshot host)
    {
        if (Card.FindAt(host, card)?.Functions.FirstOrDefault(function => function.HasFallenOffTheBus) is not { } fallen) return null;
        var words = new Obstacle.OffTheBus(fallen);
        return new(FailureCode.OffTheBus, words.Problem, words.Remedy, EndsPciWrites: true);
    }

    /// <summary>The function that the step is about has been pulled, or has
    /// fallen off the bus; null when it is there, or could not be read.</summary>
    public static StepFailure? OfGone(Step step, HostSnapshot host) =>
        step.RequiredDevice() is { } device && host.Find(device) is null && step.CannotTell(host) is null
            ? new(
                FailureCode.DeviceGone,
                $"{device.ShortName} is gone: it was unplugged, or has fallen off the bus.",
                "Look for it with lspci; a card that is still in its slot comes back after a reboot.",
                IsGone: true)
            : null;

    /// <summary>Another card is at the address of the one the plan was made
    /// for: nothing is written to it. Null when it is the same one.</summary>
    public static StepFailure? OfExchanged(Step step, PciAddress card, HostSnapshot before, HostSnapshot now) =>
        (step.TouchesPci() || step.RequiredDevice() is not null)
            && now.Devices.FirstOrDefault(device =>
                device.Address.SharesSlotWith(card) && IsAnother(before.Find(device.Address), device)) is { } other
            ? new(
                FailureCode.DeviceReplaced,
                $"{other.Address.ShortName} is gone, and {other.Name} is in its place.",
                "Look at the cards, then switch the one you mean.",
                IsGone: true)
            : null;

    /// <summary>Ids that cannot be read prove nothing.</summary>
    private static bool IsAnother(PciDevice? before, PciDevice now) =>
        before is { Id.Vendor: not 0 } && now.Id.Vendor != 0 && before.Id != now.Id;

    public static StepFailure Of(HostException refusal) => refusal is StuckException
        ? new(FailureCode.KernelStuck, refusal.Message, refusal.Remedy, EndsPciWrites: true)
        : new(FailureCode.RefusedBySystem, refusal.Message, refusal.Remedy, IsRefusal: true);

    public static StepFailure Requested() => new(FailureCode.RollBackRequested, RunEvent.Failed.Requested, "Nothing more is needed.");

    public static StepFailure OutOfTime(Step step, TimeSpan limit, HostSnapshot seen)
    {
        var (problem, remedy) = step.TimeoutMessage(limit, seen);
        return new(FailureCode.TimedOut, problem, remedy);
    }

    /// <summary>No look came back in the time of the step, so nothing is known of it.</summary>
    public static StepFailure NotSeen(TimeSpan limit) =>
        new(
            FailureCode.TimedOut,
            $"Whether it happened is unknown: the machine could not be looked at within {Counted.Seconds(limit)}.",
            "See the log, then look at the cards again.");

    /// <summary>The kernel's own state forbids another write; null when it does not.</summary>
    public static StepFailure? OfKernel(HostSnapshot host)
    {
        if (host.Stuck is { } stuck) return Of(new StuckException(stuck));
        return host.KernelHasDied == true
            ? new(
                FailureCode.KernelCrashed,
                $"The kernel has crashed while this was running{(host.KernelCrash is { } words ? $": {words}" : " (oops)")}.",
                "Save your work and reboot.",
                EndsPciWrites: true)
            : null;
    }
}
