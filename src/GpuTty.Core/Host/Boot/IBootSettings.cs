using System.Collections.Immutable;

namespace GpuTty.Host.Boot;

/// <summary>Which cards go to vfio-pci when the machine starts: a note of it,
/// a udev rule for each that always goes, and one service for all.</summary>
public interface IBootSettings
{
    /// <exception cref="HostException">The note is damaged, or only root may read it.</exception>
    BootChoices Choices();

    /// <summary>The files below /etc beside what was chosen.</summary>
    BootFiles Files(BootChoices choices);

    /// <summary>What there is and what of it is not as it has to be; asks the
    /// tools that list an initramfs, which takes seconds.</summary>
    /// <param name="kernel">Release that runs.</param>
    Task<BootState> ReadAsync(string kernel, CancellationToken cancel);

    /// <summary>Writes the note, and the files that follow from it; takes away those that nobody wants any more.</summary>
    /// <param name="change">From what is chosen to what is to be: nobody else chooses meanwhile.</param>
    /// <exception cref="HostException">It is as it was: a switch is running, say, or another choice is being written.</exception>
    void Keep(Func<BootChoices, BootChoices> change);

    /// <summary>Each file that <see cref="Keep"/> would write, with its text.</summary>
    ImmutableArray<(string Path, string Text)> FilesFor(BootChoices choices);
}

/// <summary>Paths of gputty's files for the start of the machine.</summary>
/// <param name="Wrong">Missing, or not as gputty writes them.</param>
/// <param name="Unwanted">There, though nothing was chosen that needs them.</param>
/// <param name="Older">As an earlier version wrote them; they do their work.</param>
public sealed record BootFiles(ImmutableArray<string> Wrong, ImmutableArray<string> Unwanted, ImmutableArray<string> Older)
{
    /// <summary>Rules among the older ones: these act in an initramfs too.</summary>
    public ImmutableArray<string> OlderRules => [.. Older.Where(IsRule)];

    public static bool IsRule(string path) => path.EndsWith(".rules", StringComparison.Ordinal);

    public static BootFiles None { get; } = new([], [], []);
}

/// <param name="Early">Modules in the initramfs and drivers in the kernel itself; null where that is unknown.</param>
/// <param name="EarlyProblem">Why not, in a clause; null where it was told.</param>
public sealed record BootState(
    BootChoices Choices, BootFiles Files, ImmutableHashSet<string>? Early, string? EarlyProblem);

/// <summary>A machine that is not started: the demo's.</summary>
/// <param name="files">What would be written on a real machine; null where nobody is told.</param>
public sealed class NoBootSettings(Func<BootChoices, ImmutableArray<(string Path, string Text)>>? files = null) : IBootSettings
{
    public BootChoices Choices() => BootChoices.None;

    public BootFiles Files(BootChoices choices) => BootFiles.None;

    public Task<BootState> ReadAsync(string kernel, CancellationToken cancel) =>
        Task.FromResult(new BootState(BootChoices.None, BootFiles.None, null, "this machine is simulated"));

    public void Keep(Func<BootChoices, BootChoices> change) =>
        throw new HostException(
            "This is a simulated machine, which has no next start: the choice cannot be kept.",
            "On a real machine, see what would be written: gputty boot vm --dry-run");

    public ImmutableArray<(string Path, string Text)> FilesFor(BootChoices choices) => files?.Invoke(choices) ?? [];
}
