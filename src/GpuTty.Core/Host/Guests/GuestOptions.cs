namespace GpuTty.Host.Guests;

/// <summary>What a guest shall have besides the functions of the card; all of it off unless asked for.</summary>
/// <param name="Rom">Absolute path of an image for the display function; null for the card's own.</param>
/// <param name="LookingGlass">MiB of memory that it shares with the host; null for none.</param>
/// <param name="Iommufd">QEMU uses /dev/iommu instead of the older container (libvirt 12.1, QEMU 8.2).</param>
/// <param name="Kvmfr">That memory is /dev/kvmfr0, of the module kvmfr.</param>
public sealed record GuestOptions(
    string? Rom = null,
    int? LookingGlass = null,
    bool Iommufd = false,
    bool Kvmfr = false,
    bool NoBalloon = false,
    bool NoVideo = false,
    bool HideKvm = false)
{
    /// <summary>MiB for a picture of that size: two of 32 bits a pixel and 10 MiB,
    /// up to the next power of two (Looking Glass, "Determining memory").</summary>
    public static int LookingGlassFor(int width, int height) =>
        (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Ceiling((double)width * height * 4 * 2 / 1024 / 1024 + 10));
}
