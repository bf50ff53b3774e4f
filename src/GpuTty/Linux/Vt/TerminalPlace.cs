using System.Collections.Immutable;

namespace GpuTty.Linux.Vt;

/// <summary>Where the picture of a terminal is seen.</summary>
/// <param name="Vt">The virtual console that shows it; null where none does, or where it is not known.</param>
internal sealed record TerminalPlace(int? Vt)
{
    /// <summary>False where another process may show it whose files this user may not see.</summary>
    public bool IsTold { get; init; } = true;

    /// <summary>True where a program between draws the picture itself and can go on without the console (tmux, screen).</summary>
    public bool IsMultiplexed { get; init; }

    /// <summary>Processes that pass the terminal on, nearest first, without the
    /// ancestors of who asks: when one of them ends, the terminal is gone.</summary>
    public ImmutableArray<int> Relays { get; init; } = [];
}
