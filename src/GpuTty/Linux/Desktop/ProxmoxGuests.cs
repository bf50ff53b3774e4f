using GpuTty.Host.Desktop;
using GpuTty.Host.Guests;
using GpuTty.Host.Settings;
using GpuTty.Linux.Settings;
using GpuTty.Text;

namespace GpuTty.Linux.Desktop;

/// <summary>
/// Guests of Proxmox VE that get a card (qm.conf(5), hostpci[n]) without a hookscript, which might be gputty's: Proxmox itself binds the
/// card to vfio-pci when it starts them, whoever uses it, and gives it back to nobody (PVE/QemuServer/PCI.pm, prepare_pci_device).
/// </summary>
internal static class ProxmoxGuests
{
    private const string Folder = "etc/pve/qemu-server", Ending = ".conf";

    /// <summary>Who may not read the first file may read none, which is said once.</summary>
    public static IEnumerable<ConflictingTool> Read(BoundedFiles files) =>
        files.Names(Folder)
            .Where(name => name.EndsWith(Ending, StringComparison.Ordinal) && ProxmoxConfig.IsNumber(name[..^Ending.Length]))
            .Select(name => (File: files.File($"{Folder}/{name}"), Number: name[..^Ending.Length]))
            .TakeWhile(guest => guest.File is not null)
            .SelectMany(guest => Of(guest.File!, guest.Number));

    private static IEnumerable<ConflictingTool> Of(SettingsFile file, string vmid)
    {
        // What follows are its snapshots.
        var lines = file.Text.Split('\n').TakeWhile(line => !line.StartsWith('[')).ToList();
        if (lines.Exists(line => line.StartsWith("hookscript:", StringComparison.Ordinal))) return [];
        // A mediated device stays with the card's driver.
        var own = lines.Where(line => !line.Contains("mdev=", StringComparison.Ordinal));
        var guest = ProxmoxConfig.Read(string.Join('\n', own), vmid, out _);
        return guest.Devices.DistinctBy(device => device.Address with { Function = 0 }).Select(device => new ConflictingTool(
            device.Address,
            $"Proxmox moves {device.Address.SlotName} to vfio-pci itself when it starts {Visible.Text(guest.Name, 80)}, whoever uses it",
            $"Let gputty move it: give guest {vmid} the hookscript that gputty(1) shows at hook proxmox (qm set {vmid} --hookscript FILE).")
        {
            Tool = MovingTool.Proxmox,
            Where = new SourceLine(file.Path, 1 + lines.FindIndex(line => line.StartsWith("hostpci", StringComparison.Ordinal))),
        });
    }
}
