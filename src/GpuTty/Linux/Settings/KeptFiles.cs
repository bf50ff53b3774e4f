using System.Text.Json.Serialization;

namespace GpuTty.Linux.Settings;

/// <summary>What was at a path.</summary>
internal enum FileKind
{
    [JsonStringEnumMemberName("absent")] Absent,
    [JsonStringEnumMemberName("file")] File,
    [JsonStringEnumMemberName("link")] Link,
}

/// <summary>A file, a link or nothing, as it was or will be.</summary>
/// <param name="Target">Of a link, as written.</param>
/// <param name="Mode">Permissions of a file.</param>
/// <param name="Sha256">Of its content.</param>
/// <param name="Attributes">Extended ones (xattr(7)): names, and values as base64.</param>
internal sealed record FileState(
    [property: JsonPropertyName("kind")] FileKind Kind,
    [property: JsonPropertyName("target")] string? Target = null,
    [property: JsonPropertyName("mode")] int Mode = 0,
    [property: JsonPropertyName("owner")] uint Owner = 0,
    [property: JsonPropertyName("group")] uint Group = 0,
    [property: JsonPropertyName("sha256")] string? Sha256 = null,
    [property: JsonPropertyName("attributes")] IReadOnlyDictionary<string, string>? Attributes = null)
{
    public static FileState Nothing { get; } = new(FileKind.Absent);

    /// <summary>The same to everybody who reads it. Extended attributes do not count: others may set them anew at any time.</summary>
    public bool IsSameAs(FileState other) =>
        (Kind, Target, Sha256) == (other.Kind, other.Target, other.Sha256)
        && (Kind != FileKind.File || (Mode, Owner, Group) == (other.Mode, other.Owner, other.Group));
}

/// <summary>A path, and what was and is there.</summary>
/// <param name="Copy">Name of the copy of its content before, in the same folder; null where there was no file.</param>
internal sealed record KeptFile(
    [property: JsonPropertyName("path")] string Path,
    [property: JsonPropertyName("before")] FileState Before,
    [property: JsonPropertyName("after")] FileState After,
    [property: JsonPropertyName("copy")] string? Copy);

/// <summary>corrections/TIME/files.json: changes that were made together, in their order.</summary>
internal sealed record KeptFiles(
    [property: JsonPropertyName("at")] DateTimeOffset At,
    [property: JsonPropertyName("files")] IReadOnlyList<KeptFile> Files);
