using System.Collections.Immutable;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;

namespace GpuTty.Simulation;

/// <summary>Machines set up after the usual guides: vfio-pci is in the initramfs and
/// takes a card by its ids (vfio-pci.ids=) before any other driver is there.</summary>
internal static class ReservedAtBoot
{
    /// <summary>What such a guide has left in files: the kernel's parameter, and a hook that moves the card by itself.</summary>
    private static SettingsFiles Recipe(string parameter) => new()
    {
        CommandLines = [new("/etc/default/grub", $"GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet iommu=pt {parameter}\"\n")],
        Hooks = [new("/etc/libvirt/hooks/qemu", Hook, IsExecutable: true)],
        Marks = ["/usr/sbin/update-grub", "/etc/initramfs-tools"],
    };

    private const string Hook = """
        #!/bin/bash
        if [ "$1/$2/$3" = "win11/prepare/begin" ]; then
            systemctl stop display-manager
            echo 0000:01:00.0 > /sys/bus/pci/drivers/nvidia/unbind
        fi
        """;

    /// <summary>An RTX 4090 for virtual machines beside the processor's graphics, with GNOME on that.</summary>
    public static Machine Boot()
    {
        var machine = Reserved();
        return machine with { SettingsFiles = Recipe(machine.CommandLine.Split(' ')[^1]) };
    }

    private static Machine Reserved() => Reserve(
        MachineBoot.Of("ids-at-boot", Am5Board.Functions, Am5Board.Wirings, GraphicsCard.Rtx4090("01:00", "00:01.1", 14)),
        PciAddress.Parse("0000:01:00.0"))
        .WithDesktop(Desktops.Gnome).WithServices(Desktops.SoundOf(Machines.Fernando)).Booted(Machines.Fernando);

    /// <summary>The machine as if every function in a card's slot had been on
    /// vfio-pci since the initramfs, by its ids and without an override.</summary>
    public static Machine Reserve(Machine machine, PciAddress card)
    {
        var functions = machine.Devices.Where(device => device.Address.SharesSlotWith(card)).ToImmutableArray();
        var ids = functions
            .Select(function => new DynamicId(VfioSupport.Driver, function.Id.Vendor, function.Id.Device))
            .ToImmutableArray();
        var devices = machine.Devices
            .Select(device => functions.Contains(device) ? device with { Driver = VfioSupport.Driver, PowerState = "D3hot" } : device)
            .ToImmutableArray();
        var names = functions.Select(function => function.Id with { SubsystemVendor = null, SubsystemDevice = null });
        return machine with
        {
            CommandLine = $"{machine.CommandLine} vfio-pci.ids={string.Join(',', names)}",
            Devices = devices,
            Modules = [.. KernelModules.For(devices).Select(module =>
                module.Driver == VfioSupport.Driver ? module with { Registered = -1, DynamicIds = ids } : module)],
            ModuleSettings = machine.ModuleSettings with { Ids = machine.ModuleSettings.Ids.AddRange(ids) },
        };
    }
}
