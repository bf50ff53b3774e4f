using System.Globalization;
using GpuTty.Interop;

namespace GpuTty.Linux.Processes;

/// <summary>Login names by uid, from /etc/passwd.</summary>
internal static class Users
{
    public static Dictionary<int, string> Read(FileSystemRoot root) => Parse(SysFiles.Text(root.Etc("passwd")) ?? "");

    public static Dictionary<int, string> Parse(string passwd)
    {
        var names = new Dictionary<int, string>();
        foreach (var line in passwd.Split('\n'))
        {
            if (line.Split(':') is [var name, _, var uid, ..] && int.TryParse(uid, NumberStyles.None, null, out var number))
                names.TryAdd(number, Text.Visible.Text(name, 80));
        }
        return names;
    }
}
