using System.Buffers.Binary;
using GpuTty.Cli;
using GpuTty.Interop;
using GpuTty.Linux.Settings;
using GpuTty.Linux.State;
using GpuTty.Tests.Cli;
using GpuTty.Tests.Diagnosis;
using GpuTty.Tests.Linux.Commands;

namespace GpuTty.Tests.Linux.Settings;

/// <summary>What <c>doctor --fix</c> does on a real file system: attributes stay, and a disk that fails leaves the old file.</summary>
[Collection("mounts")]
public sealed class CorrectionsOnDiskTests : IDisposable
{
    private const string Leftover = "etc/modprobe.d/no.conf", Acl = "system.posix_acl_access", Note = "user.note";
    private static readonly string s_filling = string.Concat(Enumerable.Repeat("# nothing that anybody needs\n", 2000));
    private readonly RecipeMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [RootFact]
    public async Task Extended_attributes_and_access_lists_are_on_the_new_file_and_again_on_the_old_one()
    {
        _machine.Tree.File(Leftover, "install nvidia /bin/false\noptions z a=1\n");
        var list = AccessList();
        Set(Leftover, Note, "mine"u8.ToArray());
        Set(Leftover, Acl, list);
        Assert.Equal(ExitCodes.Done, (await FixAsync("--yes")).Code);
        Assert.Equal("options z a=1\n", await File.ReadAllTextAsync(_machine.Tree.At(Leftover)));
        Assert.Equal("mine"u8.ToArray(), Get(Leftover, Note));
        Assert.Equal(list, Get(Leftover, Acl));
        // What somebody adds meanwhile is no change of the file; the undo brings back what was there before.
        Set(Leftover, Note, "yours"u8.ToArray());
        Assert.Equal(ExitCodes.Done, (await FixAsync("--undo", "--yes")).Code);
        Assert.Equal("install nvidia /bin/false\noptions z a=1\n", await File.ReadAllTextAsync(_machine.Tree.At(Leftover)));
        Assert.Equal("mine"u8.ToArray(), Get(Leftover, Note));
        Assert.Equal(list, Get(Leftover, Acl));
    }

    [RootFact]
    public async Task A_file_that_was_removed_comes_back_with_its_attributes()
    {
        _machine.Tree.File(Leftover, "install nvidia /bin/false\n");
        Set(Leftover, Note, "mine"u8.ToArray());
        Assert.Equal(ExitCodes.Done, (await FixAsync("--yes")).Code);
        Assert.False(File.Exists(_machine.Tree.At(Leftover)));
        Assert.Equal(ExitCodes.Done, (await FixAsync("--undo", "--yes")).Code);
        Assert.Equal("mine"u8.ToArray(), Get(Leftover, Note));
    }

    [RootTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_disk_that_gets_full_in_the_middle_of_a_write_leaves_the_old_file_whole(bool isUndo)
    {
        var folder = _machine.Tree.At("etc/modprobe.d");
        Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        Tool.Run("mount", "-t", "tmpfs", "-o", "size=256k,mode=755", "gputty-tests", folder);
        try
        {
            var text = $"install nvidia /bin/false\noptions z a=1\n{s_filling}";
            _machine.Tree.File(Leftover, text);
            if (isUndo)
            {
                Assert.Equal(ExitCodes.Done, (await FixAsync("--yes")).Code);
                text = await File.ReadAllTextAsync(_machine.Tree.At(Leftover));
                Assert.DoesNotContain("install nvidia", text, StringComparison.Ordinal);
            }
            Fill(folder);
            var said = isUndo ? await FixAsync("--undo", "--yes") : await FixAsync("--yes");
            Assert.Equal(isUndo ? ExitCodes.LeftHalfway : ExitCodes.TakenBack, said.Code);
            Assert.Contains("/etc/modprobe.d/no.conf could not be", said.Error, StringComparison.Ordinal);
            Assert.Equal(text, await File.ReadAllTextAsync(_machine.Tree.At(Leftover)));
            Assert.Equal(["filler", "no.conf"], Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order());
            // With room again the same works.
            File.Delete(Path.Combine(folder, "filler"));
            Assert.Equal(ExitCodes.Done, (isUndo ? await FixAsync("--undo", "--yes") : await FixAsync("--yes")).Code);
        }
        finally
        {
            Tool.Run("umount", folder);
        }
    }

    [RootFact]
    public async Task A_disk_with_no_room_for_the_copies_changes_nothing()
    {
        _machine.Tree.File(Leftover, $"install nvidia /bin/false\noptions z a=1\n{s_filling}");
        var lib = Directory.CreateDirectory(_machine.Tree.At("var/lib")).FullName;
        Tool.Run("mount", "-t", "tmpfs", "-o", "size=32k,mode=755", "gputty-tests", lib);
        try
        {
            var before = await File.ReadAllBytesAsync(_machine.Tree.At(Leftover));
            var said = await FixAsync("--yes");
            Assert.NotEqual(ExitCodes.Done, said.Code);
            Assert.Matches("^!! .+\\.\n   .+\n$", said.Error);
            Assert.Equal(before, await File.ReadAllBytesAsync(_machine.Tree.At(Leftover)));
            Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(lib, "gputty/corrections")));
        }
        finally
        {
            Tool.Run("umount", lib);
        }
    }

    private Task<Said> FixAsync(params string[] options) => Gputty.On("desktop").With(
        reader: _machine.Reader,
        corrections: new Corrections(
            _machine.Tree.Root,
            new StateDirectory($"{Directory.CreateDirectory(_machine.Tree.At("var/lib")).FullName}/gputty"),
            () => new MemoryStream())).RunAsync(["doctor", "--fix", .. options]);

    /// <summary>Until not even a byte has room.</summary>
    private static void Fill(string folder)
    {
        using var file = File.OpenHandle(Path.Combine(folder, "filler"), FileMode.Create, FileAccess.Write);
        var block = new byte[1024];
        try
        {
            for (var offset = 0L; ; offset += block.Length) RandomAccess.Write(file, block, offset);
        }
        catch (IOException)
        {
            // The disk is full.
        }
    }

    private void Set(string path, string name, byte[] value)
    {
        using var file = File.OpenHandle(_machine.Tree.At(path), access: FileAccess.ReadWrite);
        Assert.Equal(0, Native.SetAttribute(file, name, value, (nuint)value.Length, 0));
    }

    private byte[] Get(string path, string name)
    {
        using var file = File.OpenHandle(_machine.Tree.At(path));
        var value = new byte[1024];
        var length = Native.GetAttribute(file, name, value, (nuint)value.Length);
        Assert.True(length > 0, name);
        return value[..(int)length];
    }

    /// <summary>user::rw-, user:1234:r--, group::r--, mask::r--, other::r-- (linux/posix_acl_xattr.h).</summary>
    private static byte[] AccessList()
    {
        var bytes = new byte[4 + (5 * 8)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, 2);
        (ushort Tag, ushort Rights, uint Id)[] entries =
            [(1, 6, uint.MaxValue), (2, 4, 1234), (4, 4, uint.MaxValue), (16, 4, uint.MaxValue), (32, 4, uint.MaxValue)];
        foreach (var (index, (tag, rights, id)) in entries.Index())
        {
            var at = bytes.AsSpan(4 + (index * 8));
            BinaryPrimitives.WriteUInt16LittleEndian(at, tag);
            BinaryPrimitives.WriteUInt16LittleEndian(at[2..], rights);
            BinaryPrimitives.WriteUInt32LittleEndian(at[4..], id);
        }
        return bytes;
    }
}
