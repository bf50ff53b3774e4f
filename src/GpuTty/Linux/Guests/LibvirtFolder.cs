using GpuTty.Host.Guests;
using GpuTty.Interop;

namespace GpuTty.Linux.Guests;

/// <summary>Where the system's libvirt has its configuration, its guests and its hooks.</summary>
internal static class LibvirtFolder
{
    private const string Usual = "etc/libvirt";
    private static readonly string s_ofNixOs = LibvirtState.FolderOfNixOs[1..];

    /// <summary>Below the root, without a slash at its begin: nixpkgs builds libvirt with
    /// /var/lib as its sysconfdir, and others keep other things there.</summary>
    public static string Of(FileSystemRoot root) =>
        !SysFiles.Exists(root.Any($"{Usual}/qemu.conf")) && SysFiles.Exists(root.Any($"{s_ofNixOs}/qemu.conf")) ? s_ofNixOs : Usual;

    public static bool IsThere(FileSystemRoot root) => Directory.Exists(root.Any(Of(root)));
}
