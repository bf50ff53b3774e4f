using GpuTty.Host;
using GpuTty.Host.Guests;
using GpuTty.Interop;
using GpuTty.Text;

namespace GpuTty.Linux.Guests;

/// <summary>An image of a card's firmware that QEMU is to read: as a user of
/// its own (libvirt), so every folder above has to let others in.</summary>
internal static class RomFile
{
    private const int Largest = 16 * 1024 * 1024;
    private const UnixFileMode Read = UnixFileMode.OtherRead, Enter = UnixFileMode.OtherExecute;

    /// <summary>Of the files that guests name, those that QEMU could not use, and those of which that is unknown.</summary>
    public static IEnumerable<BadRomFile> BadOnes(FileSystemRoot root, LibvirtState state) =>
        (from guest in state.Guests
         from path in guest.Description?.RomFiles ?? []
         select BadOne(root, guest.Name, path)).OfType<BadRomFile>();

    private static BadRomFile? BadOne(FileSystemRoot root, string guest, string path)
    {
        if (!path.StartsWith('/'))
            return new(guest, $"{Visible.Text(path, 400)} is no absolute path.", "Write the whole path of the image, from / on.");
        _ = SysFiles.Stat(root.Any(path[1..]), out var unseen);
        try
        {
            if (unseen is null) return ProblemOf(root, path) is var (problem, remedy) ? new(guest, problem, remedy) : null;
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            unseen = hidden.Message.TrimEnd('.');
        }
        return new(guest, $"{Visible.Text(path, 400)} cannot be looked at: {Visible.Text(unseen, 200)}.", "Run gputty as root.")
        {
            IsUnknown = true,
        };
    }

    public static (string Problem, string Remedy)? ProblemOf(string path) => ProblemOf(FileSystemRoot.Live, Path.GetFullPath(path));

    /// <returns>Null when it can be used; else one sentence and one next action.</returns>
    private static (string Problem, string Remedy)? ProblemOf(FileSystemRoot root, string path)
    {
        var full = root.Any(path.TrimStart('/'));
        var shown = Visible.Text(path, 400);
        if (path.Any(char.IsControl)) return ($"{shown} has control characters in its name.", "Give the file another name.");
        if (Directory.Exists(full)) return ($"{shown} is a folder.", "Name the file of the image.");
        if (!File.Exists(full))
            return ($"There is no file {shown}.", "Name an image that exists, or leave --rom out: most cards need none.");
        for (var folder = Path.GetDirectoryName(path); folder is not null; folder = Path.GetDirectoryName(folder))
            if ((File.GetUnixFileMode(root.Any(folder.TrimStart('/'))) & Enter) == 0)
                return (
                    $"QEMU could not read {shown}: {Visible.Text(folder, 400)} is closed to other users.",
                    "Put the image below /var/lib/libvirt, readable by all users.");
        if ((File.GetUnixFileMode(full) & Read) == 0)
            return (
                $"QEMU could not read {shown}: it is closed to other users.",
                $"Let others read it: chmod o+r {ShellWord.Or(path, "FILE")}");
        var length = new FileInfo(full).Length;
        if (length is 0 or > Largest) return ($"{shown} is no image of a card's firmware: it has {length} bytes.", "Name another file.");
        return SysFiles.Bytes(full, Largest, out _) is [0x55, 0xaa, ..]
            ? null
            : (
                $"{shown} does not begin as an image of a card's firmware does (55 AA).",
                "Name another file; what some cards keep before their image has to be cut off.");
    }
}
