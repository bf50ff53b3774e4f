using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Steps;
using GpuTty.Tests.Linux;

namespace GpuTty.Tests.Cases;

public sealed partial class StrangersMachinesTests
{
    [RootFact]
    public Task Kde_wayland_nvidia_same_user() => Right("kde-wayland-nvidia-same-user", async machine => // (2)
    {
        var plan = Ready(await machine.PlanAsync(Direction.ToVm, "01:00.0", endSessions: true));
        Assert.Equal(DesktopImpact.Restart, plan.DesktopImpact);
        Assert.Contains(plan.Steps, step => step is StopUnit { Unit.Name: "sddm.service" });
        Assert.Contains(plan.Steps, step => step is EndSession { Session: "2" });
        Assert.DoesNotContain(
            plan.Steps, step => step is StopUnit { Unit.Uid: not null } or StartUnit { Unit.Uid: not null } or EndProcess);
        // Nothing of the session ends without the consent that is about sessions.
        Blocked<Obstacle.SessionsWouldEnd>(await machine.PlanAsync(Direction.ToVm, "01:00.0", endHolders: HolderConsent.Terminate));
    });

    [RootFact]
    public Task Linger_user_service() => Right("linger-user-service", async machine => // (2)
    {
        var plan = Ready(await machine.PlanAsync(Direction.ToVm, "01:00.0", endSessions: true, HolderConsent.Terminate));
        Assert.Contains(plan.Steps, step => step is StopUnit { Unit: { Name: "sunshine.service", Uid: 1000 } });
        Assert.Contains(plan.Steps, step => step is StartUnit { Unit: { Name: "sunshine.service", Uid: 1000 } });
        Assert.DoesNotContain(plan.Steps, step => step is StopUnit { Unit.Name: "org.gnome.Shell@wayland.service" });
    });

    [RootFact]
    public Task Openrc_elogind_sddm() => Right("openrc-elogind-sddm", async machine => // (5)
    {
        var said = await machine.RunAsync("plan vm --card 01:00.0 --end-sessions --end-holders term");
        Assert.Equal(Refused, said.Code);
        Assert.Matches("display.manager", said.Error);
        Assert.Contains("stop", said.Error);
        Assert.DoesNotContain("elogind-daemon", said.Error);
    });

    [RootFact]
    public Task Startx_from_tty() => Right("startx-from-tty", async machine => // (6)
    {
        Blocked<Obstacle.SessionsWouldEnd>(await machine.PlanAsync(Direction.ToVm, "01:00.0"));
        var plan = Ready(await machine.PlanAsync(Direction.ToVm, "01:00.0", endSessions: true));
        Assert.Contains(plan.Steps, step => step is EndSession { Session: "1" });
        Assert.DoesNotContain(plan.Steps, step => step is EndProcess or EndSession { Session: "3" });
    });

    [RootFact]
    public Task Hyprland_autologin_getty() => Right("hyprland-autologin-getty", async machine => // (11)
    {
        var plan = Ready(await machine.PlanAsync(Direction.ToVm, "01:00.0", endSessions: true));
        var stopped = plan.Steps.OfType<StopUnit>().Any(step => step.Unit.Name is "getty@tty1.service" or "omarchy-seamless-login.service");
        Assert.True(stopped
            || plan.Consequences.Any(cost => cost.Text.Contains("log in by itself") || cost.Text.Contains("logs in by itself")));
        Assert.DoesNotContain(plan.Consequences, cost => cost.Text.Contains("you will have to start your desktop again yourself"));
    });
}
