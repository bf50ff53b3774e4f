using System.Collections.Immutable;
using System.Text.Json;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Interop;
using GpuTty.Text;

namespace GpuTty.Linux.Desktop;

/// <summary>Drivers that libglvnd and the Vulkan loader find: egl_vendor.d and icd.d below /etc and /usr/share.</summary>
internal static class GlDrivers
{
    public static ImmutableArray<GlDriver> Read(FileSystemRoot root, List<Unknown> unknowns) =>
        Read(root, new PartFiles(unknowns, UnknownFact.GlDriverSettings, "installed EGL and Vulkan drivers"));

    private static ImmutableArray<GlDriver> Read(FileSystemRoot root, PartFiles files) =>
    [
        .. from place in ((GlApi Api, string Folder)[])
            [
                (GlApi.Egl, "etc/glvnd/egl_vendor.d"),
                (GlApi.Egl, "usr/share/glvnd/egl_vendor.d"),
                (GlApi.Vulkan, "etc/vulkan/icd.d"),
                (GlApi.Vulkan, "usr/share/vulkan/icd.d"),
            ]
           from name in files.Names(root.Any(place.Folder))
           where name.EndsWith(".json", StringComparison.Ordinal) && name.All(IsPlain)
           let library = Library(files.Text($"{root.Any(place.Folder)}/{name}", 64 * 1024))
           where library is not null
           select new GlDriver($"/{place.Folder}/{name}", place.Api, library),
    ];

    /// <summary>The library that a file of a driver names; null for what is no such file. Never throws.</summary>
    public static string? Library(string? json)
    {
        if (json is null) return null;
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("ICD", out var icd)
                && icd.ValueKind == JsonValueKind.Object
                && icd.TryGetProperty("library_path", out var path)
                && path.ValueKind == JsonValueKind.String ? Visible.Text(path.GetString()!, 300) : null;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // Half a surrogate pair is valid JSON, but no text.
            return null;
        }
    }

    /// <summary>Names become part of a line that systemd reads; others are left out.</summary>
    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '+';
}
