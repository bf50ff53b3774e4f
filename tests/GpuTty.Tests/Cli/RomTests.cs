using GpuTty.Cli;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Pci;
using GpuTty.Linux.State;
using GpuTty.Linux.Writes;
using GpuTty.Simulation;
using GpuTty.Tests.Linux;

namespace GpuTty.Tests.Cli;

/// <summary>Firmware of cards as files: made here byte by byte, as the PCI Firmware Specification says.</summary>
public sealed class RomTests : IDisposable
{
    private readonly MachineTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void A_whole_image_is_good_and_its_parts_are_told()
    {
        var said = Check([.. Part(0, 4, isLast: false), .. Part(3, 2, isLast: true)]);
        Assert.Equal(ExitCodes.Done, said.Code);
        Assert.Equal([$"0 2048 bytes BIOS {Id} checksum good", $"2048 1024 bytes EFI for x86-64 {Id} last"],
            said.Out.TrimEnd('\n').Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
    }

    [Fact]
    public void One_for_another_card_one_that_is_damaged_and_one_that_was_cut_off_are_told()
    {
        Assert.Contains(
            $"is for 1002:1234, and the card is {Id}.",
            Check(Part(3, 2, true, vendor: 0x1002, device: 0x1234)).Out,
            StringComparison.Ordinal);
        var damaged = Part(0, 4, true);
        damaged[700] ^= 0x40;
        var said = Check(damaged);
        Assert.Equal(ExitCodes.Refused, said.Code);
        Assert.Contains("The image at 0 is damaged", said.Out, StringComparison.Ordinal);
        Assert.Contains("No image says that it is the last one", Check(Part(3, 2, false)).Out, StringComparison.Ordinal);
        Assert.Contains("It has no EFI driver for x86-64", Check(Part(0, 4, true)).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void What_Nvidias_tool_writes_before_the_image_is_cut_off_into_a_file_of_its_own()
    {
        byte[] image = Part(0, 4, true), header = [.. "NVGI"u8, .. new byte[1533]];
        var said = Check([.. header, .. image], "--trim", _tree.At("trimmed.rom"));
        Assert.Equal(ExitCodes.Refused, said.Code);
        Assert.Contains("1537 bytes before the first image", said.Out, StringComparison.Ordinal);
        Assert.Equal(image, File.ReadAllBytes(_tree.At("trimmed.rom")));
        Assert.Contains(
            "cannot be written", Check([.. header, .. image], "--trim", _tree.At("trimmed.rom")).Error, StringComparison.Ordinal);
    }

    /// <summary>NPDS instead of PCIR, and the true length in a structure behind it: readers that know neither run off the end.</summary>
    [Fact]
    public void Nvidias_own_structures_are_followed()
    {
        var first = Part(0, 4, isLast: true);
        "NPDE"u8.CopyTo(first.AsSpan(0x40 + 0x20));
        (first[0x40 + 0x28], first[0x40 + 0x2a]) = (4, 0);
        var second = Part(0xe0, 2, isLast: true);
        "NPDS"u8.CopyTo(second.AsSpan(0x40));
        var read = RomImage.Read([.. first, .. second])!;
        Assert.Equal([(RomCode.X86, false), (RomCode.Vendor, true)], read.Parts.Select(part => (part.Code, part.IsLast)));
        Assert.Equal(0, read.Trailing);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5000)]
    public void What_is_no_image_is_one_sentence(int length)
    {
        var said = Check(new byte[length]);
        Assert.Equal((ExitCodes.Refused, "", 2), (said.Code, said.Out, said.Error.Count(c => c == '\n')));
    }

    [Fact]
    public void Whatever_is_damaged_nothing_breaks()
    {
        byte[] good = [.. Part(0, 4, false), .. Part(3, 2, true)];
        var random = new Random(20261129);
        for (var round = 0; round < 20_000; round++)
        {
            var bad = good[..random.Next(good.Length + 1)];
            for (var change = 0; change < 4 && bad.Length > 0; change++) bad[random.Next(bad.Length)] = (byte)random.Next(256);
            var read = RomImage.Read(bad);
            Assert.True(read is null || read.Parts.All(part => part.Offset >= 0 && part.Offset + part.Length <= bad.Length));
            _ = read?.Problems(null).Concat(read.Notes()).ToList();
        }
    }

    [Fact]
    public void The_firmware_of_a_card_that_is_used_is_not_read()
    {
        var gputty = Gputty.On("desktop").With(cardRom: _ => throw new InvalidOperationException("read"));
        Assert.Contains(
            "is with nvidia, which may be using its firmware",
            gputty.Run("rom", "save", "--output", _tree.At("x.rom")).Error,
            StringComparison.Ordinal);
        Assert.Contains(
            "A virtual machine is using the card",
            Gputty.On("vm-running").With(cardRom: _ => throw new InvalidOperationException("read")).Run("rom", "save").Error,
            StringComparison.Ordinal);
        Assert.Equal(ExitCodes.NeedsRoot, gputty.With(isRoot: false).Run("rom", "save").Code);
    }

    [Fact]
    public void With_vfio_it_is_saved_for_its_owner_only_and_checked()
    {
        var gputty = Gputty.On("kept-off").With(cardRom: _ => [.. Part(0, 4, false), .. Part(3, 2, true)]);
        Assert.Equal(ExitCodes.Done, gputty.Run("switch", "vm", "--yes").Code);
        var said = gputty.Run("rom", "save", "--output", _tree.At("x.rom"));
        Assert.Equal(ExitCodes.Done, said.Code);
        Assert.Equal(3072, new FileInfo(_tree.At("x.rom")).Length);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_tree.At("x.rom")));
        Assert.Contains($"Saved: {_tree.At("x.rom")}", said.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_Ctrl_C_while_the_firmware_is_read_lets_the_card_be_closed_again()
    {
        Action interrupt = () => { };
        var gputty = Gputty.On("kept-off");
        gputty.Run("switch", "vm", "--yes");
        var said = gputty.With(
            onInterruptible: heard => interrupt = heard,
            cardRom: _ =>
            {
                interrupt();
                return Part(0, 4, true);
            }).Run("rom", "save", "--output", _tree.At("x.rom"));
        Assert.Equal((ExitCodes.Interrupted, "Cancelled. The card is as it was.\n"), (said.Code, said.Error));
        Assert.False(File.Exists(_tree.At("x.rom")));
    }

    [Fact]
    public void Where_the_card_shows_nothing_the_machines_firmware_may_have_it()
    {
        byte[] image = Part(3, 2, true);
        var display = Display;
        byte[] header = [
            .. BitConverter.GetBytes(display.Address.Bus),
            .. BitConverter.GetBytes(display.Address.Slot),
            .. BitConverter.GetBytes(display.Address.Function),
            .. BitConverter.GetBytes((ushort)display.Id.Vendor),
            .. BitConverter.GetBytes((ushort)display.Id.Device),
            .. new byte[8],
            .. BitConverter.GetBytes(image.Length),
        ];
        byte[] other = [.. BitConverter.GetBytes(9), .. header[4..24], .. BitConverter.GetBytes(3), 1, 2, 3];
        byte[] table = [.. "VFCT"u8, .. new byte[48], .. BitConverter.GetBytes(76), .. new byte[20], .. other, .. header, .. image];
        Assert.Equal(image, VfctTable.Find(table, display));
        Assert.Null(VfctTable.Find(table.AsSpan(0, table.Length - 1), display));
        Assert.Null(VfctTable.Find(table, display with { Id = new PciId(0x1002, 1) }));
        for (var length = 0; length < table.Length; length++) _ = VfctTable.Find(table.AsSpan(0, length), display);
        var gputty = Gputty.On("kept-off").With(cardRom: Hidden, firmwareRom: _ => image);
        gputty.Run("switch", "vm", "--yes");
        Assert.Contains("ACPI table VFCT", gputty.Run("rom", "save", "--output", _tree.At("y.rom")).Error, StringComparison.Ordinal);
        Assert.Equal(image, File.ReadAllBytes(_tree.At("y.rom")));
    }

    private static byte[] Hidden(PciAddress card) => throw new HostException("Input/output error.", "Sleep.");

    /// <summary>Here the table leads in a circle, so that root cannot read it either.</summary>
    [Fact]
    public void A_table_of_the_machines_firmware_that_cannot_be_read_is_an_error_and_not_missing()
    {
        Assert.Null(FirmwareImages.Of(_tree.Root, Display));
        _tree.LinkText("sys/firmware/acpi/tables/VFCT", "VFCT");
        var unread = Assert.Throws<HostException>(() => FirmwareImages.Of(_tree.Root, Display));
        Assert.Contains("/sys/firmware/acpi/tables/VFCT cannot be read: ", unread.Message, StringComparison.Ordinal);

        var inUse = Gputty.On("desktop").With(firmwareRom: card => FirmwareImages.Of(_tree.Root, card)).Run("rom", "save");
        Assert.Contains(unread.Message, inUse.Error, StringComparison.Ordinal);
        Assert.Contains("is with nvidia", inUse.Error, StringComparison.Ordinal);
        var hidden = Gputty.On("kept-off").With(cardRom: Hidden, firmwareRom: card => FirmwareImages.Of(_tree.Root, card));
        hidden.Run("switch", "vm", "--yes");
        var free = hidden.Run("rom", "save", "--output", _tree.At("z.rom"));
        Assert.Contains(unread.Message, free.Error, StringComparison.Ordinal);
        Assert.Contains("Input/output error.", free.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_tree.At("z.rom")));
    }

    /// <summary>On a tree of files a window stays open that was written 1 to, and shows what it was closed with.</summary>
    [Fact]
    public async Task The_window_is_closed_again_and_the_function_may_sleep_again_whatever_happened()
    {
        _tree
            .File("sys/bus/pci/devices/0000:01:00.0/rom", "image")
            .File("sys/bus/pci/devices/0000:01:00.0/power/control", "auto\n")
            .File("sys/bus/pci/devices/0000:01:00.0/power_state", "D0\n")
            .Folder("out");
        var address = PciAddress.Parse("01:00.0");
        // A file keeps what was written to open it.
        Assert.Equal("1"u8.ToArray(), await Reader(new CommandRunner()).ReadAsync(address, _tree.At("out"), default));
        AssertClosed();
        await Assert.ThrowsAsync<HostException>(() =>
            Reader(new CommandRunner([_tree.At("no-tools")])).ReadAsync(address, _tree.At("out"), default));
        AssertClosed();
        await Assert.ThrowsAsync<HostException>(() =>
            Reader(new CommandRunner()).ReadAsync(PciAddress.Parse("02:00.0"), _tree.At("out"), default));
    }

    private RomReader Reader(CommandRunner reads)
    {
        _tree.Folder("run");
        return new(
            _tree.Root,
            reads,
            new SupervisedWrite(new StateDirectory(_tree.At("run/gputty")), new CommandRunner(), TimeProvider.System, _ => { }),
            TimeProvider.System);
    }

    private void AssertClosed()
    {
        Assert.Equal("0", File.ReadAllText(_tree.At("sys/bus/pci/devices/0000:01:00.0/rom")));
        Assert.Equal("auto", File.ReadAllText(_tree.At("sys/bus/pci/devices/0000:01:00.0/power/control")));
        Assert.Empty(Directory.GetFiles(_tree.At("out")));
    }

    private static PciDevice Display => Card.FindAt(Machines.Find("desktop")!.Machine.Snapshot(), Machines.Card)!.Display;

    private static string Id => Display.Id.ToString();

    private Said Check(byte[] bytes, params string[] more)
    {
        _tree.File("card.rom", bytes);
        return Gputty.On("desktop").Run(["rom", "check", _tree.At("card.rom"), .. more]);
    }

    internal static byte[] Part(byte code, int blocks, bool isLast, int? vendor = null, int? device = null)
    {
        var bytes = new byte[blocks * 512];
        (bytes[0], bytes[1], bytes[2], bytes[0x18]) = (0x55, 0xaa, (byte)blocks, 0x40);
        if (code == 3)
        {
            BitConverter.GetBytes(0x0ef1).CopyTo(bytes, 4);
            BitConverter.GetBytes((ushort)0x8664).CopyTo(bytes, 0x0a);
        }
        "PCIR"u8.CopyTo(bytes.AsSpan(0x40));
        BitConverter.GetBytes((ushort)(vendor ?? Display.Id.Vendor)).CopyTo(bytes, 0x44);
        BitConverter.GetBytes((ushort)(device ?? Display.Id.Device)).CopyTo(bytes, 0x46);
        BitConverter.GetBytes((ushort)0x18).CopyTo(bytes, 0x4a);
        BitConverter.GetBytes((ushort)blocks).CopyTo(bytes, 0x50);
        (bytes[0x54], bytes[0x55]) = (code, (byte)(isLast ? 0x80 : 0));
        bytes[^1] = (byte)-bytes.Aggregate(0, (sum, one) => sum + one);
        return bytes;
    }
}
