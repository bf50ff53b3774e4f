using GpuTty.Interop;

namespace GpuTty.Linux.Processes;

/// <summary>Who keeps a container of LXC, as the files of those who use LXC tell it: the kernel knows each as lxc.payload.NAME.</summary>
internal static class LxcManager
{
    private const string Lxc = "lxc ";

    private static readonly (string Kind, string[] Folders)[] s_managers =
    [
        ("waydroid", ["var/lib/waydroid/lxc"]),
        ("incus", ["run/incus", "var/lib/incus/containers"]),
        ("lxd", ["var/snap/lxd/common/lxd/containers", "var/lib/lxd/containers"]),
    ];

    /// <param name="container">Kind and name, as the control group tells them: <c>lxc media</c>.</param>
    /// <returns>The same with the manager's kind, <c>incus media</c>; as it is where nobody's file tells one.</returns>
    public static string? Named(FileSystemRoot root, string? container)
    {
        if (container?.StartsWith(Lxc, StringComparison.Ordinal) != true) return container;
        var name = container[Lxc.Length..];
        // A name that leads elsewhere is none.
        if (name.Length == 0 || !char.IsAsciiLetterOrDigit(name[0])) return container;
        return s_managers.FirstOrDefault(manager => manager.Folders.Any(folder => SysFiles.Exists(root.Any($"{folder}/{name}")))).Kind
            is { } kind ? $"{kind} {name}" : container;
    }
}
