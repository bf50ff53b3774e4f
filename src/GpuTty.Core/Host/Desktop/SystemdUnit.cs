namespace GpuTty.Host.Desktop;

/// <summary>Which unit of which service manager.</summary>
/// <param name="Name">With suffix: <c>lightdm.service</c>.</param>
/// <param name="Uid">The user whose own manager runs it; null for the system's.</param>
public sealed record UnitName(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("uid")] int? Uid = null)
{
    public override string ToString() => Uid is { } uid ? $"{Name} of user {uid}" : Name;
}

/// <summary>A unit and its state (systemctl(1) show).</summary>
/// <param name="ActiveState">active, inactive, failed, activating, deactivating, reloading.</param>
public sealed record SystemdUnit(
    [property: JsonPropertyName("name")] UnitName Name,
    [property: JsonPropertyName("active_state")] string ActiveState)
{
    public bool IsActive => ActiveState is "active" or "reloading" or "activating";
    public bool IsStopped => ActiveState is "inactive" or "failed";

    /// <summary>Null where its manager told no more than the state.</summary>
    [JsonPropertyName("traits")] public UnitTraits? Traits { get; init; }
}

/// <summary>What shows the login screen, found through the alias <c>display-manager.service</c>.</summary>
/// <param name="Unit">The real unit behind the alias.</param>
/// <param name="Vt">Where its greeter or session is; null when unknown.</param>
public sealed record DisplayManager(
    [property: JsonPropertyName("unit")] SystemdUnit Unit,
    [property: JsonPropertyName("vt")] int? Vt)
{
    /// <summary>Something of it has kept a virtual terminal for a while, and no session of logind is there: the login screen of
    /// those that open a session only after the login (ly, lemurs, emptty, xdm, slim).</summary>
    [JsonPropertyName("has_login_screen")] public bool HasLoginScreen { get; init; }
}
