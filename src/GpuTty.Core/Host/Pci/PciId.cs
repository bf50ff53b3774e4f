namespace GpuTty.Host.Pci;

/// <summary>Which product a function is; addresses move when firmware or slots change, ids do not.</summary>
/// <param name="Vendor">16 bits, <c>vendor</c> in sysfs; 0x10de is NVIDIA.</param>
/// <param name="Device">16 bits, <c>device</c> in sysfs.</param>
/// <param name="SubsystemVendor">16 bits; null where sysfs has no file.</param>
/// <param name="SubsystemDevice">16 bits; null where sysfs has no file.</param>
public readonly record struct PciId(
    [property: JsonPropertyName("vendor")] int Vendor,
    [property: JsonPropertyName("device")] int Device,
    [property: JsonPropertyName("subsystemVendor")] int? SubsystemVendor = null,
    [property: JsonPropertyName("subsystemDevice")] int? SubsystemDevice = null)
{
    public const int Amd = 0x1002;
    public const int Nvidia = 0x10de;
    public const int Intel = 0x8086;
    public const int Habana = 0x1da3;

    /// <summary><c>10de:2684</c>, as lspci -n prints it.</summary>
    public override string ToString() => $"{Vendor:x4}:{Device:x4}";
}
