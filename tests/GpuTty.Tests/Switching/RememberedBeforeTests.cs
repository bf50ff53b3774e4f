using GpuTty.Host;
using GpuTty.Planning.Plans;
using GpuTty.Steps;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Switching;

/// <summary>A switch that goes on from an interrupted one adds to what that has remembered.</summary>
public sealed class RememberedBeforeTests
{
    [Fact]
    public void Rolled_back_it_leaves_what_the_first_switch_has_remembered()
    {
        var first = Lab.On("kept-off");
        var memory = first.Plan(Direction.ToVm).Steps.OfType<SaveOriginalState>().Single().Memory;
        var before = memory with { Modules = [] };
        var lab = new Lab(first.Machine with { Memory = before });
        var step = lab.Plan(Direction.ToVm).Steps.OfType<SaveOriginalState>().Single();
        Assert.NotEmpty(step.Memory.Modules);

        lab.Do(host => step.ApplyAsync(host, default));
        Assert.True(lab.Machine.Memory.Knows(memory));
        lab.Do(host => step.Undo().ApplyAsync(host, default));

        Assert.Equal(before, lab.Machine.Memory);
    }

    [Fact]
    public void Without_anything_before_all_of_it_goes_again()
    {
        var lab = Lab.On("kept-off");
        var step = lab.Plan(Direction.ToVm).Steps.OfType<SaveOriginalState>().Single();
        Assert.Null(step.Before);
        lab.Do(host => step.ApplyAsync(host, default));
        lab.Do(host => step.Undo().ApplyAsync(host, default));
        Assert.Equal(OriginalState.Nothing, lab.Machine.Memory with { Uses = [] });
    }
}
