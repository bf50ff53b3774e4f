using GpuTty.Host;

namespace GpuTty.Simulation;

/// <summary>One viewer of a pretend machine: what has changed since its own last look is news, however many others look as well.</summary>
internal sealed class SimulatedView(SimulatedHost host) : IHostReader
{
    private Machine? _seen;

    public Task<HostSnapshot> ReadAsync(SnapshotSections facts, HostSnapshot? before, CancellationToken cancel)
    {
        _seen = host.Machine;
        return host.ReadAsync(facts, before, cancel);
    }

    public Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancel) =>
        _seen is { } last && host.Machine is var now && now with { Now = last.Now } != last
            ? Task.CompletedTask : host.WaitForChangeAsync(atMost, cancel);
}
