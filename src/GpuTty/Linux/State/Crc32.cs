namespace GpuTty.Linux.State;

/// <summary>The checksum of gzip and Ethernet (ISO 3309): finds every flipped bit and every burst of up to 32.</summary>
internal static class Crc32
{
    private static readonly uint[] s_table = [.. Enumerable.Range(0, 256).Select(Entry)];

    /// <param name="before">The sum of what comes before these bytes; 0 for the first.</param>
    public static uint Of(ReadOnlySpan<byte> bytes, uint before = 0)
    {
        var sum = ~before;
        foreach (var next in bytes) sum = s_table[(byte)sum ^ next] ^ (sum >> 8);
        return ~sum;
    }

    private static uint Entry(int index)
    {
        var entry = (uint)index;
        for (var bit = 0; bit < 8; bit++) entry = (entry & 1) == 0 ? entry >> 1 : 0xedb88320 ^ (entry >> 1);
        return entry;
    }
}
