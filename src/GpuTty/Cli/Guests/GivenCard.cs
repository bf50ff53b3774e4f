using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Host.Guests;
using GpuTty.Host.Pci;

namespace GpuTty.Cli.Guests;

/// <summary>A card that the start of a guest has given away and that is still away.</summary>
/// <param name="IsRunning">Null where it cannot be told.</param>
/// <param name="IsLeft">libvirt's hook would return it, and has been removed.</param>
/// <param name="Problem">Why it did not come home when the guest ended; null where nothing went wrong.</param>
internal sealed record GivenCard(Card Card, string Guest, bool? IsRunning, bool IsLeft, string? Problem)
{
    public static IReadOnlyList<GivenCard> Of(CommandContext world, HostSnapshot host)
    {
        try
        {
            var grants = world.Grants.All();
            var hasHook = !grants.Any(IsOfLibvirt) || world.Libvirt.Read().Hook is not (HookPresence.Absent or HookPresence.Foreign);
            return [.. grants
                .SelectMany(grant =>
                    grant
                        .Away(host)
                        .Select(card => new GivenCard(
                            card,
                            grant.Guest,
                            IsRunningNow(world, grant),
                            !hasHook && IsOfLibvirt(grant),
                            grant.Problem)))];
        }
        catch (HostException unreadable)
        {
            world.Remarks.Problem(unreadable.Message, unreadable.Remedy);
            return [];
        }
    }

    private static bool IsOfLibvirt(GuestGrant grant) => grant.Pid is null && ProxmoxConfig.NumberOf(grant) is null;

    private static bool? IsRunningNow(CommandContext world, GuestGrant grant) =>
        grant.Pid is { } pid ? world.IsAlive(pid, grant.StartTime)
        : ProxmoxConfig.NumberOf(grant) is { } number ? world.IsProxmoxGuestRunning(number)
        : world.Libvirt.IsRunning(grant.Guest);

    public string Sentence => $"Card {Card.Address.SlotName} was given for {Guest}, " + (IsRunning, Problem) switch
    {
        (true, _) => "which runs.",
        (_, { } why) => $"which has ended, and it was not returned to the host: {why}",
        (false, _) => "which does not run.",
        _ => "of which it is unknown whether it runs.",
    };

    /// <summary>Null where there is nothing to do.</summary>
    public string? NextAction => IsRunning == true && !IsLeft
        ? null
        : $"{(IsRunning == true ? "When it has ended, return" : "Return")} it to the host: "
            + $"gputty switch host --card {Card.Address.SlotName}";

    public static void Print(TextPage page, IReadOnlyList<GivenCard> given)
    {
        if (given.Count == 0) return;
        page.Heading("Virtual machines");
        foreach (var one in given)
        {
            page.Line("  ", new Part(one.NextAction is null ? "" : "!! ", Ink.Warn), one.Sentence);
            if (one.NextAction is { } next) page.Line($"     {next}");
        }
        page.Line();
    }
}
