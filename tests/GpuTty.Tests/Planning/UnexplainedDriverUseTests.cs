using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Planning;

/// <summary>A card whose driver stays loaded for its twin, while something
/// unseen uses it: a descriptor on its way in a socket, or io_uring.</summary>
public sealed class UnexplainedDriverUseTests
{
    private static readonly PciAddress s_card = PciAddress.Parse("0000:0b:00.0");

    [Fact]
    public void M12_a_driver_with_references_that_nobody_explains_is_not_asked_to_let_go()
    {
        var lab = Lab.On("twins");
        lab.Host.Happen(UsedUnseen(2));
        var before = Lab.Shape(lab.Machine);
        var plan = lab.Plan(Direction.ToVm, s_card);
        Assert.Contains(plan.Consequences, loss => loss.Text.Contains("2 references of unknown origin", StringComparison.Ordinal));
        Assert.Equal(Outcome.TakenBack, lab.Run(plan));
        Assert.Contains(
            lab.Journal.OfType<RunEvent.Waiting>(),
            waiting => waiting.For.Contains("2 references of unknown origin", StringComparison.Ordinal));
        var failed = Assert.Single(lab.Journal.OfType<RunEvent.Failed>());
        Assert.Contains("gputty holders", failed.Remedy, StringComparison.Ordinal);
        Assert.Null(lab.Machine.Blocked);
        Assert.Equal(before, Lab.Shape(lab.Machine));
    }

    [Fact]
    public void M12_what_goes_away_in_time_is_waited_for()
    {
        Lab? lab = null;
        lab = new Lab(UsedUnseen(1)(Machines.Find("twins")!.Machine))
        {
            Hears = entry =>
            {
                if (entry is RunEvent.Waiting waiting && waiting.For.Contains("of unknown origin", StringComparison.Ordinal))
                    lab!.Host.Happen(UsedUnseen(0));
            },
        };
        Assert.Equal(Outcome.Switched, lab.Run(Direction.ToVm, s_card));
        Assert.Equal(Owner.Vfio, lab.OwnerOf(s_card));
    }

    [Fact]
    public void M12_where_the_kernel_does_not_count_the_plan_says_what_may_happen()
    {
        var host = Machines.Find("twins")!.Machine.Snapshot();
        var blind = host with { Modules = [.. host.Modules.Select(module => module with { References = null })] };
        Assert.DoesNotContain(Consequences(host), loss => loss.Text.Contains("Hidden users", StringComparison.Ordinal));
        Assert.Contains(
            Consequences(blind),
            loss => loss.Text.Contains("Hidden users of nvidia cannot be detected", StringComparison.Ordinal));
    }

    [Fact]
    public void M12_a_twin_s_program_that_maps_its_files_keeps_the_card_from_nobody_and_the_plan_says_what_cannot_be_told()
    {
        var host = UsedUnseen(4)(Machines.Find("twins")!.Machine).Snapshot();
        Assert.Equal(4, UnexplainedDriverUse.Of(host, "nvidia", "nvidia"));
        var twin = host.Devices.Single(device => device.Address == PciAddress.Parse("0000:0a:00.0"));
        var busy = host with
        {
            Holders = host.Holders.Add(new Holder
            {
                Pid = 4321,
                StartTime = 1,
                Name = "train",
                Uid = 1000,
                Nodes = [new HeldNode("/dev/nvidia0", NodeKind.Nvidia, twin.Address, null, null)],
            }),
        };
        Assert.Null(UnexplainedDriverUse.Of(busy, "nvidia", "nvidia"));
        Assert.Contains(
            Consequences(busy),
            loss => loss.Text.Contains("Hidden users of nvidia cannot be detected", StringComparison.Ordinal));
    }

    private static System.Collections.Immutable.ImmutableArray<Consequence> Consequences(HostSnapshot host) =>
        Assert.IsType<PlanResult.Ready>(SwitchPlanner.Plan(
            host, new SwitchIntent(s_card, Direction.ToVm, EndSessions: true))).Plan.Consequences;

    private static Func<Machine, Machine> UsedUnseen(int times) =>
        machine =>
            machine with
            {
                Modules = [.. machine.Modules.Select(module => module.Name == "nvidia" ? module with { KernelUses = times } : module)],
            };
}
