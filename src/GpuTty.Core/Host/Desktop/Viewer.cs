namespace GpuTty.Host.Desktop;

/// <summary>Where the person who runs this program sits.</summary>
public sealed record Viewer
{
    public required int Pid { get; init; }
    public required bool IsRoot { get; init; }

    /// <summary>
    /// Number of the VT that shows the terminal, also through sudo, run0, tmux or screen; null over ssh, in a window, on a serial line, and where
    /// several terminals show it.
    /// </summary>
    public int? Vt { get; init; }

    /// <summary>False where <see cref="Vt"/> is null because this user may not see what shows the terminal.</summary>
    public bool IsVtTold { get; init; } = true;

    /// <summary>The login session this process belongs to, or that of the console it is shown on.</summary>
    public string? Session { get; init; }

    /// <summary>System unit this program runs in; stopping it would end the program: <c>session-3.scope</c>, <c>cron.service</c>.</summary>
    public string? Unit { get; init; }

    /// <summary>System units that this process and its ancestors are in: the ssh server, a terminal multiplexer. Stopping one would cut this program off.</summary>
    public System.Collections.Immutable.ImmutableArray<string> Units { get; init; } = [];

    /// <summary>True inside a graphical session, whose end would end this program's terminal.</summary>
    public bool IsInsideDesktop { get; init; }

    /// <summary>This process, its ancestors and what passes its terminal on, which are never signalled.</summary>
    public System.Collections.Immutable.ImmutableArray<int> Ancestors { get; init; } = [];
}
