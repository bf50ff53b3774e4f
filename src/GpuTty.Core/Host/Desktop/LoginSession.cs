namespace GpuTty.Host.Desktop;

/// <summary>A session of systemd-logind (sd-login(3), loginctl(1) show-session).</summary>
public sealed record LoginSession
{
    /// <summary>The seat of the screens and keyboards that nobody has assigned elsewhere (sd-login(3)).</summary>
    public const string MainSeat = "seat0";

    [JsonPropertyName("id")] public required string Id { get; init; }
    [JsonPropertyName("uid")] public required int Uid { get; init; }
    [JsonPropertyName("user")] public required string User { get; init; }

    /// <summary>seat0, or null for sessions without one (ssh).</summary>
    [JsonPropertyName("seat")] public string? Seat { get; init; }

    /// <summary>Virtual terminal number; null without one.</summary>
    [JsonPropertyName("vt")] public int? Vt { get; init; }

    /// <summary>tty, x11, wayland, mir, unspecified.</summary>
    [JsonPropertyName("type")] public required string Type { get; init; }

    /// <summary>What it means is told by <see cref="SessionClass"/>.</summary>
    [JsonPropertyName("class")] public required string Class { get; init; }

    /// <summary>online, active, closing.</summary>
    [JsonPropertyName("state")] public required string State { get; init; }

    /// <summary>Process that opened the session; 0 when it is gone.</summary>
    [JsonPropertyName("leader")] public int Leader { get; init; }

    /// <summary>What the desktop calls itself (XDG_CURRENT_DESKTOP); null when unset.</summary>
    [JsonPropertyName("desktop")] public string? Desktop { get; init; }

    [JsonPropertyName("is_remote")] public bool IsRemote { get; init; }

    /// <summary>
    /// Service of the system that has opened it and opens one again when it ends: a display manager, a getty that logs in by itself,
    /// a kiosk. Null where a person has logged in at a console, or where it could not be told (<see cref="IsStarterTold"/>).
    /// </summary>
    [JsonPropertyName("started_by")] public string? StartedBy { get; init; }

    /// <summary>False where it could not be told whether something opens the session again.</summary>
    [JsonPropertyName("is_starter_told")] public bool IsStarterTold { get; init; }

    /// <summary>True where nobody has touched keyboard or mouse for a while; null when logind does not tell.</summary>
    [JsonPropertyName("is_idle")] public bool? IsIdle { get; init; }

    public bool IsGraphical => Type is "x11" or "wayland" or "mir";
    public bool IsGreeter => Class == SessionClass.Greeter;

    /// <summary><c>session 2 · fernando · x11 on tty7</c>.</summary>
    public string Label => $"session {Id} · {User} · {Desktop ?? Type}{(Vt is { } vt ? $" on tty{vt}" : "")}";
}
