using System.Text;
using GpuTty.Host.Desktop;
using GpuTty.Linux.HostUses;
using GpuTty.Linux.Kernel;
using GpuTty.Linux.Processes;
using GpuTty.Text;

namespace GpuTty.Tests;

/// <summary>Names of units, the kernel's log and mounts write bytes as escapes; whoever chooses a name chooses what stands there.</summary>
public sealed class EscapedBytesTests
{
    [Theory]
    [InlineData(@"a\x2db", "a-b")]
    [InlineData(@"\x2D", "-")]
    [InlineData(@"b\xc3\xbccher", "bücher")]
    [InlineData("bücher", "bücher")]
    [InlineData("\U0001F4BE\\x20x", "\U0001F4BE x")]
    [InlineData(@"\x5cx41", @"\x41")]
    [InlineData(@"\\x41", @"\A")]
    public void Two_hexadecimal_digits_are_a_byte_of_UTF_8(string text, string meant) =>
        Assert.Equal(meant, EscapedBytes.Hexadecimal(text));

    [Theory]
    [InlineData("")]
    [InlineData(@"\")]
    [InlineData(@"\x")]
    [InlineData(@"\x4")]
    [InlineData(@"a\x4")]
    [InlineData(@"\xZ1")]
    [InlineData(@"\x1Z")]
    [InlineData(@"\x+1")]
    [InlineData(@"\x 1")]
    [InlineData(@"\X41")]
    [InlineData(@"\u0041")]
    [InlineData(@"\040")]
    public void What_is_no_whole_escape_stays_as_it_stands(string text) => Assert.Equal(text, EscapedBytes.Hexadecimal(text));

    [Fact]
    public void An_escape_behind_a_broken_one_is_read() => Assert.Equal(@"\x-", EscapedBytes.Hexadecimal(@"\x\x2d"));

    [Fact]
    public void Bytes_that_are_no_UTF_8_are_replaced() => Assert.Equal("a\ufffdb", EscapedBytes.Hexadecimal(@"a\xffb"));

    [Theory]
    [InlineData(@"/mnt\040a\134b", @"/mnt a\b")]
    [InlineData(@"\303\274", "ü")]
    [InlineData(@"\134040", @"\040")]
    [InlineData(@"\", @"\")]
    [InlineData(@"\04", @"\04")]
    [InlineData(@"\400", @"\400")]
    [InlineData(@"\048", @"\048")]
    [InlineData(@"\x2d", @"\x2d")]
    public void Three_octal_digits_are_a_byte_too(string text, string meant) => Assert.Equal(meant, EscapedBytes.Octal(text));

    [Fact]
    public void Control_characters_behind_an_escape_never_reach_a_terminal()
    {
        Assert.Equal(@"\x1b[2J\u202e", ApplicationUnit.NameOf(@"app-gnome-\x1b[2J\xe2\x80\xae-12.scope"));
        Assert.Equal(@"machine \x1b[2J", ControlGroup.Parse(@"0::/machine.slice/machine-\x1b[2J.scope").Container);
        Assert.Equal(@"\x1b[2J\x9b", KernelLogLine.Parse(@"6,1,1,-;\x1b[2J\xc2\x9b"u8)!.Text);
        // Their reader makes them visible where it names the disk.
        Assert.Equal("/mnt\u001b", Assert.Single(StorageUses.Mounts("36 35 98:0 / /mnt\\033 rw - ext3 /dev/sda1 rw\n")).Place);
    }

    [Fact]
    public void A_container_is_called_as_its_owner_called_it() =>
        Assert.Equal("machine bücher", ControlGroup.Parse(@"0::/machine.slice/machine-b\xc3\xbccher.scope").Container);

    [Fact]
    public void Every_byte_can_be_read_back()
    {
        var all = Enumerable.Range(0, 0x80).Select(value => (byte)value).ToArray();
        var text = Encoding.ASCII.GetString(all);
        Assert.Equal(text, EscapedBytes.Hexadecimal(string.Concat(all.Select(value => $"\\x{value:x2}"))));
        Assert.Equal(text, EscapedBytes.Octal(string.Concat(all.Select(value => $"\\{Convert.ToString(value, 8).PadLeft(3, '0')}"))));
    }
}
