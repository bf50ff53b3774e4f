using GpuTty.Host;
using GpuTty.Interop;

namespace GpuTty.Linux.Processes;

/// <summary>/etc/passwd and /etc/group, whose lines are fields between colons (passwd(5), group(5)).</summary>
internal static class AccountFile
{
    public const string Users = "passwd", Groups = "group";

    /// <summary>None where there is no such file, and where it cannot be read: then nobody can be said not to be in it.</summary>
    /// <param name="name">Below /etc.</param>
    /// <param name="problem">Why it cannot be read, in a sentence; null where it can, and where there is no such file.</param>
    public static List<string[]> Read(FileSystemRoot root, string name, out string? problem)
    {
        var text = SysFiles.Text(root.Etc(name), SysFiles.TableLimit, out var error);
        problem = error is null ? null : $"/etc/{name} cannot be read: {error}.";
        return [.. (text ?? "").Split('\n').Select(line => line.Split(':'))];
    }

    /// <exception cref="HostException">The file is there and cannot be read.</exception>
    public static List<string[]> Read(FileSystemRoot root, string name) =>
        Read(root, name, out var problem) is var lines && problem is null ? lines : throw new HostException(problem, Remedy(name));

    public static string Remedy(string name) => $"Run gputty as root; where it says the same then, look at it: ls -l /etc/{name}";
}
