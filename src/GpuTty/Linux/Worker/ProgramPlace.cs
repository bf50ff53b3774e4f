using GpuTty.Host;
using GpuTty.Interop;
using GpuTty.Text;

namespace GpuTty.Linux.Worker;

/// <summary>Where a program lies that root is to run by itself from now on:
/// at each start of the machine, or when a virtual machine starts.</summary>
internal static class ProgramPlace
{
    private const int PathOnly = 0x200000;

    /// <summary>Looks at the files and at every folder above them. What a group may write to is the administrator's choice.</summary>
    /// <param name="root">Where the machine's files begin.</param>
    /// <param name="files">Absolute paths; those that are not there are no matter.</param>
    /// <exception cref="HostException">Somebody else could put another program in the place of one.</exception>
    public static void Check(FileSystemRoot root, IEnumerable<string> files)
    {
        foreach (var file in files.Where(file => file.StartsWith('/')))
        {
            for (var path = file; path is not null; path = Path.GetDirectoryName(path))
            {
                if (WhyNot(root.Any(path.TrimStart('/'))) is { } why)
                    throw new HostException(
                        $"{Visible.Text(path, 200)} {why}, and root would run {Visible.Text(file, 200)} by itself.",
                        "Install gputty where only root can change it (sudo ./install.sh), and run that one.");
            }
        }
    }

    private static string? WhyNot(string path)
    {
        using var place = Native.Open(path, PathOnly | Native.CloseOnExec, 0);
        if (place.IsInvalid) return null;
        var facts = Native.Look(place);
        // In a folder like /tmp nobody renames what is another's (chmod(1), restricted deletion).
        return facts.Owner != 0 && facts.Owner != Native.EffectiveUser() ? $"belongs to user {facts.Owner}"
            : (facts.Permissions & UnixFileMode.OtherWrite) != 0 && (facts.IsFile || (facts.Permissions & UnixFileMode.StickyBit) == 0)
                ? "is writable by all users"
                : null;
    }
}
