using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;

namespace GpuTty.Diagnosis;

/// <summary>What broken attempts have left in the kernel, until the next reboot.</summary>
internal static class DeviceLeftovers
{
    public static IEnumerable<Finding> Of(HostSnapshot host, SettingsFiles settings)
    {
        foreach (var function in Card.FindAll(host).SelectMany(card => card.Functions).Where(function => function.HasStrayOverride))
            yield return new(DiagnosisCode.StrayOverride, FindingGroup.Attention, SwitchEffect.Now,
                $"{function.Address.ShortName} has the driver override {function.DriverOverride} and "
                    + $"{(function.Driver is { } driver ? $"the driver {driver}" : "no driver")}: "
                    + "the next probe follows the override.",
                "To clear it", Correction.ByCommand($"gputty clear-override {function.Address}"), null);
        foreach (var function in Card.FindAll(host)
            .SelectMany(card => card.Functions)
            .Where(function => IsDynamic(host, settings, function))
            .Distinct())
            yield return new(
                DiagnosisCode.DynamicId,
                FindingGroup.Attention,
                SwitchEffect.Now,
                $"vfio-pci is bound to {function.Address.ShortName} without an override and without ids=: "
                        + "its ids were written to new_id, and vfio-pci takes every device with these ids.",
                "To make vfio-pci forget them",
                Correction.ByCommand($"echo {function.Id.Vendor:x4} {function.Id.Device:x4} > /sys/bus/pci/drivers/vfio-pci/remove_id"),
                null);
    }

    private static bool IsDynamic(HostSnapshot host, SettingsFiles settings, PciDevice function) =>
        function is { Driver: VfioSupport.Driver, DriverOverride: null }
        && !host.ModuleSettings.Ids.Any(id => id.Driver == VfioSupport.Driver && id.Matches(function))
        && host.Memory.Find(function) is null
        // The initramfs may have settings of its own.
        && !settings.Boot.Any(file => file.Text.Contains($"{function.Id}", StringComparison.OrdinalIgnoreCase));
}
