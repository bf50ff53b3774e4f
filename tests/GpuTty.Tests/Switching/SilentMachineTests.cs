using GpuTty.Host;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Switching;

public sealed class SilentMachineTests
{
    [Fact]
    public void M32_a_machine_that_stops_answering_ends_the_step_and_not_the_worker()
    {
        var lab = Lab.On("kept-off");
        var steps = new StepRunner(new AnswersOnce(lab.Host), lab.Host, lab.Clock, lab.Look(), Machines.Card);
        StepFailure? failure = null;
        lab.Clock.Run(async () => failure = await steps.TakeAsync(new AimDevice(Machines.Card, null, "vfio-pci"), _ => { }, CancellationToken.None));
        Assert.Contains("did not happen within", failure?.Problem, StringComparison.Ordinal);
    }

    /// <summary>The kernel's files block from the second look on.</summary>
    private sealed class AnswersOnce(IHostReader machine) : IHostReader
    {
        private int _looks;

        public async Task<HostSnapshot> ReadAsync(Facts facts, HostSnapshot? before, CancellationToken cancel)
        {
            if (_looks++ > 0) await Task.Delay(Timeout.Infinite, cancel);
            return await machine.ReadAsync(facts, before, cancel);
        }

        public Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancel) => machine.WaitForChangeAsync(atMost, cancel);
    }
}
