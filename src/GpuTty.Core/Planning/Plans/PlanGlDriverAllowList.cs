using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Steps;

namespace GpuTty.Planning.Plans;

/// <summary>Keeping a desktop from asking the driver of a card that it does not use, or letting it ask again.</summary>
internal static class PlanGlDriverAllowList
{
    public static PlanResult For(HostSnapshot host, Card card, SwitchIntent intent)
    {
        // What is put back was there before: whatever a new pin would need now is not asked.
        if (!intent.Restores.IsEmpty)
            return Restoring.Of(host, intent) is { IsEmpty: false } restored
                ? Ready(intent, restored, [s_later])
                : new PlanResult.AlreadyThere(card);
        if (intent.Direction == Direction.Unpin)
            return host.Pinned.IsEmpty
                ? new PlanResult.AlreadyThere(card)
                : Ready(intent, [.. host.Pinned.Select(pin => new UnpinDesktop(pin))], []);
        ImmutableArray<Obstacle> obstacles = [.. Obstacles(host, card)];
        if (obstacles.Length > 0) return new PlanResult.Blocked(obstacles);

        var wanted = Wanted(host, isPermanent: intent.Desktop == DesktopAccess.HiddenPermanently).ToImmutableArray();
        if (wanted.All(host.Pinned.Contains)) return new PlanResult.AlreadyThere(card);
        return Ready(intent,
            [
                .. host.Pinned
                    .Where(pin => wanted.Any(other => other.Unit == pin.Unit && other != pin))
                    .Select(pin => new UnpinDesktop(pin)),
                .. wanted.Where(pin => !host.Pinned.Contains(pin)).Select(pin => new PinDesktop(pin)),
            ],
            [
                s_later,
                new(ConsequenceCode.ProgramsInheritSetting,
                    "Programs that the desktop starts may inherit it, and then do not find NVIDIA's EGL and Vulkan. "
                    + $"Start those with: env -u {GlDriverAllowList.EglVariable} -u {GlDriverAllowList.VulkanVariable} PROGRAM"),
            ]);
    }

    private static readonly Consequence s_later =
        new(ConsequenceCode.TakesEffectAtLogin, "It takes effect at the next login; a desktop that runs keeps what it has open.");

    private static PlanResult.Ready Ready(SwitchIntent intent, ImmutableArray<Step> steps, ImmutableArray<Consequence> consequences) =>
        new(new SwitchPlan(intent, DesktopImpact.None, Risk.Reversible, steps, consequences));

    private static IEnumerable<Obstacle> Obstacles(HostSnapshot host, Card card)
    {
        if (!IsNvidia(card.Display)) yield return new Obstacle.PinUseless(card);
        else if (Card.FindAll(host).FirstOrDefault(other => other.Address != card.Address && other.Display.Driver == "nvidia") is { } twin)
            yield return new Obstacle.PinBlinds(twin);
        if (!host.GlDrivers.Any(driver => !driver.IsNvidia)) yield return new Obstacle.NoOtherGlDriver();
        if (!Shells(host).Any()) yield return new Obstacle.NoCompositor();
    }

    /// <summary>NVIDIA's own driver, bound or about to be; nouveau has no such nodes.</summary>
    private static bool IsNvidia(PciDevice display) =>
        display.Driver == "nvidia" || (display.Driver is null or VfioSupport.Driver && display.CandidateModules.Contains("nvidia"));

    /// <summary>One file for each way in which a compositor was started.</summary>
    private static IEnumerable<GlDriverAllowList> Wanted(HostSnapshot host, bool isPermanent) =>
        Shells(host)
            .Select(shell => shell.UserUnit is { } unit && unit.EndsWith(".service", StringComparison.Ordinal) ? unit : null)
            .Distinct()
            .Select(unit => new GlDriverAllowList(unit, Files(host, GlApi.Egl), Files(host, GlApi.Vulkan), isPermanent));

    private static IEnumerable<Holder> Shells(HostSnapshot host) => host.Holders.Where(holder => Compositor.IsWayland(holder.Name));

    private static string Files(HostSnapshot host, GlApi api) =>
        string.Join(':', host.GlDrivers.Where(driver => driver.Api == api && !driver.IsNvidia).Select(driver => driver.Path));
}
