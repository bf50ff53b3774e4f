using GpuTty.Host;
using GpuTty.Text;

namespace GpuTty.Linux.State;

/// <summary>A file for the user, where he asked for it: never over another one, never through a link, and for nobody else to read.</summary>
internal static class NewFile
{
    /// <returns>The whole path.</returns>
    public static string Write(string path, ReadOnlySpan<byte> content)
    {
        try
        {
            // CreateNew is O_EXCL: it follows no link either (open(2)).
            using var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            file.Write(content);
            return Path.GetFullPath(path);
        }
        catch (DirectoryNotFoundException missing)
        {
            throw new HostException($"{Visible.Text(path)} cannot be written: there is no folder {Visible.Text(Path.GetDirectoryName(path) ?? "")}.", "Name a file in a folder that exists.", missing);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new HostException($"{Visible.Text(path)} cannot be written: {Visible.Text(refused.Message)}", "Name another file, one that does not exist yet.", refused);
        }
    }
}
