using System.Text;
using GpuTty.Interop;

namespace GpuTty.Linux.Pci;

/// <summary>Which modules modprobe would find for a kernel: depmod(8) lists their files.</summary>
internal static class ModuleFiles
{
    private static readonly string[] s_lists = ["modules.dep", "modules.builtin"];

    /// <param name="name">As its file is called, with dashes where that has some: <c>vfio-pci</c>.</param>
    /// <returns>Null where there is no list.</returns>
    public static bool? Lists(FileSystemRoot root, string release, string name)
    {
        var wanted = Encoding.ASCII.GetBytes($"/{name}.ko");
        var isThere = false;
        foreach (var list in s_lists)
        {
            var isListed = false;
            var wasRead = DirectoryHandle.Current.EachLine(
                root.Modules(release, list), line => !(isListed = line.IndexOf(wanted) >= 0));
            if (isListed) return true;
            isThere |= wasRead;
        }
        return isThere ? false : null;
    }
}
