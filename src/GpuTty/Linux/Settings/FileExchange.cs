using System.Runtime.InteropServices;
using System.Security.Cryptography;
using GpuTty.Interop;
using GpuTty.Linux.State;
using Microsoft.Win32.SafeHandles;

namespace GpuTty.Linux.Settings;

/// <summary>
/// One name in a folder that is held open: looked at, and exchanged for something else. A link there is never followed. A file is made anew
/// beside it, with owner and permissions, and takes its place at once.
/// </summary>
internal sealed class FileExchange : IDisposable
{
    private const int PathOnly = 0x200000;
    private readonly SafeFileHandle _folder;
    private readonly string _name;

    private FileExchange(SafeFileHandle folder, string name) => (_folder, _name) = (folder, name);

    private string Here => $"{StateDirectory.PathOf(_folder)}/{_name}";

    /// <param name="path">A whole path.</param>
    /// <param name="makesFolder">Its folder is made where it is missing.</param>
    /// <returns>Null where its folder is not there.</returns>
    /// <exception cref="IOException">The folder cannot be opened, or others can write to it.</exception>
    public static FileExchange? Open(string path, bool makesFolder = false)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (makesFolder && Native.MakeDirectory(folder, 0x1ed) != 0 && Marshal.GetLastPInvokeError() != Native.EEXIST)
            throw Native.Failure("mkdir");
        var handle = Native.Open(folder, PathOnly | Native.Directory | Native.CloseOnExec, 0);
        if (handle.IsInvalid) return Marshal.GetLastPInvokeError() is Native.ENOENT or Native.ENOTDIR ? null : throw Native.Failure("open");
        var facts = Native.Look(handle);
        if ((facts.Owner == 0 || facts.Owner == Native.EffectiveUser()) && (facts.Permissions & UnixFileMode.OtherWrite) == 0)
            return new FileExchange(handle, Path.GetFileName(path));
        handle.Dispose();
        throw new IOException($"Others than root can write to {folder}");
    }

    /// <param name="content">Of a file; else empty.</param>
    public FileState Look(out byte[] content)
    {
        content = [];
        if (SysFiles.Link(Here) is { } target) return new FileState(FileKind.Link, target);
        using var file = Native.Open(Here, Native.ReadOnly | Native.NoFollow | Native.NonBlocking | Native.CloseOnExec, 0);
        if (file.IsInvalid) return Marshal.GetLastPInvokeError() == Native.ENOENT ? FileState.Nothing : throw Native.Failure("open");
        var facts = Native.Look(file);
        if (!facts.IsFile) throw new IOException("It is neither a file nor a link");
        var length = RandomAccess.GetLength(file);
        if (length > BoundedFiles.LongestFile) throw new IOException("It is too long");
        content = new byte[length];
        for (var read = 0; read < content.Length;)
        {
            var count = RandomAccess.Read(file, content.AsSpan(read), read);
            if (count == 0) throw new IOException("It is being changed");
            read += count;
        }
        return new FileState(
            FileKind.File, null, (int)facts.Permissions, facts.Owner, facts.Group, Hash(content), FileAttributesOf.Read(file));
    }

    public static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>Puts something else there, whole or not at all. When this
    /// returns it is on the disk; where it fails, it may be there.</summary>
    /// <param name="now">What is there.</param>
    public void Put(FileState now, FileState next, ReadOnlySpan<byte> content)
    {
        if (next.Kind == FileKind.Absent) File.Delete(Here);
        else if (next.Kind == FileKind.Link)
        {
            if (now.Kind != FileKind.Absent) File.Delete(Here);
            File.CreateSymbolicLink(Here, next.Target!);
        }
        else if (now.Kind == FileKind.File && now.Sha256 == next.Sha256 && (now.Owner, now.Group) == (next.Owner, next.Group))
            SetMode(next.Mode);
        else
        {
            FileContent.Replace(StateDirectory.PathOf(_folder), _name, content, file => Dress(file, next));
            return;
        }
        // A power cut must not bring back what is said to be gone.
        FileContent.SyncFolder(StateDirectory.PathOf(_folder));
    }

    public void Dispose() => _folder.Dispose();

    private void SetMode(int mode)
    {
        using var file = Native.Open(Here, Native.ReadOnly | Native.NoFollow | Native.CloseOnExec, 0);
        if (file.IsInvalid) throw Native.Failure("open");
        File.SetUnixFileMode(file, (UnixFileMode)mode);
        FileContent.Sync(file);
    }

    private static void Dress(SafeFileHandle file, FileState next)
    {
        // On file systems without owners (vfat) all belongs to root, and nothing else can be asked for.
        var owned = Native.Look(file);
        if ((owned.Owner, owned.Group) != (next.Owner, next.Group) && Native.SetOwner(file, next.Owner, next.Group) != 0)
            throw Native.Failure("chown");
        if ((int)owned.Permissions != next.Mode) File.SetUnixFileMode(file, (UnixFileMode)next.Mode);
        FileAttributesOf.Write(file, next.Attributes);
    }
}
