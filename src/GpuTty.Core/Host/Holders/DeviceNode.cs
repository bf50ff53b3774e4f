namespace GpuTty.Host.Holders;

/// <summary>Which kind of file lets a process hold a card.</summary>
public enum NodeKind
{
    /// <summary>/dev/dri/cardN: modesetting and, for a master, the screens.</summary>
    [JsonStringEnumMemberName("card")]
    Card,
    /// <summary>/dev/dri/renderDN: rendering and compute.</summary>
    [JsonStringEnumMemberName("render")]
    Render,
    /// <summary>/dev/nvidia0 and its kin, which are not below the device in sysfs.</summary>
    [JsonStringEnumMemberName("nvidia")]
    Nvidia,
    /// <summary>/dev/snd/*: an open one blocks the unbinding of the sound function forever (sound/core/init.c).</summary>
    [JsonStringEnumMemberName("sound")]
    Sound,
    /// <summary>/dev/i2c-N: an open one pins the module of its adapter (drivers/i2c/i2c-dev.c).</summary>
    [JsonStringEnumMemberName("i2c")]
    I2c,
    /// <summary>/dev/fbN.</summary>
    [JsonStringEnumMemberName("framebuffer")]
    Framebuffer,
    /// <summary>/dev/vfio/N and /dev/vfio/devices/vfioN: a virtual machine.</summary>
    [JsonStringEnumMemberName("vfio")]
    Vfio,
    /// <summary>A buffer that a driver has exported (driver-api/dma-buf.rst): no node, but its file keeps the driver's module.</summary>
    [JsonStringEnumMemberName("dmabuf")]
    DmaBuf,
    /// <summary>/dev/kfd, /dev/hidraw and whatever else lies below the function.</summary>
    [JsonStringEnumMemberName("other")]
    Other,
}

/// <summary>A character device that belongs to a PCI function.</summary>
/// <param name="Path">Below /dev, e.g. <c>/dev/dri/card1</c>; minors move between boots.</param>
/// <param name="Major">Device number, high part; processes are matched by number, never by path.</param>
/// <param name="Minor">Device number, low part.</param>
public sealed record DeviceNode(
    [property: JsonPropertyName("path")] string Path,
    [property: JsonPropertyName("kind")] NodeKind Kind,
    [property: JsonPropertyName("major")] int Major,
    [property: JsonPropertyName("minor")] int Minor)
{
    /// <summary>For <see cref="NodeKind.Card"/>: whether udev has tagged it for a seat, which
    /// is what desktops look for (/run/udev/data/cMAJOR:MINOR). Null: could not tell.</summary>
    [JsonPropertyName("is_on_seat")] public bool? IsOnSeat { get; init; }

    /// <summary>For <see cref="NodeKind.Card"/>: udev's database has it on the seat to which
    /// a rule of ours moves it (E:ID_SEAT=). False where no database says so.</summary>
    [JsonPropertyName("is_off_seat_by_rule")] public bool IsOffSeatByRule { get; init; }

    /// <summary>For <see cref="NodeKind.Vfio"/>: whose the node is. Null: could not tell.</summary>
    [JsonPropertyName("owner")] public NodeOwner? Owner { get; init; }
}

/// <param name="Mode">The nine bits of permissions.</param>
public readonly record struct NodeOwner(
    [property: JsonPropertyName("uid")] int Uid,
    [property: JsonPropertyName("gid")] int Gid,
    [property: JsonPropertyName("mode")] int Mode);
