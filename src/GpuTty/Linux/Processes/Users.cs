using System.Globalization;
using GpuTty.Interop;

namespace GpuTty.Linux.Processes;

/// <summary>Login names by uid, from /etc/passwd.</summary>
internal static class Users
{
    /// <param name="problem">See <see cref="AccountFile"/>: then the name of every user is unknown.</param>
    public static Dictionary<int, string> Read(FileSystemRoot root, out string? problem) =>
        Names(AccountFile.Read(root, AccountFile.Users, out problem));

    public static Dictionary<int, string> Parse(string passwd) => Names(passwd.Split('\n').Select(line => line.Split(':')));

    private static Dictionary<int, string> Names(IEnumerable<string[]> lines)
    {
        var names = new Dictionary<int, string>();
        foreach (var fields in lines)
        {
            if (fields is [var name, _, var uid, ..] && int.TryParse(uid, NumberStyles.None, null, out var number))
                names.TryAdd(number, Text.Visible.Text(name, 80));
        }
        return names;
    }
}
