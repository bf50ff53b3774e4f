using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tests.Cli;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Switching;

/// <summary>
/// Two drivers offer themselves for one card, and only their probes tell which of them takes it. Where nobody remembers which it was,
/// because the card went to vfio-pci at boot, the second is tried where the first refuses.
/// </summary>
public sealed class RefusingDriverTests
{
    private static readonly PciAddress s_gpu = PciAddress.Parse("01:00.0");

    /// <summary>amdgpu is there for the processor's graphics, and so comes first; radeon, i915 and xe are loaded for the card.</summary>
    [Theory]
    [InlineData("radeon", "amdgpu", "radeon", "6.12.48-amd64")]
    [InlineData("amdgpu", "radeon", "radeon", "6.12.48-amd64")]
    [InlineData("amdgpu", "radeon", "radeon", "7.2.0")]
    [InlineData("", "i915", "xe", "6.12.48-amd64")]
    [InlineData("i915", "xe", "xe", "6.12.48-amd64")]
    [InlineData("i915", "xe", "xe", "7.2.0")]
    [InlineData("", "i915", "xe", "7.2.0")]
    public void A_card_that_one_driver_refuses_comes_home_to_the_other_and_goes_back_and_forth(
        string refuses, string takes, string one, string kernel)
    {
        var lab = new Lab((one == "xe" ? Arc(refuses) : Radeon(refuses)) with { Kernel = kernel });
        var plan = lab.Plan(Direction.ToHost);
        Assert.Equal(one == "xe" ? ["i915", "xe"] : ["amdgpu", "radeon"], Bind(plan).Ways().Select(way => way.Driver));
        Assert.Equal(Outcome.Switched, lab.Run(plan));
        Assert.Equal((takes, null), (lab.Device("01:00.0").Driver, lab.Device("01:00.0").DriverOverride));
        Assert.IsType<PlanResult.AlreadyThere>(
            SwitchPlanner.Plan(lab.Look(), new SwitchIntent(s_gpu, Direction.ToHost, EndSessions: true)));

        // Now it is remembered, and nothing is guessed.
        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToVm, holders: HolderConsent.Terminate));
        var back = lab.Plan(Direction.ToHost);
        Assert.Equal([takes], Bind(back).Ways().Select(way => way.Driver));
        Assert.Equal(Outcome.Switched, lab.Run(back));
        Assert.Equal(takes, lab.Device("01:00.0").Driver);
    }

    [Theory]
    [InlineData("", "6.12.48-amd64")]
    [InlineData("amdgpu", "6.12.48-amd64")]
    [InlineData("amdgpu", "7.2.0")]
    public void A_way_home_that_fails_after_that_takes_the_card_off_whichever_driver_has_it(string refuses, string kernel)
    {
        var machine = Radeon(refuses) with { Kernel = kernel };
        var lab = new Lab(machine, new FaultPlan(new Fault(FaultKind.Refused, Verb.Probe, "0000:01:00.1")));
        Assert.Equal(Outcome.TakenBack, lab.Run(Direction.ToHost));
        Assert.Equal(
            machine.Devices.Select(device => (device.Address, device.Driver, device.DriverOverride)),
            lab.Machine.Devices.Select(device => (device.Address, device.Driver, device.DriverOverride)));
    }

    [Fact]
    public void Where_both_refuse_the_card_goes_back_to_vfio_pci_and_it_is_said_that_it_had_no_driver()
    {
        var lab = new Lab(Radeon("radeon", "amdgpu"));
        Assert.Equal(Outcome.TakenBack, lab.Run(Direction.ToHost));
        Assert.Equal(Owner.Vfio, lab.OwnerOf(s_gpu));
        Assert.Contains("to amdgpu, or else to radeon", lab.Summary, StringComparison.Ordinal);
        Assert.Contains("01:00.0 has no driver yet", lab.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_is_not_closed_has_ended_well_whichever_driver_took_the_card()
    {
        var lab = new Lab(Radeon("amdgpu"));
        lab.Run(Direction.ToHost);
        var whole = RunState.Fold(lab.Journal.Where(entry => entry is not RunEvent.Closed))!;
        Assert.Equal(Outcome.Switched, InterruptedRun.EndOf(whole, lab.Look()));
        var bind = whole.Steps.Single(step => step.Step is BindDevice bind && bind.Device == s_gpu).Step;
        Assert.Equal("radeon", Assert.IsType<UnloadModule>(bind.Undo(lab.Look())).Driver);
        Assert.False(bind.Undo(lab.Look())!.HasHappened(lab.Look()));
    }

    /// <summary>The proprietary driver of the newer card beside it leaves an old one alone.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_old_card_of_NVIDIAs_that_the_proprietary_driver_ignores_comes_home_to_nouveau(bool isLoaded)
    {
        var machine = ReservedAtBoot.Boot();
        machine = machine with
        {
            Devices = [.. machine.Devices.Select(device =>
                device.Address == s_gpu ? device with { CandidateModules = ["nvidia_drm", "nvidia", "nouveau"] } : device)],
            Modules = [.. machine.Modules.Select(module => module.Name == "nvidia"
                ? module with { Refuses = [s_gpu], IsLoaded = isLoaded }
                : module)],
        };
        var lab = new Lab(machine);
        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToHost));
        Assert.Equal(("nouveau", null), (lab.Device("01:00.0").Driver, lab.Device("01:00.0").DriverOverride));
    }

    [Fact]
    public void The_plan_says_which_drivers_are_tried_and_how()
    {
        var plan = new Lab(Radeon()).Plan(Direction.ToHost);
        Assert.Equal("Bind 01:00.0 to amdgpu, or else to radeon", Bind(plan).Describe());
        Assert.Equal(
            """
            echo amdgpu > /sys/bus/pci/devices/0000:01:00.0/driver_override
            modprobe amdgpu
            echo 0000:01:00.0 > /sys/bus/pci/drivers_probe
            test -e /sys/bus/pci/devices/0000:01:00.0/driver || echo radeon > /sys/bus/pci/devices/0000:01:00.0/driver_override
            test -e /sys/bus/pci/devices/0000:01:00.0/driver || modprobe radeon
            test -e /sys/bus/pci/devices/0000:01:00.0/driver || echo 0000:01:00.0 > /sys/bus/pci/drivers_probe
            """,
            Bind(plan).Command());
        Assert.Contains("or else to radeon", Gputty.On(Radeon(), []).Run("plan", "host", "--end-sessions").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_driver_that_may_not_be_loaded_is_none_of_them()
    {
        var machine = Radeon();
        machine = machine with
        {
            ModuleSettings = machine.ModuleSettings with { Rules = [new(ModuleRuleKind.Blacklist, "radeon", "x.conf")] },
        };
        Assert.Equal(["amdgpu"], Bind(new Lab(machine).Plan(Direction.ToHost)).Ways().Select(way => way.Driver));
    }

    [Theory]
    [InlineData("i915.force_probe=!56a0 xe.force_probe=56a0", "xe", "i915")]
    [InlineData("i915.force_probe=!56A0", "xe", "i915")]
    [InlineData("i915.force_probe=4680,!* xe.force_probe=!4680", "xe", "i915")]
    [InlineData("i915.force_probe=!4680", "i915", "xe")]
    [InlineData("i915.force_probe=!56a0 i915.force_probe=56a0", "i915", "xe")]
    [InlineData("quiet", "i915", "xe")]
    public void An_Arc_that_one_driver_is_told_to_leave_alone_is_given_to_the_other_first(string commandLine, params string[] drivers)
    {
        var machine = Arc() with { CommandLine = commandLine };
        Assert.Equal(drivers, Bind(new Lab(machine).Plan(Direction.ToHost)).Ways().Select(way => way.Driver));
    }

    private static BindDevice Bind(SwitchPlan plan) => plan.Steps.OfType<BindDevice>().Single(step => step.Device == s_gpu);

    /// <summary>An old Radeon for virtual machines beside the processor's graphics, which amdgpu drives.</summary>
    private static Machine Radeon(params string[] refusing) => With(PciId.Amd, ["radeon", "amdgpu"], refusing);

    private static Machine Arc(params string[] refusing) => With(PciId.Intel, ["i915", "xe"], refusing);

    private static Machine With(int maker, string[] offered, string[] refusing)
    {
        var machine = Machines.Find("amd")!.Machine;
        machine = ReservedAtBoot.Reserve(
            machine.With(machine.Find(s_gpu)! with { Id = new PciId(maker, 0x56a0), CandidateModules = [.. offered] }), s_gpu);
        return machine with
        {
            Modules = [.. machine.Modules.Append(new ModuleFile("radeon", "radeon")).Append(new ModuleFile("xe", "xe"))
                .Select(module => refusing.Contains(module.Name) ? module with { Refuses = [s_gpu] } : module)],
        };
    }
}
