using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Planning;

/// <summary>Rules that hold for every plan of every machine.</summary>
public sealed class OrderTests
{
    public static TheoryData<string> Plans => Scenario.Names;

    [Theory, MemberData(nameof(Plans))]
    public void The_desktop_is_down_before_any_driver_loses_its_card(string name)
    {
        var (machine, plan) = Scenario.All[name];
        var stop = plan.Steps.IndexOf(plan.Steps.FirstOrDefault(step => step is StopUnit stop && stop.Unit == machine.Desktop?.Unit)!);
        if (plan.DesktopImpact != DesktopImpact.Restart) Assert.True(stop < 0);
        if (stop < 0) Assert.True(plan.DesktopImpact == DesktopImpact.Restart || !plan.Steps.Any(step => step is EndSession));
        else Assert.All(
            plan.Steps.Take(stop),
            step =>
                Assert.False(step is UnloadModule or UnbindDevice or EndSession, $"{step.Describe()} comes before the desktop is down"));
    }

    [Theory, MemberData(nameof(Plans))]
    public void O1_services_stop_before_modules_are_unloaded_and_modules_go_before_functions_are_unbound(string name)
    {
        var steps = Scenario.All[name].Plan.Steps;
        var host = Scenario.All[name].Machine.Snapshot();
        // Sound that keeps the graphics driver loaded has to let go first.
        var pinning = host.Devices.SelectMany(device => IntelSound.Of(host, device)).Select(sound => sound.Address).ToHashSet();
        string[] order = ["stop", "await", "unload", "unbind", "bind"];
        var ranks = steps.Select(step => Array.IndexOf(order, step switch
        {
            StopUnit or EndSession or EndProcess or StopContainer => "stop",
            AwaitRelease => "await",
            UnloadModule => "unload",
            UnbindDevice unbind when pinning.Contains(unbind.Device) => "unload",
            UnbindDevice => "unbind",
            BindDevice => "bind",
            _ => "",
        })).Where(rank => rank >= 0).ToList();
        Assert.Equal(ranks.Order(), ranks);
    }

    /// <summary>A program that refuses to end must not cost anybody a session first.</summary>
    [Theory, MemberData(nameof(Plans))]
    public void What_may_be_refused_comes_before_the_desktop_is_stopped_and_a_session_closed(string name)
    {
        var (machine, plan) = Scenario.All[name];
        var down = plan.Steps
            .Select((step, index) => (step, index))
            .Where(pair => pair.step is EndSession || (pair.step is StopUnit stop && stop.Unit == machine.Desktop!.Unit))
            .Select(pair => pair.index)
            .DefaultIfEmpty(int.MaxValue)
            .Min();
        Assert.All(
            plan.Steps.Select((step, index) => (step, index)).Where(pair => pair.step is EndProcess),
            pair => Assert.True(pair.index < down, $"{pair.step.Describe()} comes after the desktop is down"));
    }

    [Fact]
    public void A_program_that_does_not_listen_costs_nobody_a_session()
    {
        var lab = Lab.On("stubborn");
        var sessions = lab.Machine.Sessions.Select(session => session.Id).ToList();
        Assert.Equal(GpuTty.Switching.Outcome.TakenBack, lab.Run(Direction.ToVm, holders: HolderConsent.Terminate));
        Assert.Equal(sessions, lab.Machine.Sessions.Select(session => session.Id));
        Assert.True(lab.Machine.FindService(lab.Machine.Desktop!.Unit)!.IsActive);
        Assert.Contains("by force", lab.Journal.OfType<GpuTty.Switching.RunEvent.Failed>().Single().Remedy, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Plans))]
    public void A_module_goes_after_everything_that_needs_it(string name)
    {
        var (machine, plan) = Scenario.All[name];
        var gone = new HashSet<string>();
        foreach (var unload in plan.Steps.OfType<UnloadModule>())
        {
            Assert.All(machine.UsedBy(unload.Module), user => Assert.Contains(user, gone));
            gone.Add(unload.Module);
        }
    }

    [Theory, MemberData(nameof(Plans))]
    public void O1_aiming_comes_before_anything_else_that_is_written_to_PCI(string name)
    {
        var (machine, plan) = Scenario.All[name];
        var writes = plan.Steps.Where(step => step is SetDriverOverride or UnloadModule or UnbindDevice or BindDevice).ToList();
        var aims = writes.TakeWhile(step => step is SetDriverOverride).Select(DeviceOf).ToList();
        Assert.All(writes.Skip(aims.Count).Select(DeviceOf).OfType<PciAddress>(),
            device => Assert.True(aims.Contains(device) || machine.Find(device)!.DriverOverride == VfioSupport.Driver));
    }

    [Theory, MemberData(nameof(Plans))]
    public void M16_the_driver_of_virtual_machines_is_there_before_anything_can_fall_to_it(string name)
    {
        var (machine, plan) = Scenario.All[name];
        var load = plan.Steps.IndexOf(plan.Steps.FirstOrDefault(step => step is LoadModule { Module: VfioSupport.Driver })!);
        if (load < 0) Assert.True(plan.Intent.Direction != Direction.ToVm || machine.FindDriver(VfioSupport.Driver) is not null);
        else Assert.All(plan.Steps.Take(load), step => Assert.IsType<SaveOriginalState>(step));
    }

    [Theory, MemberData(nameof(Plans))]
    public void The_desktop_comes_up_last(string name)
    {
        var (machine, plan) = Scenario.All[name];
        var start = plan.Steps.IndexOf(plan.Steps.FirstOrDefault(step => step is StartUnit start && start.Unit == machine.Desktop?.Unit)!);
        if (start < 0) Assert.DoesNotContain(plan.Steps, step => step is StopUnit stop && stop.Unit == machine.Desktop?.Unit);
        else Assert.All(plan.Steps.Skip(start + 1), step => Assert.IsType<AwaitDesktop>(step));
    }

    [Theory, MemberData(nameof(Plans))]
    public void O2_nothing_outside_the_card_is_touched_and_no_bridge_ever(string name)
    {
        var (machine, plan) = Scenario.All[name];
        var card = Card.FindAt(machine.Snapshot(), plan.Intent.Card)!;
        foreach (var device in plan.Steps.Select(DeviceOf).OfType<PciAddress>())
        {
            Assert.True(card.Contains(device), $"{device} is not part of the card");
            Assert.False(machine.Find(device)!.IsBridge);
        }
    }

    [Theory, MemberData(nameof(Plans))]
    public void M21_no_command_uses_new_id_or_rescan_and_vfio_is_never_unloaded(string name)
    {
        var steps = Scenario.All[name].Plan.Steps;
        var all = steps.Concat(steps.Select(step => step.Undo()).OfType<Step>()).ToList();
        foreach (var word in (string[])["new_id", "rescan", "/remove"])
            Assert.All(all, step => Assert.DoesNotContain(word, step.Command(), StringComparison.Ordinal));
        Assert.DoesNotContain(all.OfType<UnloadModule>(), step => step.Module.StartsWith("vfio", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Plans))]
    public void M13_nobody_who_must_live_is_ended(string name)
    {
        var (machine, plan) = Scenario.All[name];
        Assert.DoesNotContain(plan.Steps.OfType<EndProcess>(), step => step.Pid <= 2 || machine.Caller.Ancestors.Contains(step.Pid));
        Assert.DoesNotContain(plan.Steps.OfType<EndSession>(), step => step.Session == machine.Caller.Session);
        Assert.DoesNotContain(
            plan.Steps.OfType<StopUnit>(),
            step =>
                step.Unit.Name is "systemd-logind.service" or "init.scope" || step.Unit.Name.StartsWith("user@", StringComparison.Ordinal));
    }

    private static PciAddress? DeviceOf(Step step) => step switch
    {
        SetDriverOverride driverOverride => driverOverride.Device,
        UnloadModule unload => unload.Device,
        UnbindDevice unbind => unbind.Device,
        BindDevice bind => bind.Device,
        _ => null,
    };
}
