using GpuTty.Interop;
using GpuTty.Tests.Linux;

namespace GpuTty.Tests.Interop;

public sealed class DirectoryHandleTests : IDisposable
{
    private readonly MachineTree _machine = new();

    public void Dispose() => _machine.Dispose();

    /// <summary>The kernel gives the maps of a process page by page, each to the end of a line (fs/seq_file.c).</summary>
    [Fact]
    public void A_file_that_comes_in_pieces_is_read_whole_or_not_at_all()
    {
        Assert.Null(DirectoryHandle.Current.Bytes("/proc/self/maps"));

        var maps = DirectoryHandle.Current.Bytes("/proc/self/maps", SysFiles.TableLimit);

        Assert.Contains("[stack]", System.Text.Encoding.UTF8.GetString(maps!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vfio-pci\n", "vfio-pci\n")]
    [InlineData("no end", "no end")]
    [InlineData("", "")]
    public void A_line_is_what_stands_there(string text, string expected)
    {
        _machine.File("sys/attribute", text);
        using var folder = DirectoryHandle.Open(_machine.At("sys"))!;

        Assert.Equal(expected, System.Text.Encoding.UTF8.GetString(folder.Line("attribute")!));
        Assert.Null(folder.Line("none"));
    }

    [Theory]
    [InlineData(4096, true)]
    [InlineData(4097, false)]
    [InlineData(10000, false)]
    public void A_line_as_long_as_a_page_is_read_to_its_end_and_a_longer_one_is_none(int length, bool isOne)
    {
        _machine.File("sys/attribute", new string('a', length - 1) + "\n");
        using var folder = DirectoryHandle.Open(_machine.At("sys"))!;

        Assert.Equal(isOne ? length : null, folder.Line("attribute")?.Length);
    }
}
