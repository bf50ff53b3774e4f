namespace GpuTty.Host.Desktop;

/// <summary>How a unit hangs together with others (systemctl(1) show; systemd.unit(5)).
/// Lists are the manager's own text, names with blanks between.</summary>
public sealed record UnitTraits
{
    /// <summary>Targets that every user's manager has, whether or not there is a desktop (systemd.special(7)).</summary>
    private static readonly string[] s_ofManager =
    [
        "basic.target", "default.target", "exit.target", "paths.target", "sockets.target", "timers.target", "shutdown.target",
        "printer.target", "sound.target", "bluetooth.target", "smartcard.target",
    ];

    /// <summary>Made while the system runs: once stopped it is gone, and cannot be started again.</summary>
    [JsonPropertyName("is_transient")] public bool IsTransient { get; init; }

    /// <summary>Nobody can start it: <c>systemctl mask</c>.</summary>
    [JsonPropertyName("is_masked"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public bool IsMasked { get; init; }

    /// <summary>RefuseManualStop=.</summary>
    [JsonPropertyName("refuses_stop")] public bool RefusesStop { get; init; }

    /// <summary>DefaultDependencies=: units of the early boot have none.</summary>
    [JsonPropertyName("has_default_dependencies")] public bool HasDefaultDependencies { get; init; } = true;

    /// <summary>PartOf=, BindsTo= and Requisite=: it is stopped when one of these is.</summary>
    [JsonPropertyName("part_of")] public string PartOf { get; init; } = "";

    /// <summary>WantedBy=, RequiredBy= and UpheldBy=: it is started with these.</summary>
    [JsonPropertyName("wanted_by")] public string WantedBy { get; init; } = "";

    /// <summary>Wants=.</summary>
    [JsonPropertyName("wants")] public string Wants { get; init; } = "";

    /// <summary>The targets of Before=; null where that was not told.</summary>
    [JsonPropertyName("before")] public string? Before { get; init; }

    /// <summary>TriggeredBy=: it is started by these when something happens that they wait for.</summary>
    [JsonPropertyName("triggered_by")] public string TriggeredBy { get; init; } = "";

    /// <summary>What its manager gives it to stop before it ends it by force
    /// (TimeoutStopSec=); null where there is no limit, or none was told.</summary>
    [JsonPropertyName("stop_timeout")] public TimeSpan? StopTimeout { get; init; }

    /// <summary>
    /// Started for a graphical session, or stopped with one: graphical-session.target, or a target of one desktop (gnome-session.target,
    /// sway-session.target).
    /// </summary>
    public bool IsOfGraphicalSession => Names(PartOf).Any(IsTargetOfSession)
        || (Names(WantedBy).Any(IsTargetOfSession) && !Names(WantedBy).Contains("default.target"));

    /// <summary>The system does not run without it: it belongs to the early boot,
    /// brings up the network, or systemd itself refuses to stop it.</summary>
    public bool IsEssential => RefusesStop
        || !HasDefaultDependencies
        || Names(WantedBy).Any(name => name is "sysinit.target" or "basic.target")
        || BringsUp("network.target") || BringsUp("network-pre.target");

    /// <summary>Sockets among what starts it.</summary>
    public IEnumerable<string> Sockets => Names(TriggeredBy).Where(name => name.EndsWith(".socket", StringComparison.Ordinal));

    /// <summary>Passive targets are wanted by whoever makes them true, and come after it (systemd.special(7)); a
    /// service that only uses the network may want one too, but is not ordered before it.</summary>
    private bool BringsUp(string target) => Names(Wants).Contains(target) && (Before is null || Names(Before).Contains(target));

    private static bool IsTargetOfSession(string name) => name.EndsWith(".target", StringComparison.Ordinal) && !s_ofManager.Contains(name);

    private static string[] Names(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
