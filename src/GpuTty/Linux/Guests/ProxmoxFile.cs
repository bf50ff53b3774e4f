using System.Globalization;
using GpuTty.Host;
using GpuTty.Host.Guests;
using GpuTty.Interop;

namespace GpuTty.Linux.Guests;

/// <summary>The configuration of a virtual machine on Proxmox VE (qm.conf(5)), below /etc/pve.</summary>
internal static class ProxmoxFile
{
    private const int LongestCommand = 1024 * 1024;

    /// <param name="vmid">The number of the virtual machine.</param>
    /// <returns>Null where there is no such file.</returns>
    /// <exception cref="HostException">It is there and cannot be read: then it is unknown whether it wants a card.</exception>
    public static string? Read(FileSystemRoot root, string vmid) => Text(root, root.Etc($"pve/qemu-server/{vmid}.conf"));

    /// <summary>Of this node; none where the cluster has no such file.</summary>
    /// <exception cref="HostException">It is there and cannot be read.</exception>
    public static ProxmoxMappings Mappings(FileSystemRoot root) =>
        ProxmoxMappings.Parse(Text(root, root.Any(ProxmoxMappings.Path)) ?? "", HostName(root));

    public static string HostName(FileSystemRoot root) => SysFiles.Word(root.Proc("sys/kernel/hostname")) ?? "";

    private static string? Text(FileSystemRoot root, string path)
    {
        var text = SysFiles.Text(path, DomainXml.Longest, out var error);
        return error is null
            ? text
            : throw new HostException(
                $"{root.Shown(path)} cannot be read: {error}.",
                "See whether the cluster's file system answers: systemctl status pve-cluster");
    }

    /// <summary>As Proxmox itself tells it (qemu-server, vm_running_locally): the process of its pid file is a QEMU that was started
    /// with that file. Null where it cannot be told: the file is only for root, and another system has no such folder.</summary>
    public static bool? IsRunning(FileSystemRoot root, string vmid)
    {
        const string folder = "qemu-server";
        if (!SysFiles.Exists(root.Run(folder))) return null;
        var file = $"run/{folder}/{vmid}.pid";
        if (SysFiles.Text(root.Any(file), 64, out var error) is not { } text) return error is null ? false : null;
        return int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            && SysFiles.Text(root.Proc($"{pid.ToString(CultureInfo.InvariantCulture)}/cmdline"), LongestCommand)?.Split('\0')
                .Any(word => word.EndsWith($"/{file}", StringComparison.Ordinal)) == true;
    }
}
