namespace GpuTty.Host.Pci;

public enum HostUseKind
{
    [JsonStringEnumMemberName("network")] Network,
    [JsonStringEnumMemberName("storage")] Storage,
    [JsonStringEnumMemberName("input")] Input,
    [JsonStringEnumMemberName("usb")] Usb,
}

/// <summary>Something the host does through a function and would lose with it.</summary>
/// <param name="Name">What a person calls it: <c>enp3s0</c>, <c>sda (/)</c>, <c>Logitech keyboard</c>.</param>
/// <param name="IsVital">True where losing it stops the host or locks its
/// user out: a mounted file system, the default route, a keyboard.</param>
public sealed record HostUse(
    [property: JsonPropertyName("kind")] HostUseKind Kind,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("is_vital")] bool IsVital)
{
    /// <summary>In the place of a mount point, in the name of a disk of which nothing tells whether ZFS uses it.</summary>
    public const string PerhapsZfs = "perhaps ZFS";
}
