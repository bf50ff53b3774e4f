namespace GpuTty.Linux.Kernel;

/// <summary>Which boot this is (random(4)).</summary>
internal static class BootId
{
    public static string Read() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
}
