namespace GpuTty.Host.Desktop;

/// <summary>
/// A file of ours that names the graphics drivers a desktop may ask, so that it never opens the other card's: a drop-in for the
/// compositor's own unit (systemd.unit(5)), or for everything that users' managers start (environment.d(5)). Read when a desktop starts.
/// </summary>
/// <param name="Unit">The compositor's unit in the user's manager: <c>org.gnome.Shell@wayland.service</c>; null for environment.d.</param>
/// <param name="Egl">Files for libglvnd, separated by colons; empty when there is none.</param>
/// <param name="Vulkan">Files for the Vulkan loader, likewise.</param>
/// <param name="IsPermanent">Below /etc and kept across boots; else below /run.</param>
public sealed record GlDriverAllowList(
    [property: JsonPropertyName("unit")] string? Unit,
    [property: JsonPropertyName("egl")] string Egl,
    [property: JsonPropertyName("vulkan")] string Vulkan,
    [property: JsonPropertyName("isPermanent")] bool IsPermanent)
{
    public const string FileName = "50-gputty.conf";
    public const string EglVariable = "__EGL_VENDOR_LIBRARY_FILENAMES";
    public const string VulkanVariable = "VK_DRIVER_FILES";

    /// <summary>Below / without a slash at the begin.</summary>
    [JsonIgnore]
    public string Path => $"{(IsPermanent ? "etc" : "run")}/{(Unit is null ? "environment.d" : $"systemd/user/{Unit}.d")}/{FileName}";

    [JsonIgnore]
    public string Text =>
        $"""
        # Written by gputty: which graphics drivers the desktop may ask. Taken away by: gputty pin off
        {(Unit is null ? "" : "[Service]\n")}{Line(EglVariable, Egl)}{Line(VulkanVariable, Vulkan)}
        """;

    private string Line(string variable, string value) =>
        value.Length == 0 ? "" : Unit is null ? $"{variable}={value}\n" : $"Environment={variable}={value}\n";
}
