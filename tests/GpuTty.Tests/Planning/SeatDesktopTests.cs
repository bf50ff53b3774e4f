using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Desktop;
using GpuTty.Planning.Holders;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Planning;

/// <summary>What belongs to the desktop ends with it, and nothing else does.</summary>
public sealed class SeatDesktopTests
{
    private static readonly UnitName s_target = new("graphical-session.target", 1000);

    [Theory]
    [InlineData("console-kde")]
    [InlineData("console-gnome")]
    public void Who_is_logged_in_at_tty3_as_well_agrees_once_and_nothing_of_the_desktop_is_started_by_hand(string name)
    {
        var lab = Lab.On(name);
        var refused = Assert.IsType<PlanResult.Blocked>(SwitchPlanner.Plan(lab.Look(), new SwitchIntent(Machines.Card, Direction.ToVm)));
        Assert.IsType<Obstacle.SessionsWouldEnd>(Assert.Single(refused.Obstacles));

        var plan = lab.Plan(Direction.ToVm);
        Assert.Equal(DesktopImpact.Restart, plan.DesktopImpact);
        Assert.Contains(plan.Steps, step => step is EndUnit end && end.Unit == s_target);
        Assert.DoesNotContain(
            plan.Steps,
            step =>
                step is EndProcess
                || step is StartUnit { Unit: { Uid: not null, Name: not ("wireplumber.service" or "pipewire.service") } });
        Assert.Equal(Outcome.Switched, lab.Run(plan));
        Assert.Equal(Owner.Vfio, lab.OwnerOf(Machines.Card));
        Assert.Contains(lab.Look().Sessions, session => session is { Id: "4", State: "active" });
        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToHost));
        Assert.Equal(Owner.HostDriver, lab.OwnerOf(Machines.Card));
    }

    [Fact]
    public void What_a_user_manager_keeps_of_the_desktop_is_ended_after_the_session_and_his_sound_comes_back()
    {
        var steps = Lab.On("console-gnome").Plan(Direction.ToVm).Steps;
        var session = steps.IndexOf(steps.Single(step => step is EndSession));
        foreach (var unit in (string[])["app-viewer@abc.service", "app-editor-7.scope"])
            Assert.True(session < steps.IndexOf(steps.Single(step => step is EndUnit end && end.Unit == new UnitName(unit, 1000))));
        Assert.Contains(steps, step => step is StartUnit { Unit.Name: "wireplumber.service" });
    }

    [Theory]
    [InlineData(false, "End app-viewer@abc.service", "systemctl --user --machine=1000@.host stop app-viewer@abc.service")]
    [InlineData(true, "Wait until app-viewer@abc.service", "")]
    public void No_command_is_shown_for_a_unit_that_refuses_to_be_stopped(bool refuses, string says, string command)
    {
        var host = Lab.On("console-gnome").Look();
        var unit = new SystemdUnit(new UnitName("app-viewer@abc.service", 1000), "active")
        {
            Traits = new UnitTraits { RefusesStop = refuses },
        };
        host = host with { Units = [.. host.Units.Where(other => other.Name != unit.Name), unit] };
        var ready = Assert.IsType<PlanResult.Ready>(SwitchPlanner.Plan(
            host, new SwitchIntent(Machines.Card, Direction.ToVm, EndSessions: true)));
        var end = ready.Plan.Steps.OfType<EndUnit>().Single(step => step.Unit == unit.Name);
        Assert.StartsWith(says, end.Describe(), StringComparison.Ordinal);
        Assert.Equal(command, end.Command());
    }

    [Fact]
    public void The_user_manager_as_a_session_of_its_own_makes_nobody_a_stranger()
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot();
        var manager = new LoginSession
        {
            Id = "3",
            Uid = 1000,
            User = "fernando",
            Type = "unspecified",
            Class = "manager",
            State = "active",
        };
        host = host with { Sessions = host.Sessions.Add(manager) };
        var ready =
            Assert.IsType<PlanResult.Ready>(SwitchPlanner.Plan(host, new SwitchIntent(Machines.Card, Direction.ToVm, EndSessions: true)));
        Assert.DoesNotContain(ready.Plan.Steps, step => step is EndUnit or EndProcess);
    }

    [Theory]
    [InlineData("user", true, true)]
    [InlineData("user-early", true, true)]
    [InlineData("user-light", true, true)]
    [InlineData("user-early-light", true, true)]
    [InlineData("user-incomplete", true, true)]
    [InlineData("greeter", false, true)]
    [InlineData("lock-screen", false, true)]
    [InlineData("background", false, true)]
    [InlineData("background-light", false, true)]
    [InlineData("manager", false, false)]
    [InlineData("manager-early", false, false)]
    [InlineData("none", false, false)]
    [InlineData("of-the-future", true, true)]
    public void A_class_of_sessions_means_what_logind_means_by_it(string name, bool isPersons, bool keepsManager) =>
        Assert.Equal((isPersons, keepsManager), (SessionClass.IsPersons(name), SessionClass.KeepsManager(name)));

    [Fact]
    public void A_lingering_users_service_is_stopped_by_name_and_comes_back()
    {
        var lab = Lab.On("lingering");
        var service = new UnitName("sunshine.service", 1000);
        var refused = Assert.IsType<PlanResult.Blocked>(SwitchPlanner.Plan(
            lab.Look(), new SwitchIntent(Machines.Card, Direction.ToVm, EndSessions: true)));
        Assert.Contains("sunshine", Assert.IsType<Obstacle.InUse>(Assert.Single(refused.Obstacles)).Problem, StringComparison.Ordinal);
        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToVm, holders: HolderConsent.Terminate));
        Assert.True(lab.Machine.FindService(service)!.IsActive);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("seat1")]
    public void A_session_of_another_seat_or_of_none_is_not_closed_with_the_desktop(string? seat)
    {
        var machine = Machines.Find("vnc")!.Machine;
        var lab = new Lab(machine with
        {
            Sessions = [.. machine.Sessions.Select(session => session.Id == "8" ? session with { Seat = seat } : session)],
        });
        var plan = lab.Plan(Direction.ToVm, holders: HolderConsent.Terminate);
        Assert.Equal("2", Assert.Single(plan.Steps.OfType<EndSession>()).Session);
        Assert.Equal("blender", Assert.Single(plan.Steps.OfType<EndProcess>()).Name);
        Assert.Equal(Outcome.Switched, lab.Run(plan));
        Assert.Contains(lab.Look().Sessions, session => session is { Id: "8", State: "active" });
    }

    [Fact]
    public void A_session_of_another_seat_that_the_same_display_manager_serves_would_be_closed_as_well_and_is_named()
    {
        var machine = Machines.Find("vnc")!.Machine;
        var lab = new Lab(machine with
        {
            Sessions = [.. machine.Sessions.Select(session =>
                session.Id == "8" ? session with { Seat = "seat1", StartedBy = "gdm.service" } : session)],
        });
        var refused = Assert.IsType<PlanResult.Blocked>(SwitchPlanner.Plan(lab.Look(), new SwitchIntent(Machines.Card, Direction.ToVm)));
        Assert.Contains(
            "session 8 · ada",
            Assert.IsType<Obstacle.SessionsWouldEnd>(Assert.Single(refused.Obstacles)).Problem,
            StringComparison.Ordinal);
        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToVm));
        Assert.Null(lab.Look().FindSession("8"));
    }

    [Fact]
    public void A_desktop_over_VNC_is_not_the_desktop_that_is_waited_for()
    {
        var host = Machines.Find("vnc")!.Machine.Snapshot();
        Assert.True(new AwaitDesktop().HasHappened(host));
        Assert.False(new AwaitDesktop().HasHappened(host with { Sessions = [.. host.Sessions.Where(session => session.Id != "2")] }));
    }

    [Fact]
    public void A_console_where_somebody_is_logged_in_by_itself_is_not_the_desktop_that_is_waited_for()
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot();
        var getty = new UnitName("getty@tty3.service");
        var console = host.FindSession("1")! with { Seat = LoginSession.MainSeat, StartedBy = getty.Name };
        var alone = host with { Sessions = [console] };
        Assert.False(new AwaitDesktop { Unit = host.DisplayManager!.Unit.Name }.HasHappened(alone));
        Assert.True(new AwaitDesktop { Unit = getty }.HasHappened(alone));
        Assert.True(new AwaitDesktop { Unit = host.DisplayManager.Unit.Name }.HasHappened(host));
    }

    [Fact]
    public void A_desktop_that_a_getty_starts_by_itself_is_stopped_at_the_getty_and_comes_back()
    {
        var lab = Lab.On("autologin");
        var getty = new UnitName("getty@tty1.service");
        var plan = lab.Plan(Direction.ToVm);
        Assert.True(plan.Steps.IndexOf(plan.Steps
            .OfType<StopUnit>()
            .Single(stop => stop.Unit == getty)) < plan.Steps.IndexOf(plan.Steps.OfType<EndSession>().Single()));
        Assert.DoesNotContain(plan.Consequences, cost => cost.Text.Contains("yourself", StringComparison.Ordinal));
        Assert.Equal(Outcome.Switched, lab.Run(plan));
        Assert.Contains(lab.Look().Sessions, session => session is { IsGraphical: true, State: "active", StartedBy: "getty@tty1.service" });
    }

    [Fact]
    public void A_desktop_that_was_typed_at_a_console_can_be_closed_and_is_not_said_to_come_back()
    {
        var lab = Lab.On("startx");
        var refused = Assert.IsType<PlanResult.Blocked>(SwitchPlanner.Plan(lab.Look(), new SwitchIntent(Machines.Card, Direction.ToVm)));
        Assert.IsType<Obstacle.SessionsWouldEnd>(Assert.Single(refused.Obstacles));
        var plan = lab.Plan(Direction.ToVm);
        Assert.Equal("2", Assert.Single(plan.Steps.OfType<EndSession>()).Session);
        Assert.DoesNotContain(
            plan.Steps, step => step is AwaitDesktop or EndProcess || step is StopUnit { Unit.Name: "getty@tty1.service" });
        Assert.Contains(plan.Consequences, cost => cost.Text.Contains("start it yourself", StringComparison.Ordinal));
        Assert.Equal(Outcome.Switched, lab.Run(plan));
    }

    [Fact]
    public void Who_types_at_the_console_that_draws_is_inside_it()
    {
        var host = Machines.Find("startx")!.Machine.Snapshot();
        var blocked = Assert.IsType<PlanResult.Blocked>(SwitchPlanner.Plan(
            host with { Caller = host.Caller with { Session = "2", Vt = null } },
            new SwitchIntent(Machines.Card, Direction.ToVm, EndSessions: true)));
        Assert.Contains(blocked.Obstacles, obstacle => obstacle is Obstacle.InsideDesktop);
    }

    [Fact]
    public void Without_systemd_the_desktop_is_named_and_left_to_the_user()
    {
        var host = Machines.Find("openrc")!.Machine.Snapshot();
        var blocked = Assert.IsType<PlanResult.Blocked>(SwitchPlanner.Plan(
            host, new SwitchIntent(Machines.Card, Direction.ToVm, EndSessions: true, HolderConsent.Kill)));
        var byHand = Assert.IsType<Obstacle.DesktopByHand>(Assert.Single(blocked.Obstacles));
        Assert.Contains("XFCE on tty7", byHand.Problem, StringComparison.Ordinal);
        Assert.Contains("rc-service display-manager stop", byHand.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void The_manager_of_the_seat_goes_on_running_and_is_never_told_to_be_closed()
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot();
        var logind = host.Holders.Single(holder => holder.Name == "systemd-logind");
        Assert.Equal(HolderActionKind.ReleasedWithSession, HolderAction.Of(logind, host, Card.FindAt(host, Machines.Card)!).Kind);
        var alone = host with
        {
            Holders = [logind],
            Sessions = [.. host.Sessions.Where(session => !session.IsGraphical)],
            DisplayManager = null,
        };
        var blocked = Assert.IsType<PlanResult.Blocked>(SwitchPlanner.Plan(
            alone, new SwitchIntent(Machines.Card, Direction.ToVm, EndSessions: true, HolderConsent.Kill)));
        Assert.DoesNotContain(
            "lose it yourself",
            Assert.IsType<Obstacle.SeatManagerHolds>(Assert.Single(blocked.Obstacles)).Remedy,
            StringComparison.Ordinal);
    }

    /// <summary>As services of the administrator's own are usually written: Wants= and After= of the target.</summary>
    [Theory]
    [InlineData("network.target")]
    [InlineData("network-pre.target network.target network-online.target")]
    public void A_service_that_only_uses_the_network_is_stopped_for_the_switch_and_started_again(string wanted)
    {
        var host = Machines.Find("kept-off")!.Machine.Snapshot();
        var unit = new UnitName("ollama.service");
        host = host with
        {
            Holders =
            [
                new Holder
                {
                    Pid = 950,
                    StartTime = 1,
                    Name = "ollama",
                    Uid = 0,
                    Unit = unit.Name,
                    Nodes = [new HeldNode("/dev/nvidia0", NodeKind.Nvidia, Machines.Card, null, 5)],
                },
            ],
            Units =
            [
                new SystemdUnit(unit, "active")
                {
                    Traits = new UnitTraits { Wants = wanted, Before = "multi-user.target shutdown.target" },
                },
            ],
        };
        var plan = Assert.IsType<PlanResult.Ready>(SwitchPlanner.Plan(
            host, new SwitchIntent(Machines.Card, Direction.ToVm, true, HolderConsent.Terminate))).Plan;
        Assert.Contains(plan.Steps, step => step is StopUnit stop && stop.Unit == unit);
    }

    [Theory]
    [InlineData("early boot", "systemd-udevd.service")]
    [InlineData("refuses", "important.service")]
    [InlineData("network", "NetworkManager.service")]
    [InlineData("firewall", "nftables.service")]
    [InlineData("order not told", "NetworkManager.service")]
    [InlineData("basic", "something.service")]
    [InlineData("bus", "dbus.service")]
    [InlineData("own", "ssh.service")]
    public void What_the_system_or_the_own_login_runs_on_is_never_stopped(string why, string name)
    {
        var host = Machines.Find("kept-off")!.Machine.Snapshot();
        var traits = why switch
        {
            "early boot" => new UnitTraits { HasDefaultDependencies = false },
            "refuses" => new UnitTraits { RefusesStop = true },
            "network" => new UnitTraits { Wants = "network.target dbus.socket", Before = "network.target shutdown.target" },
            "firewall" => new UnitTraits { Wants = "network-pre.target", Before = "network-pre.target" },
            "order not told" => new UnitTraits { Wants = "network.target" },
            "basic" => new UnitTraits { WantedBy = "basic.target" },
            _ => new UnitTraits(),
        };
        var holder = new Holder
        {
            Pid = 950,
            StartTime = 1,
            Name = "x",
            Uid = 0,
            Unit = name,
            Nodes = [new HeldNode("/dev/nvidia0", NodeKind.Nvidia, Machines.Card, null, 5)],
        };
        host = host with
        {
            Holders = [holder],
            Units = [new SystemdUnit(new UnitName(name), "active") { Traits = traits }],
            Caller = host.Caller with { Units = why == "own" ? [name] : [] },
        };
        var blocked = Assert.IsType<PlanResult.Blocked>(SwitchPlanner.Plan(
            host, new SwitchIntent(Machines.Card, Direction.ToVm, true, HolderConsent.Kill)));
        Assert.Contains(name, Assert.IsType<Obstacle.Untouchable>(Assert.Single(blocked.Obstacles)).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run-u12.service", "app.slice", false, false)]
    [InlineData("app-org.kde.konsole@1111.service", "app.slice", true, true)]
    [InlineData("vte-spawn-0b9e.scope", "app.slice", true, true)]
    [InlineData("tmux-spawn-0b9e.scope", "app.slice", true, false)]
    [InlineData("dbus-:1.2-org.kde.runners.baloo@0.service", "session.slice", true, true)]
    [InlineData("sunshine.service", "app.slice", null, false)]
    [InlineData("plasma-kwin_wayland.service", "session.slice", null, true)]
    [InlineData("xdg-desktop-portal.service", "app.slice", false, false)]
    public void Where_a_unit_of_the_users_manager_belongs(string unit, string slice, bool? isTransient, bool isOfDesktop)
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot();
        var holder = host.Holders.First(holder => holder.Name == "firefox") with { UserUnit = unit, UserSlice = slice };
        host = host with
        {
            Units = isTransient is { } told
                ? [new SystemdUnit(new UnitName(unit, 1000), "active") { Traits = new UnitTraits { IsTransient = told } }]
                : [],
        };
        Assert.Equal(isOfDesktop, SeatDesktop.IsOfGraphicalSession(host, holder));
    }

    [Theory]
    [InlineData("graphical-session.target", "", true)]
    [InlineData("gnome-session-initialized.target", "", true)]
    [InlineData("", "xdg-desktop-autostart.target", true)]
    [InlineData("", "default.target graphical-session.target", false)]
    [InlineData("default.target", "", false)]
    [InlineData("", "default.target", false)]
    public void A_unit_that_stops_or_starts_with_a_graphical_session_belongs_to_it(string partOf, string wantedBy, bool belongs) =>
        Assert.Equal(belongs, new UnitTraits { PartOf = partOf, WantedBy = wantedBy }.IsOfGraphicalSession);

    [Fact]
    public void What_ends_with_a_users_manager_is_waited_for_as_long_as_its_managers_say()
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot() with { UserStopDelay = TimeSpan.FromSeconds(30) };
        host = host with
        {
            Units = host.Units.Add(new SystemdUnit(new UnitName("user@1000.service"), "active")
            {
                Traits = new UnitTraits { StopTimeout = TimeSpan.FromSeconds(40) },
            }),
        };
        var ready =
            Assert.IsType<PlanResult.Ready>(SwitchPlanner.Plan(host, new SwitchIntent(Machines.Card, Direction.ToVm, EndSessions: true)));
        Assert.Equal(TimeSpan.FromSeconds(75), ready.Plan.Steps.OfType<AwaitRelease>().Single().Limit());
    }

    [Fact]
    public void Where_logind_ends_no_users_manager_the_desktop_is_ended_by_itself_and_nobody_waits_for_the_manager()
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot() with { UserStopDelay = Timeout.InfiniteTimeSpan };
        var ready =
            Assert.IsType<PlanResult.Ready>(SwitchPlanner.Plan(host, new SwitchIntent(Machines.Card, Direction.ToVm, EndSessions: true)));
        Assert.Contains(new UnitName("graphical-session.target", 1000), ready.Plan.Steps.OfType<EndUnit>().Select(step => step.Unit));
        Assert.Equal(TimeSpan.FromSeconds(15), ready.Plan.Steps.OfType<AwaitRelease>().Single().Limit());
    }

    [Fact]
    public void What_an_interrupted_switch_has_left_of_a_desktop_goes_with_the_consent_to_close_sessions()
    {
        var host = Machines.Find("console-gnome")!.Machine.Snapshot();
        host = host with
        {
            Sessions = [.. host.Sessions.Where(session => session.Id != "2")],
            Holders = [.. host.Holders.Where(holder => holder.Name is "viewer" or "editor")],
        };
        Assert.IsType<PlanResult.Blocked>(SwitchPlanner.Plan(host, new SwitchIntent(Machines.Card, Direction.ToVm)));
        var ready =
            Assert.IsType<PlanResult.Ready>(SwitchPlanner.Plan(host, new SwitchIntent(Machines.Card, Direction.ToVm, EndSessions: true)));
        Assert.Equal(["app-viewer@abc.service", "app-editor-7.scope"], ready.Plan.Steps.OfType<EndUnit>().Select(step => step.Unit.Name));
    }

    [Fact]
    public void A_transient_service_of_the_system_is_not_started_again_either()
    {
        var host = Machines.Find("kept-off")!.Machine.Snapshot();
        var unit = new UnitName("run-r7.service");
        var holder = new Holder
        {
            Pid = 950,
            StartTime = 1,
            Name = "train",
            Uid = 0,
            Unit = unit.Name,
            Nodes = [new HeldNode("/dev/nvidia0", NodeKind.Nvidia, Machines.Card, null, 5)],
        };
        host = host with
        {
            Holders = [holder],
            Units = [new SystemdUnit(unit, "active") { Traits = new UnitTraits { IsTransient = true } }],
        };
        var ready = Assert.IsType<PlanResult.Ready>(SwitchPlanner.Plan(
            host, new SwitchIntent(Machines.Card, Direction.ToVm, EndHolders: HolderConsent.Terminate)));
        Assert.Null(ready.Plan.Steps.OfType<EndUnit>().Single(step => step.Unit == unit).Undo());
        Assert.DoesNotContain(ready.Plan.Steps.OfType<SaveOriginalState>().Single().Memory.Units, known => known.Unit == unit);
    }
}
