using GpuTty.Interop;
using GpuTty.Text;

namespace GpuTty.Linux.Guests;

/// <summary>An image of a card's firmware that QEMU is to read: as a user of
/// its own (libvirt), so every folder above has to let others in.</summary>
internal static class RomFile
{
    private const int Largest = 16 * 1024 * 1024;
    private const UnixFileMode Read = UnixFileMode.OtherRead, Enter = UnixFileMode.OtherExecute;

    /// <returns>Null when it can be used; else one sentence and one next action.</returns>
    public static (string Problem, string Remedy)? ProblemOf(string path)
    {
        var full = Path.GetFullPath(path);
        var shown = Visible.Text(full, 400);
        if (full.Any(char.IsControl)) return ($"{shown} has control characters in its name.", "Give the file another name.");
        if (Directory.Exists(full)) return ($"{shown} is a folder.", "Name the file of the image.");
        if (!File.Exists(full))
            return ($"There is no file {shown}.", "Name an image that exists, or leave --rom out: most cards need none.");
        for (var folder = Path.GetDirectoryName(full); folder is not null; folder = Path.GetDirectoryName(folder))
            if ((File.GetUnixFileMode(folder) & Enter) == 0)
                return (
                    $"QEMU could not read {shown}: {Visible.Text(folder, 400)} is closed to other users.",
                    "Put the image below /var/lib/libvirt, readable by all users.");
        if ((File.GetUnixFileMode(full) & Read) == 0)
            return ($"QEMU could not read {shown}: it is closed to other users.", $"Let others read it: chmod o+r {shown}");
        var length = new FileInfo(full).Length;
        if (length is 0 or > Largest) return ($"{shown} is no image of a card's firmware: it has {length} bytes.", "Name another file.");
        return SysFiles.Bytes(full, Largest, out _) is [0x55, 0xaa, ..]
            ? null
            : (
                $"{shown} does not begin as an image of a card's firmware does (55 AA).",
                "Name another file; what some cards keep before their image has to be cut off.");
    }
}
