using GpuTty.Interop;

namespace GpuTty.Linux.Processes;

/// <summary>/etc/passwd and /etc/group, whose lines are fields between colons (passwd(5), group(5)).</summary>
internal static class AccountFile
{
    /// <param name="name">Below /etc. One that cannot be read has no lines.</param>
    public static IEnumerable<string[]> Read(FileSystemRoot root, string name) =>
        (SysFiles.Text(root.Etc(name)) ?? "").Split('\n').Select(line => line.Split(':'));
}
