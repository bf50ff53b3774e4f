using GpuTty.Host;
using GpuTty.Host.Guests;
using GpuTty.Interop;

namespace GpuTty.Linux.Guests;

/// <summary>The configuration of a virtual machine on Proxmox VE (qm.conf(5)), below /etc/pve.</summary>
internal static class ProxmoxFile
{
    /// <param name="vmid">The number of the virtual machine.</param>
    /// <returns>Null where there is no such file.</returns>
    /// <exception cref="HostException">It is there and cannot be read: then it is unknown whether it wants a card.</exception>
    public static string? Read(FileSystemRoot root, string vmid)
    {
        var path = root.Etc($"pve/qemu-server/{vmid}.conf");
        var text = SysFiles.Text(path, DomainXml.Longest, out var error);
        return error is null
            ? text
            : throw new HostException(
                $"{root.Shown(path)} cannot be read: {error}.",
                "See whether the cluster's file system answers: systemctl status pve-cluster");
    }
}
