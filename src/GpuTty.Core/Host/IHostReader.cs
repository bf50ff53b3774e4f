namespace GpuTty.Host;

/// <summary>Looks at the machine. Never changes it, never throws for a fact
/// that cannot be told (see <see cref="HostSnapshot.Unknowns"/>).</summary>
public interface IHostReader
{
    /// <summary>A snapshot with the wanted facts read now and, where
    /// <paramref name="before"/> is given, the others taken from it.</summary>
    Task<HostSnapshot> ReadAsync(SnapshotSections facts, HostSnapshot? before, CancellationToken cancel);

    /// <summary>Returns when the machine may have changed (uevents, units,
    /// modules, processes) or the time is over, whichever comes first.</summary>
    Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancel);
}
