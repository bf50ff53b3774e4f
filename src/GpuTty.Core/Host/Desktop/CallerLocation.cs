namespace GpuTty.Host.Desktop;

/// <summary>Where the person who runs this program sits.</summary>
public sealed record CallerLocation
{
    [JsonPropertyName("pid")] public required int Pid { get; init; }
    [JsonPropertyName("is_root")] public required bool IsRoot { get; init; }

    /// <summary>
    /// Number of the VT that shows the terminal, also through sudo, run0, tmux or screen;
    /// null over ssh, in a window, on a serial line, and where several terminals show it.
    /// </summary>
    [JsonPropertyName("vt")] public int? Vt { get; init; }

    /// <summary>False where <see cref="Vt"/> is null because this user may not see what shows the terminal.</summary>
    [JsonPropertyName("is_vt_told")] public bool IsVtTold { get; init; } = true;

    /// <summary>The login session this process belongs to, or that of the console it is shown on.</summary>
    [JsonPropertyName("session")] public string? Session { get; init; }

    /// <summary>System unit this program runs in; stopping it would end the program: <c>session-3.scope</c>, <c>cron.service</c>.</summary>
    [JsonPropertyName("unit")] public string? Unit { get; init; }

    /// <summary>System units that this process and its ancestors are in: the ssh server,
    /// a terminal multiplexer. Stopping one would cut this program off.</summary>
    [JsonPropertyName("units")] public System.Collections.Immutable.ImmutableArray<string> Units { get; init; } = [];

    /// <summary>True inside a graphical session, whose end would end this program's terminal.</summary>
    [JsonPropertyName("is_inside_desktop")] public bool IsInsideDesktop { get; init; }

    /// <summary>This process, its ancestors and what passes its terminal on, which are never signalled.</summary>
    [JsonPropertyName("ancestors")] public System.Collections.Immutable.ImmutableArray<int> Ancestors { get; init; } = [];
}
