using System.Text;
using GpuTty.Host;
using GpuTty.Interop;

namespace GpuTty.Linux.Pci;

/// <summary>Which modules modprobe would find for a kernel: depmod(8) lists their files.</summary>
internal static class ModuleFiles
{
    private static readonly string[] s_lists = ["modules.dep", "modules.builtin"];

    /// <param name="name">As its file is called, with dashes where that has some: <c>vfio-pci</c>.</param>
    /// <param name="unknowns">Gets the lists that cannot be read, where none of the others has it.</param>
    /// <returns>Null where there is no list, and where it may be in one that cannot be read.</returns>
    public static bool? Lists(FileSystemRoot root, string release, string name, List<Unknown> unknowns)
    {
        var wanted = Encoding.ASCII.GetBytes($"/{name}.ko");
        var (isThere, unread) = (false, new List<string>());
        foreach (var list in s_lists)
        {
            var path = root.Modules(release, list);
            var isListed = false;
            var wasRead = DirectoryHandle.Current.EachLine(path, line => !(isListed = line.IndexOf(wanted) >= 0));
            if (isListed) return true;
            isThere |= wasRead;
            if (!wasRead && Libc.WhyNot(SysFiles.TooLong) is { } why) unread.Add($"{path} cannot be read: {why}.");
        }
        foreach (var reason in unread)
            unknowns.Add(new Unknown(UnknownFact.ModuleSettings, $"whether the module {name} is installed", reason));
        return isThere && unread.Count == 0 ? false : null;
    }
}
