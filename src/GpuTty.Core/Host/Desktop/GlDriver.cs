namespace GpuTty.Host.Desktop;

public enum GlApi
{
    [JsonStringEnumMemberName("egl")] Egl,
    [JsonStringEnumMemberName("vulkan")] Vulkan,
}

/// <summary>A file that tells libglvnd (EGL) or the Vulkan loader of an installed driver; without a choice they ask every one.</summary>
/// <param name="Path">Below egl_vendor.d or icd.d.</param>
/// <param name="Library">The driver's library as the file names it: <c>libEGL_mesa.so.0</c>.</param>
public sealed record GlDriver(
    [property: JsonPropertyName("path")] string Path,
    [property: JsonPropertyName("api")] GlApi Api,
    [property: JsonPropertyName("library")] string Library)
{
    /// <summary>The driver of NVIDIA, whose libraries open /dev/nvidiactl and every /dev/nvidiaN as soon as they are asked.</summary>
    public bool IsNvidia => Library.Contains("nvidia", StringComparison.OrdinalIgnoreCase);
}
