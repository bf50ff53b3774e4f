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
        MakeFolder(Path.GetDirectoryName(path)!);
        // Made anew and renamed: a link that somebody has put there is replaced, never followed.
        var fresh = $"{path}.new";
        File.Delete(fresh);
        try
        {
            WriteNew(fresh, text, isProgram);
            File.Move(fresh, path, overwrite: true);
        }
        catch
        {
            File.Delete(fresh);
            throw;
        }
    });

    private static void WriteNew(string fresh, string text, bool isProgram)
    {
        using var file = new FileStream(fresh, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        // Users' managers read some of them, whatever the umask of this process is.
        File.SetUnixFileMode(file.SafeFileHandle, isProgram ? ForAllToEnter : ForAllToRead);
        FileContent.Write(file.SafeFileHandle, System.Text.Encoding.UTF8.GetBytes(text), 0);
        FileContent.Sync(file.SafeFileHandle);
    }

    /// <summary>What is there stays as it is; what is made anew can be entered
    /// by all and written to by nobody else, whatever the umask is.</summary>
    private static void MakeFolder(string path)
    {
        if (Directory.Exists(path)) return;
        MakeFolder(Path.GetDirectoryName(path)!);
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.SetUnixFileMode(path, ForAllToEnter);
    }

    /// <param name="target">Relative to the link's folder, or absolute; it need not be there.</param>
    public static void Link(string path, string target) => OnDisk(path, () =>
    {
        MakeFolder(Path.GetDirectoryName(path)!);
        if (new FileInfo(path).LinkTarget == target) return;
        File.Delete(path);
        File.CreateSymbolicLink(path, target);
    });

    /// <summary>A link itself, and never what it leads to.</summary>
    public static void Delete(string path) => OnDisk(path, () =>
    {
        if (new FileInfo(path) is { Exists: true } or { LinkTarget: not null }) File.Delete(path);
    });

    /// <summary>Takes the file's folder away too where nothing else is in it.</summary>
    public static void DeleteWithFolder(string path)
    {
        Delete(path);
        var folder = Path.GetDirectoryName(path)!;
        if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any()) OnDisk(folder, () => Directory.Delete(folder));
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
