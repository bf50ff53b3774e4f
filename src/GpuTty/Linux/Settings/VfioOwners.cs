using System.Globalization;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux.Processes;
using GpuTty.Text;

namespace GpuTty.Linux.Settings;

/// <summary>The user and the group that VFIO_USER and VFIO_GROUP name, as /etc/passwd and /etc/group know them.</summary>
internal static class VfioOwners
{
    /// <param name="user">Empty for none, as <paramref name="group"/>.</param>
    /// <returns>Null where neither is named.</returns>
    /// <exception cref="HostException">There is no such user or group, or it cannot be told.</exception>
    /// <param name="elsewhere">What a file does not know, by the file and the name; null for none to ask.</param>
    public static VfioOwner? Of(
        FileSystemRoot root, string user, string group, Func<string, string, string[]?>? elsewhere = null)
    {
        if (user.Length == 0 && group.Length == 0) return null;
        var name = group.Length == 0 ? user : user.Length == 0 ? $"group {group}" : $"{user} and group {group}";
        return new VfioOwner(
            user.Length == 0 ? null : Number(root, AccountFile.Users, "user", user, elsewhere),
            group.Length == 0 ? null : Number(root, AccountFile.Groups, "group", group, elsewhere),
            Visible.Text(name, 120));
    }

    private static int Number(
        FileSystemRoot root, string file, string what, string name, Func<string, string, string[]?>? elsewhere) =>
        (AccountFile.Read(root, file).FirstOrDefault(fields => fields.Length > 2 && fields[0] == name)
            ?? elsewhere?.Invoke(file, name)) is { Length: > 2 } fields
            && int.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw new HostException(
                $"There is no {what} {Visible.Text(name, 80)} on this machine, who is to have vfio's nodes.",
                $"Correct VFIO_{what.ToUpperInvariant()} in /etc/gputty.conf, or take it out.");
}
