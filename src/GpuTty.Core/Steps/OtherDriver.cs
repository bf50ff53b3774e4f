namespace GpuTty.Steps;

/// <summary>A driver that is tried where those before it have refused a function; its
/// members mean what those of <see cref="BindDevice"/> do.</summary>
public sealed record OtherDriver(
    [property: JsonPropertyName("driver")] string Driver,
    [property: JsonPropertyName("module")] string? Module,
    [property: JsonPropertyName("undoByUnloading")] bool UndoByUnloading = false)
{
    [JsonPropertyName("clearsOverride")] public bool ClearsOverride { get; init; }
    [JsonPropertyName("overridesAfterLoading")] public bool OverridesAfterLoading { get; init; }
}
