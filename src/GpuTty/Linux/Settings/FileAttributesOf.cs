using System.Runtime.InteropServices;
using System.Text;
using GpuTty.Interop;
using Microsoft.Win32.SafeHandles;

namespace GpuTty.Linux.Settings;

/// <summary>Extended attributes that belong to a file as its permissions do: the
/// label of SELinux, access control lists, those of users (xattr(7)).</summary>
internal static class FileAttributesOf
{
    private const int Longest = 64 * 1024;

    /// <summary>Null where there are none, or the file system has none.</summary>
    public static Dictionary<string, string>? Read(SafeFileHandle file)
    {
        var names = new byte[Longest];
        var length = Native.ListAttributes(file, names, (nuint)names.Length);
        if (length <= 0) return null;
        var found = new Dictionary<string, string>();
        var value = new byte[Longest];
        foreach (var name in Encoding.UTF8
            .GetString(names, 0, (int)length)
            .Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Where(Counts))
            if (Native.GetAttribute(file, name, value, (nuint)value.Length) is >= 0 and var size)
                found[name] = Convert.ToBase64String(value, 0, (int)size);
        return found.Count > 0 ? found : null;
    }

    /// <summary>What the file system does not take is left out: it did not give it either.</summary>
    public static void Write(SafeFileHandle file, IReadOnlyDictionary<string, string>? attributes)
    {
        foreach (var (name, text) in attributes ?? new Dictionary<string, string>())
        {
            var value = Convert.FromBase64String(text);
            if (Counts(name)
                && Native.SetAttribute(file, name, value, (nuint)value.Length, 0) != 0
                && Marshal.GetLastPInvokeError() != Native.EOPNOTSUPP)
                throw Native.Failure(name);
        }
    }

    private static bool Counts(string name) =>
        name is "security.selinux" or "system.posix_acl_access" || name.StartsWith("user.", StringComparison.Ordinal);
}
