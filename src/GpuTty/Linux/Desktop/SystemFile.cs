using GpuTty.Host;

namespace GpuTty.Linux.Desktop;

/// <summary>Small files of ours in folders of the system: rules for udev, drop-ins for systemd.</summary>
internal static class SystemFile
{
    public static void Write(string path, string text) => OnDisk(path, () =>
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // Made anew and renamed: a link that somebody has put there is replaced, never followed.
        var fresh = $"{path}.new";
        File.Delete(fresh);
        using (var file = new FileStream(fresh, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
        }))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }
        File.Move(fresh, path, overwrite: true);
    });

    public static void Delete(string path) => OnDisk(path, () =>
    {
        if (File.Exists(path)) File.Delete(path);
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
            throw new HostException($"{path} cannot be changed: {refused.Message}", "Check that you are root and that its file system can be written to.", refused);
        }
    }
}
