namespace GpuTty.Tui.Widgets;

/// <summary>A key and what it does, for the status bar.</summary>
internal sealed record KeyHint(string Key, string Label)
{
    /// <summary>Shown at every width: the way to the help and the way out.</summary>
    public bool IsPinned { get; init; }

    /// <summary>In brackets while it would only say why it does nothing.</summary>
    public bool IsEnabled { get; init; } = true;

    public string Text => IsEnabled ? $"{Key} {Label}" : $"({Key} {Label})";
}
