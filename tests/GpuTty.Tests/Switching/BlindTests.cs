using GpuTty.Host;
using GpuTty.Planning.Plans;
using GpuTty.Switching;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Switching;

/// <summary>The machine can no longer be looked at in the middle of a switch.</summary>
public sealed class BlindTests
{
    [Fact]
    public void A_machine_that_cannot_be_looked_at_any_more_gets_its_desktop_back()
    {
        for (var last = 1; ; last++)
        {
            var lab = Lab.On("desktop");
            var desktop = lab.Machine.Desktop!.Unit;
            var reader = new Blinded(lab.Host, last);
            var outcome = Outcome.Refused;
            lab.Clock.Run(async () => outcome = await new SwitchRunner(reader, lab.Host, lab, lab.Clock, _ => { })
                .RunAsync(lab.Plan(Direction.ToVm), lab.Look(), CancellationToken.None));
            if (outcome == Outcome.Switched) return;
            lab.Pass(60);
            Assert.True(lab.Machine.FindService(desktop)!.IsActive, $"no desktop after {last} looks: {lab.Summary}");
            Assert.Contains("cannot be read", lab.Summary, StringComparison.Ordinal);
        }
    }

    /// <summary>Looks a number of times, and never again.</summary>
    private sealed class Blinded(IHostReader reader, int looks) : IHostReader
    {
        private int _looks = looks;

        public Task<HostSnapshot> ReadAsync(SnapshotSections facts, HostSnapshot? before, CancellationToken cancel) =>
            _looks-- > 0 ? reader.ReadAsync(facts, before, cancel) : throw new HostException("The machine cannot be read.", "Restart it.");

        public Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancel) => reader.WaitForChangeAsync(atMost, cancel);
    }
}
