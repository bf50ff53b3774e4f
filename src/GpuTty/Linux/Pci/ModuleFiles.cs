using System.Collections.Immutable;
using System.Text;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Interop;

namespace GpuTty.Linux.Pci;

/// <summary>Which modules modprobe would find for a kernel: depmod(8) lists their files.</summary>
internal static class ModuleFiles
{
    /// <summary>MODULE_NAME_LEN is shorter (include/linux/moduleparam.h).</summary>
    private const int LongestName = 64;
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

    /// <summary>Those of the modules that are loaded, or remembered, that modprobe would not find. None where that is unknown.</summary>
    /// <param name="unknowns">Gets the list, where it is missing or cannot be read.</param>
    public static ImmutableArray<string> Missing(FileSystemRoot root, HostSnapshot host, List<Unknown> unknowns) => Missing(
        root,
        host.Kernel,
        host.Modules.Select(module => module.Name)
            .Concat(host.Memory.Modules.Select(module => module.Name))
            .Concat(host.Memory.Devices.Select(device => device.Module).OfType<string>()),
        host.ModuleSettings,
        unknowns);

    /// <summary>Those of some modules, with underscores, that modprobe would not find. None where that is unknown.</summary>
    /// <param name="names">Of modules that are files: none of them is built in.</param>
    /// <param name="settings">Say which file is loaded for a name.</param>
    /// <param name="unknowns">Gets the list, where it is missing or cannot be read.</param>
    public static ImmutableArray<string> Missing(
        FileSystemRoot root, string release, IEnumerable<string> names, ModuleSettings settings, List<Unknown> unknowns)
    {
        var files = names.Distinct().Select(name => (Name: name, File: settings.FileOf(name))).Where(one => one.File is not null).ToList();
        if (files.Count == 0) return [];
        var missing = files.Select(one => one.File!).ToHashSet();
        var (sought, buffer) = (missing.GetAlternateLookup<ReadOnlySpan<char>>(), new char[LongestName]);
        var path = root.Modules(release, s_lists[0]);
        if (DirectoryHandle.Current.EachLine(path, line => !sought.Remove(NameIn(line, buffer)) || missing.Count > 0))
            return [.. files.Where(one => missing.Contains(one.File!)).Select(one => one.Name).Order(StringComparer.Ordinal)];
        var why = Libc.WhyNot(SysFiles.TooLong) is { } error ? $"cannot be read: {error}" : "is missing";
        unknowns.Add(new Unknown(UnknownFact.InstalledModules, "which modules are installed", $"{path} {why}."));
        return [];
    }

    /// <summary><c>kernel/drivers/gpu/drm/xe/xe.ko.zst: kernel/…</c> is xe.</summary>
    private static ReadOnlySpan<char> NameIn(ReadOnlySpan<byte> line, Span<char> name)
    {
        if (line.IndexOf((byte)':') is var colon and > 0) line = line[..colon];
        line = line[(line.LastIndexOf((byte)'/') + 1)..];
        if (line.IndexOf(".ko"u8) is not (> 0 and <= LongestName and var length)) return [];
        Encoding.ASCII.GetChars(line[..length], name);
        name[..length].Replace('-', '_');
        return name[..length];
    }
}
