using System.Runtime.InteropServices;
using GpuTty.Host;
using GpuTty.Interop;
using GpuTty.Linux.Settings;
using GpuTty.Text;
using Microsoft.Win32.SafeHandles;

namespace GpuTty.Linux.State;

/// <summary>A file for the user, where he asked for it: never over another
/// one, never through a link, and for nobody else to read.</summary>
internal static class NewFile
{
    /// <returns>The whole path.</returns>
    public static string Write(string path, ReadOnlySpan<byte> content)
    {
        try
        {
            var whole = Path.GetFullPath(path);
            // What is made, and taken away again where it cannot be filled, is in this folder, whoever renames what its path goes through.
            const int pathOnly = 0x200000;
            using var folder = Native.Open(Path.GetDirectoryName(whole) ?? "/", pathOnly | Native.Directory | Native.CloseOnExec, 0);
            if (folder.IsInvalid) throw Failure();
            Write(folder, Path.GetFileName(whole), content);
            return whole;
        }
        catch (DirectoryNotFoundException missing)
        {
            throw new HostException(
                $"{Visible.Text(path)} cannot be written: there is no folder {Visible.Text(Path.GetDirectoryName(path) ?? "")}.",
                "Name a file in a folder that exists.",
                missing);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Refusal(path, refused);
        }
    }

    /// <summary>True for a plain file of this user's own with exactly this content.</summary>
    public static bool IsThere(string path, ReadOnlySpan<byte> content)
    {
        using var file = Native.Open(path, Native.ReadOnly | Native.NoFollow | Native.NonBlocking | Native.CloseOnExec, 0);
        if (file.IsInvalid || Native.Look(file) is not { IsFile: true } facts || facts.Owner != Native.EffectiveUser()
            || RandomAccess.GetLength(file) != content.Length) return false;
        var there = new byte[content.Length];
        return RandomAccess.Read(file, there, 0) == there.Length && content.SequenceEqual(there);
    }

    /// <summary>As this user, who may be another one than root: it is theirs, and what they may not write is refused.</summary>
    /// <returns>The whole path.</returns>
    public static string WriteAs(CallingUser user, string path, ReadOnlySpan<byte> content)
    {
        var isAtHome = path == "~" || path.StartsWith("~/", StringComparison.Ordinal);
        if (isAtHome && user.Home is null)
            throw new HostException(
                $"{Visible.Text(path)} cannot be written: {user.Problem?.TrimEnd('.') ?? "/etc/passwd names no home of yours"}.",
                "Name the whole path.");
        var whole = isAtHome ? user.Home + path[1..] : path;
        if (!Environment.IsPrivilegedProcess || user.Uid == 0) return Write(whole, content);
        // Both are this thread's alone, and with them it has no right of root's over files.
        var group = Native.SetFileGroup(user.Group);
        var root = Native.SetFileUser(user.Uid);
        try
        {
            // An invalid number changes nothing and tells what is set.
            if (Native.SetFileUser(uint.MaxValue) != user.Uid)
                throw new HostException($"{Visible.Text(path)} cannot be written as you.", "Start gputty from a shell of your own.");
            return Write(whole, content);
        }
        finally
        {
            _ = Native.SetFileUser(root);
            _ = Native.SetFileGroup(group);
        }
    }

    /// <summary>In a directory of ours.</summary>
    /// <returns>The whole path.</returns>
    public static string Write(StateDirectory directory, string name, ReadOnlySpan<byte> content)
    {
        directory.Ensure();
        try
        {
            using var folder = directory.Hold();
            Write(folder, name, content);
            return directory.PathOf(name);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw Refusal(directory.PathOf(name), refused);
        }
    }

    private static HostException Refusal(string path, Exception refused) => Directory.Exists(path)
        ? new($"{Visible.Text(path)} cannot be written: it is a folder.", "Name a file in it.", refused)
        : new(
            $"{Visible.Text(path)} cannot be written: {Visible.Text(refused.Message).TrimEnd('.')}.",
            "Name another file, one that does not exist yet.",
            refused);

    private static void Write(SafeFileHandle folder, string name, ReadOnlySpan<byte> content)
    {
        var path = $"{StateDirectory.PathOf(folder)}/{name}";
        const int forOwner = 0x180;
        // Whoever is killed in the middle leaves no half of it, whose name would be taken: only what is whole gets one.
        using var unnamed = Native.Open(StateDirectory.PathOf(folder), Native.Unnamed | Native.ReadWrite | Native.CloseOnExec, forOwner);
        // FAT and some file systems of a network have none without a name. O_EXCL follows no link (open(2)), neither does linkat(2).
        using var named = unnamed.IsInvalid
            ? Native.Open(path, Native.WriteOnly | Native.Create | Native.Exclusive | Native.CloseOnExec, forOwner)
            : null;
        if (named is { IsInvalid: true }) throw Failure();
        var file = named ?? unnamed;
        var isThere = named is not null;
        try
        {
            FileContent.Write(file, content, 0);
            FileContent.Sync(file);
            if (!isThere && Native.GiveName(file, folder, name) != 0) throw Failure();
            isThere = true;
            using var names = Native.Open(StateDirectory.PathOf(folder), Native.ReadOnly | Native.Directory | Native.CloseOnExec, 0);
            // Whoever may write to a folder need not be allowed to list it.
            if (!names.IsInvalid) FileContent.SyncFolder(names);
        }
        catch (IOException)
        {
            // Half of it helps nobody.
            if (isThere) File.Delete(path);
            throw;
        }
    }

    private static IOException Failure()
    {
        var error = Marshal.GetLastPInvokeError();
        var words = Marshal.GetPInvokeErrorMessage(error);
        return error is Native.ENOENT or Native.ENOTDIR ? new DirectoryNotFoundException(words) : new IOException(words, error);
    }
}
