using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Simulation;

namespace GpuTty.Tests.Simulation;

/// <summary>Display managers, sessions and programs behave as they were seen to.</summary>
public sealed class DesktopFactsTests
{
    private static readonly UnitName s_gdm = new("gdm.service");
    private static readonly PciAddress s_card = Machines.Card;

    [Fact]
    public void Stopping_the_display_manager_closes_its_session_and_a_little_later_all_is_gone()
    {
        var lab = Lab.On("desktop");
        lab.Do(host => host.StopUnitAsync(s_gdm, default));
        Assert.Equal("closing", lab.Look().FindSession("2")!.State);
        lab.Pass(1);
        Assert.Null(lab.Look().FindSession("2"));
        Assert.DoesNotContain(lab.Look().Holders, holder => holder.Name is "gnome-shell" or "systemd" or "systemd-logind");
        Assert.Equal("inactive", lab.Look().DisplayManager!.Unit.ActiveState);
    }

    [Fact]
    public void A_sound_server_outlives_the_session_by_ten_seconds()
    {
        var lab = Lab.On("desktop");
        lab.Do(host => host.StopUnitAsync(s_gdm, default));
        lab.Pass(5);
        Assert.Contains(lab.Look().Holders, holder => holder.Name == "wireplumber");
        lab.Pass(10);
        Assert.DoesNotContain(lab.Look().Holders, holder => holder.Name == "wireplumber");
    }

    [Fact]
    public void A_user_who_is_logged_in_elsewhere_keeps_his_services()
    {
        var machine = Machines.Find("desktop")!.Machine;
        var lab = new Lab(machine with
        {
            Sessions = machine.Sessions.Add(machine.Sessions[^1] with { Id = "9", Type = "tty", Vt = null, Seat = null }),
        });
        lab.Do(host => host.StopUnitAsync(s_gdm, default));
        lab.Pass(60);
        Assert.Contains(lab.Look().Holders, holder => holder.Name == "wireplumber");
    }

    [Fact]
    public void Starting_it_shows_a_login_screen_after_a_while_that_opens_every_card()
    {
        var lab = Lab.On("desktop");
        lab.Do(host => host.StopUnitAsync(s_gdm, default));
        lab.Pass(20);
        lab.Do(host => host.StartUnitAsync(s_gdm, default));
        Assert.DoesNotContain(lab.Look().Sessions, session => session.IsGraphical);
        lab.Pass(4);
        Assert.True(Assert.Single(lab.Look().Sessions, session => session.IsGraphical).IsGreeter);
        Assert.Contains(lab.Look().Holders, holder => holder.Name == "gnome-shell" && holder.User == "gdm" && holder.Holds(s_card));
    }

    [Fact]
    public void What_is_started_while_it_stops_is_up_in_the_end()
    {
        var lab = Lab.On("desktop");
        lab.Do(host => Task.WhenAll(host.StopUnitAsync(s_gdm, default), host.StartUnitAsync(s_gdm, default)));
        lab.Pass(20);
        Assert.True(lab.Look().DisplayManager!.Unit.IsActive);
        Assert.True(Assert.Single(lab.Look().Sessions, session => session.IsGraphical).IsGreeter);
    }

    [Fact]
    public void Where_the_machine_says_so_the_user_is_logged_in_instead()
    {
        var machine = Machines.Find("desktop")!.Machine;
        var lab = new Lab(machine with { Desktop = machine.Desktop! with { AutoLogin = Machines.Fernando } });
        lab.Do(host => host.StopUnitAsync(s_gdm, default));
        lab.Pass(20);
        lab.Do(host => host.StartUnitAsync(s_gdm, default));
        lab.Pass(4);
        Assert.Equal("fernando", Assert.Single(lab.Look().Sessions, session => session.IsGraphical).User);
        Assert.Contains(lab.Look().Holders, holder => holder.Name == "wireplumber");
    }

    [Fact]
    public void M9_a_session_can_survive_its_display_manager_and_is_ended_by_logind()
    {
        var machine = Machines.Find("desktop")!.Machine;
        var lab = new Lab(machine with { Desktop = machine.Desktop! with { SessionsSurvive = true } });
        lab.Do(host => host.StopUnitAsync(s_gdm, default));
        lab.Pass(20);
        Assert.Equal("active", lab.Look().FindSession("2")!.State);
        lab.Do(host => host.EndSessionAsync("2", default));
        lab.Pass(1);
        Assert.Null(lab.Look().FindSession("2"));
    }

    [Theory]
    [InlineData("amd", "kwin_wayland", true)]
    [InlineData("desktop", "gnome-shell", false)]
    public void A_card_that_appears_under_a_running_compositor_is_grabbed_or_crashes_it(string name, string compositor, bool survives)
    {
        var machine = Machines.Find(name)!.Machine;
        var without = machine
            .End(process => process.Open.Any(open => open.Node.Device == s_card))
            .Change(m => PciVerbs.Unbound(m, m.Find(s_card)!));
        var desktop = machine.Desktop!;
        var lab = new Lab(SessionVerbs.LogIn(
            without with { Sessions = [.. without.Sessions.Where(session => !session.IsGraphical)] }, Machines.Fernando) with
        {
            Desktop = desktop,
        });
        var pid = lab.Machine.Processes.Single(process => process.Software.Name == compositor).Pid;
        lab.Do(host => host.ProbeAsync(s_card, default));
        lab.Pass(1);
        Assert.Equal(survives, lab.Look().Holders.Any(holder => holder.Pid == pid && holder.Holds(s_card)));
        Assert.Equal(survives, lab.Machine.Processes.Any(process => process.Pid == pid));
    }

    [Fact]
    public void A_program_that_ignores_SIGTERM_goes_only_by_SIGKILL_five_seconds_later()
    {
        var lab = Lab.On("stubborn");
        var training = lab.Look().Holders.Single(holder => holder.Name == "python3");
        Assert.ThrowsAny<OperationCanceledException>(() => lab.Do(async host =>
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60), lab.Clock);
            await host.EndProcessAsync(training.Pid, training.StartTime, EndSignal.Terminate, patience.Token);
        }));
        lab.Do(host => host.EndProcessAsync(training.Pid, training.StartTime + 1, EndSignal.Kill, default));
        Assert.Contains(lab.Look().Holders, holder => holder.Pid == training.Pid);
        lab.Do(host => host.EndProcessAsync(training.Pid, training.StartTime, EndSignal.Kill, default));
        Assert.DoesNotContain(lab.Look().Holders, holder => holder.Pid == training.Pid);
    }

    [Fact]
    public void A_service_that_is_killed_comes_back_and_one_that_is_stopped_does_not()
    {
        var name = new UnitName("ollama.service");
        var service = new Service(name, [new Software("ollama") { Opens = [NodeKind.Nvidia] }]) { Restarts = true };
        var lab = new Lab(UnitVerbs.Run(Machines.Find("desktop")!.Machine.WithServices(service), name));
        var first = lab.Look().Holders.Single(holder => holder.Name == "ollama");
        lab.Do(host => host.EndProcessAsync(first.Pid, first.StartTime, EndSignal.Terminate, default));
        lab.Pass(2);
        Assert.NotEqual(first.Pid, lab.Look().Holders.Single(holder => holder.Name == "ollama").Pid);
        lab.Do(host => host.StopUnitAsync(name, default));
        lab.Pass(10);
        Assert.DoesNotContain(lab.Look().Holders, holder => holder.Name == "ollama");
    }

    [Fact]
    public void A_stopped_sound_server_is_back_through_its_socket_while_its_desktop_lives()
    {
        var name = new UnitName("wireplumber.service", 1000);
        var machine = Machines.Find("desktop")!.Machine;
        var lab = new Lab(machine.With(machine.FindService(name)! with { ComesBackAfter = TimeSpan.FromSeconds(2) }));
        lab.Do(host => host.StopUnitAsync(name, default));
        Assert.DoesNotContain(lab.Look().Holders, holder => holder.Name == "wireplumber");
        lab.Pass(3);
        Assert.Contains(lab.Look().Holders, holder => holder.Name == "wireplumber");
    }

    [Fact]
    public void A_service_that_needs_the_driver_fails_without_it()
    {
        var lab = Lab.On("interrupted");
        Assert.Throws<HostException>(() => lab.Do(host => host.StartUnitAsync(new UnitName("nvidia-persistenced.service"), default)));
    }
}
