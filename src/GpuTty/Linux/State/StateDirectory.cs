using System.Runtime.InteropServices;
using GpuTty.Host;
using GpuTty.Interop;
using Microsoft.Win32.SafeHandles;

namespace GpuTty.Linux.State;

/// <summary>
/// A directory of ours that nobody else can read or write, and its files. Everything is opened without following links and looked at
/// before it is used: a root program that trusts a file somebody else has put there does what somebody else wants.
/// </summary>
internal sealed class StateDirectory(string path)
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    public string Path { get; } = path;

    public string PathOf(string name) => $"{Path}/{name}";

    /// <summary>Makes the directory where it is missing, and looks whether it is ours.</summary>
    public void Ensure()
    {
        if (Native.MakeDirectory(Path, 0x1c0) == 0)
        {
            var parent = System.IO.Path.GetDirectoryName(Path)!;
            // What is in it is lost with its name.
            OnDisk(Path, "made", () => FileContent.SyncFolder(parent));
        }
        else if (Marshal.GetLastPInvokeError() is var error and not Native.EEXIST)
            throw error is Native.EACCES && Native.EffectiveUser() != 0 ? new NeedsRootException($"Only root can make {Path}.")
                : Refusal(
                    $"{Path} cannot be made: {Marshal.GetPInvokeErrorMessage(error)}.",
                    "Check that its file system is there and can be written to.");
        using var directory = Hold();
    }

    /// <summary>The directory itself, which no rename in its parent exchanges; looked at like everything here.</summary>
    public SafeFileHandle Hold()
    {
        var directory = Open(Path, Native.ReadOnly | Native.Directory);
        try
        {
            Check(Path, Native.Look(directory), isFile: false);
            return directory;
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>A path to what is in an open directory, for who only takes
    /// paths (proc_pid_fd(5)); good for as long as it is open.</summary>
    public static string PathOf(SafeFileHandle directory) => Native.PathOf(directory);

    public bool Exists(string name) => File.Exists(PathOf(name));

    /// <summary>Null when there is no such file, or not even the directory.</summary>
    public byte[]? Read(string name)
    {
        using var handle = TryOpen(name, Native.ReadOnly);
        if (handle is null) return null;
        using var stream = new FileStream(handle, FileAccess.Read, bufferSize: 1);
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>Tells one content of a file from another without reading it; null when there is no such file.</summary>
    public (long Length, DateTime Written)? Stamp(string name)
    {
        using var file = TryOpen(name, Native.ReadOnly);
        return file is null ? null : (RandomAccess.GetLength(file), File.GetLastWriteTimeUtc(file));
    }

    /// <summary>A file that is already there; null when it is not.</summary>
    public SafeFileHandle? TryOpen(string name, int access)
    {
        var handle = Native.Open(PathOf(name), access | Native.NoFollow | Native.CloseOnExec | Native.NonBlocking, 0);
        if (handle.IsInvalid && Marshal.GetLastPInvokeError() is Native.ENOENT) return null;
        return Checked(PathOf(name), handle);
    }

    /// <summary>A file to write to, made where it is missing.</summary>
    public SafeFileHandle OpenOrCreate(string name) =>
        Checked(
            PathOf(name),
            Native.Open(PathOf(name), Native.ReadWrite | Native.Create | Native.NoFollow | Native.CloseOnExec | Native.NonBlocking, 0x180));

    /// <summary>A file that was not there before; a left-over of that name goes first.</summary>
    public SafeFileHandle CreateNew(string name)
    {
        Delete(name);
        return Checked(
            PathOf(name),
            Native.Open(PathOf(name), Native.ReadWrite | Native.Create | Native.Exclusive | Native.NoFollow | Native.CloseOnExec, 0x180));
    }

    /// <summary>Either the old content or the new one, also after a power cut.</summary>
    public void Replace(string name, ReadOnlySpan<byte> content)
    {
        Ensure();
        using (var file = CreateNew($"{name}.new"))
            WriteWhole(name, file, content);
        Rename($"{name}.new", name);
    }

    private void WriteWhole(string name, SafeFileHandle file, ReadOnlySpan<byte> content)
    {
        try
        {
            FileContent.Write(file, content, 0);
            FileContent.Sync(file);
        }
        catch (IOException refused)
        {
            throw Cannot(PathOf(name), "written", refused);
        }
    }

    /// <summary>On the disk when it returns.</summary>
    public void Rename(string from, string to) => OnDisk(PathOf(to), "written", () =>
    {
        File.Move(PathOf(from), PathOf(to), overwrite: true);
        using var directory = Open(Path, Native.ReadOnly | Native.Directory);
        FileContent.SyncFolder(directory);
    });

    /// <summary>Does not mind when the file is not there.</summary>
    /// <returns>True where it was there: of several who remove it at the same time, for one.</returns>
    public bool Delete(string name)
    {
        if (Native.Unlink(PathOf(name)) == 0)
        {
            // A power cut must not bring back what is said to be gone.
            OnDisk(PathOf(name), "removed", () => FileContent.SyncFolder(Path));
            return true;
        }
        return Marshal.GetLastPInvokeError() is var error && error == Native.ENOENT
            ? false
            : throw Refusal(
                $"{PathOf(name)} cannot be removed: {Marshal.GetPInvokeErrorMessage(error)}.",
                $"Check that the file system of {Path} can be written to.");
    }

    /// <param name="done">As a participle.</param>
    private void OnDisk(string path, string done, Action change)
    {
        try
        {
            change();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw Cannot(path, done, refused);
        }
    }

    private HostException Cannot(string path, string done, Exception refused) =>
        Refusal(
            $"{path} cannot be {done}: {refused.Message.TrimEnd('.')}.",
            $"Make room on the file system of {Path}, and check that it can be written to.",
            refused);

    private static SafeFileHandle Open(string path, int flags)
    {
        var handle = Native.Open(path, flags | Native.NoFollow | Native.CloseOnExec, 0);
        return handle.IsInvalid ? throw CannotOpen(path) : handle;
    }

    private static SafeFileHandle Checked(string path, SafeFileHandle handle)
    {
        if (handle.IsInvalid) throw CannotOpen(path);
        try
        {
            Check(path, Native.Look(handle), isFile: true);
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static void Check(string path, OwnedFile facts, bool isFile)
    {
        if (isFile && !facts.IsFile) throw NotMine(path, "is not a plain file");
        if (facts.Owner != Native.EffectiveUser()) throw NotMine(path, $"belongs to user {facts.Owner}");
        if ((facts.Permissions & OthersWrite) != 0) throw NotMine(path, "can be written to by other users");
        // What is in it is ours still.
        if ((facts.Permissions & Others) != 0)
            throw Refusal(
                $"{path} is open to other users, and has to be root's alone.", $"Close it: chmod {(isFile ? "600" : "700")} {path}");
        // None is left to a file that was replaced since it was opened: its content is whole, and was the right one then.
        if (isFile && facts.Links > 1) throw NotMine(path, "has a second name");
    }

    private static HostException CannotOpen(string path)
    {
        var error = Marshal.GetLastPInvokeError();
        if (error is Native.EACCES && Native.EffectiveUser() != 0) return new NeedsRootException($"Only root may read {path}.");
        return error is Native.ELOOP or Native.ENOTDIR ? NotMine(path, "is a symbolic link, or a part of its path is not a directory")
            : Refusal(
                $"{path} cannot be opened: {Marshal.GetPInvokeErrorMessage(error)}.",
                "Run gputty as root, and check that the file system can be written to.");
    }

    /// <summary>It may still hold what the way back of a card is read from: it is moved, and not removed.</summary>
    private static HostException NotMine(string path, string why) =>
        Refusal($"{path} {why}, so it cannot be trusted.", $"See what it is, then move it away: mv {path} {path}.untrusted");

    private static HostException Refusal(string message, string remedy, Exception? cause = null) => new(message, remedy, cause);
}
