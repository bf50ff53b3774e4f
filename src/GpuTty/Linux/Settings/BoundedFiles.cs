using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Settings;
using GpuTty.Interop;
using GpuTty.Text;

namespace GpuTty.Linux.Settings;

/// <summary>
/// Reads configuration files of others, within bounds: so many files, so long each. Folders in the place of files are
/// left out, as their own programs leave them out; whatever else is there and cannot be read is an <see cref="Unknown"/>.
/// </summary>
/// <param name="root">Where the machine's files begin.</param>
/// <param name="unknowns">Gets what could not be read.</param>
/// <param name="fact">In words: "settings of modules".</param>
internal sealed class BoundedFiles(FileSystemRoot root, List<Unknown> unknowns, UnknownFact code, string fact)
{
    public const int LongestFile = 4 * 1024 * 1024;
    public const int MostFiles = 4000;

    private const int FileType = 0xf000, FolderType = 0x4000, OwnerExecutes = 0x40;
    private int _left = MostFiles;

    /// <summary>Folders in the order of their precedence: a file hides those of its name in later ones. In the order of names.</summary>
    /// <param name="folders">Below the root, without a slash at the begin.</param>
    /// <param name="endings">Of the names that count; all where there are none.</param>
    public ImmutableArray<SettingsFile> Merged(string[] folders, params string[] endings)
    {
        var paths = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var folder in folders)
            foreach (var name in Names(folder).Where(name =>
                endings.Length == 0 || endings.Any(ending => name.EndsWith(ending, StringComparison.Ordinal))))
                paths.TryAdd(name, $"{folder}/{name}");
        return [.. paths.Values.Select(File).OfType<SettingsFile>()];
    }

    /// <summary>Files of a folder and of folders in it, down to a depth.</summary>
    public IEnumerable<SettingsFile> Tree(string folder, int depth)
    {
        foreach (var name in Names(folder))
        {
            var path = $"{folder}/{name}";
            if (!IsFolder(path))
            {
                if (File(path) is { } file) yield return file;
            }
            else if (depth > 0)
            {
                foreach (var below in Tree(path, depth - 1)) yield return below;
            }
        }
    }

    /// <summary>Those files of a folder that say at their begin that they
    /// are scripts; a program may be hundreds of megabytes long.</summary>
    public IEnumerable<SettingsFile> Scripts(string folder)
    {
        var names = Names(folder);
        if (names.IsEmpty) return [];
        using var opened = DirectoryHandle.Open(root.Any(folder));
        return
        [
            .. names.Where(name => IsScript(opened, $"{folder}/{name}", name))
                .Select(name => File($"{folder}/{name}"))
                .OfType<SettingsFile>(),
        ];
    }

    private bool IsScript(DirectoryHandle? folder, string path, string name)
    {
        if (folder?.ByteAt(name, 0) is { } first) return first == '#' && folder.ByteAt(name, 1) == '!';
        // A folder, an empty file, or one that nobody can look into.
        if (IsFolder(path)) return false;
        _ = SysFiles.Bytes(root.Any(path), 1, out var error);
        if (error is { } why && why != SysFiles.TooLong) Missing($"/{Visible.Text(path, 200)} cannot be read: {why}.");
        return false;
    }

    /// <summary>Null where there is no such file, where it is a folder, and where it cannot be read.</summary>
    public SettingsFile? File(string path)
    {
        if (SysFiles.Stat(root.Any(path)) is { } facts && (facts.Mode & FileType) == FolderType) return null;
        if (_left == 0) return null;
        var text = SysFiles.Text(root.Any(path), LongestFile, out var error);
        if (error is { } why) Missing($"/{Visible.Text(path, 200)} cannot be read: {why}.");
        if (text is null) return null;
        if (--_left == 0) Missing($"There are more than {MostFiles} files.");
        return new SettingsFile($"/{path}", text, SysFiles.Stat(root.Any(path)) is { } now && (now.Mode & OwnerExecutes) != 0);
    }

    public bool Exists(string path)
    {
        var facts = SysFiles.Stat(root.Any(path), out var error);
        if (error is { } why) Missing($"/{Visible.Text(path, 200)} cannot be looked at: {why}.");
        return facts is not null;
    }

    /// <summary>There is something. Of a folder that may not be entered it is
    /// said where that one is listed, and not for each name in it.</summary>
    public bool IsSeen(string path) => SysFiles.Stat(root.Any(path)) is not null;

    public bool IsFolder(string path) => SysFiles.Stat(root.Any(path)) is { } facts && (facts.Mode & FileType) == FolderType;

    /// <summary>Names in a folder, sorted; none where it is not there.</summary>
    public ImmutableArray<string> Names(string folder)
    {
        var names = SysFiles.Names(root.Any(folder), out var error, MostFiles);
        if (error is { } why) Missing($"/{Visible.Text(folder, 200)} cannot be listed: {why}.");
        if (names.Length == MostFiles) Missing($"/{Visible.Text(folder, 200)} has more than {MostFiles - 1} names; no more were read.");
        return names;
    }

    private void Missing(string reason)
    {
        lock (unknowns) unknowns.Add(new Unknown(code, fact, reason));
    }
}
