using GpuTty.Host;
using GpuTty.Interop;

namespace GpuTty.Linux.Desktop;

/// <summary>Small files of ours in folders of the system: rules for udev, drop-ins for systemd.</summary>
internal static class SystemFile
{
    private const UnixFileMode ForAllToRead = UnixFileMode.UserRead
        | UnixFileMode.UserWrite
        | UnixFileMode.GroupRead
        | UnixFileMode.OtherRead;
    private const UnixFileMode ForAllToEnter = ForAllToRead
        | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherExecute;

    /// <param name="isProgram">All may run it, too.</param>
    public static void Write(string path, string text, bool isProgram = false) => OnDisk(path, () =>
    {
        if (NixFiles.Refusal(path, text) is { } refusal) throw refusal;
        var folder = Path.GetDirectoryName(path)!;
        MakeFolder(folder);
        // Users' managers read some of them, whatever the umask of this process is.
        FileContent.Replace(
            folder,
            Path.GetFileName(path),
            System.Text.Encoding.UTF8.GetBytes(text),
            file => File.SetUnixFileMode(file, isProgram ? ForAllToEnter : ForAllToRead));
    });

    /// <summary>What is there stays as it is; what is made anew can be entered
    /// by all and written to by nobody else, whatever the umask is.</summary>
    private static void MakeFolder(string path)
    {
        if (Directory.Exists(path)) return;
        var parent = Path.GetDirectoryName(path)!;
        MakeFolder(parent);
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.SetUnixFileMode(path, ForAllToEnter);
        FileContent.SyncFolder(parent);
    }

    /// <param name="target">Relative to the link's folder, or absolute; it need not be there.</param>
    public static void Link(string path, string target) => OnDisk(path, () =>
    {
        var folder = Path.GetDirectoryName(path)!;
        MakeFolder(folder);
        if (new FileInfo(path).LinkTarget == target) return;
        File.Delete(path);
        File.CreateSymbolicLink(path, target);
        FileContent.SyncFolder(folder);
    });

    /// <summary>A link itself, and never what it leads to; with what a write that was killed has
    /// left beside it, because libvirt (virHookCall) runs every program in its folder.</summary>
    public static void Delete(string path) => OnDisk(path, () =>
    {
        if (FileContent.Beside(Path.GetDirectoryName(path)!, Path.GetFileName(path)) is var left && File.Exists(left)) File.Delete(left);
        if (new FileInfo(path) is { Exists: false, LinkTarget: null }) return;
        File.Delete(path);
        // A power cut must not bring back what is said to be gone.
        FileContent.SyncFolder(Path.GetDirectoryName(path)!);
    });

    /// <summary>Takes the file's folder away too where nothing else is in it.</summary>
    public static void DeleteWithFolder(string path)
    {
        Delete(path);
        var folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder) || Directory.EnumerateFileSystemEntries(folder).Any()) return;
        OnDisk(folder, () =>
        {
            Directory.Delete(folder);
            FileContent.SyncFolder(Path.GetDirectoryName(folder)!);
        });
    }

    private static void OnDisk(string path, Action change)
    {
        try
        {
            change();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new HostException(
                $"{path} cannot be changed: {refused.Message.TrimEnd('.')}.",
                "Check that you are root and that its file system can be written to.",
                refused);
        }
    }
}
