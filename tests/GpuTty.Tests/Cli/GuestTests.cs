using System.Diagnostics;
using GpuTty.Cli;
using GpuTty.Host.Guests;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Guests;
using GpuTty.Tests.Linux;
using GpuTty.Text;

namespace GpuTty.Tests.Cli;

/// <summary>What a guest has to say to get the card.</summary>
public sealed class GuestTests : IDisposable
{
    private const string Win11 =
        """
        <!--
        WARNING: THIS IS AN AUTO-GENERATED FILE. CHANGES TO IT ARE LIKELY TO BE
        OVERWRITTEN AND LOST. Changes to this xml configuration should be made using:
          virsh -c qemu:///system edit win11
        -->

        <domain type='kvm'>
          <name>win11</name>
          <uuid>6f1d0f6e-0b6c-4d0e-9d3e-6d1f0d2c5a11</uuid>
          <metadata>
            <libosinfo:libosinfo xmlns:libosinfo="http://libosinfo.org/xmlns/libvirt/domain/1.0">
              <libosinfo:os id="http://microsoft.com/win/11"/>
            </libosinfo:libosinfo>
          </metadata>
          <description>it&apos;s &lt;mine&gt;</description>
          <os firmware='efi'>
            <type arch='x86_64' machine='pc-q35-9.2'>hvm</type>
          </os>
          <features>
            <acpi/>
          </features>
          <devices>
            <disk type='file' device='disk'>
              <source file='/var/lib/libvirt/images/win11.qcow2'/>
              <target dev='vda' bus='virtio'/>
              <address type='pci' domain='0x0000' bus='0x01' slot='0x00' function='0x0'/>
            </disk>
            <controller type='pci' index='0' model='pcie-root'/>
            <controller type='pci' index='1' model='pcie-root-port'>
              <address type='pci' domain='0x0000' bus='0x00' slot='0x02' function='0x0'/>
            </controller>
            <controller type='pci' index='2' model='pcie-root-port'>
              <address type='pci' domain='0x0000' bus='0x00' slot='0x02' function='0x1'/>
            </controller>
            <video>
              <model type='qxl' ram='65536' heads='1' primary='yes'/>
              <address type='pci' domain='0x0000' bus='0x00' slot='0x01' function='0x0'/>
            </video>
            <memballoon model='virtio'>
              <address type='pci' domain='0x0000' bus='0x00' slot='0x03' function='0x0'/>
            </memballoon>
          </devices>
        </domain>

        """;

    private readonly MachineTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData("plain", "--vm win11")]
    [InlineData("everything", "--vm win11 --looking-glass 2560x1440 --iommufd --no-balloon --no-video --hide-kvm")]
    [InlineData("fragment", "")]
    public void What_differs(string name, string options)
    {
        var said = On(Win11).Run(["guest", "xml", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.Equal(ExitCodes.Done, said.Code);
        Snapshots.Verify($"{said.Out}\n--- and remarks\n{said.Error}", name);
        // The same line by line for scripts.
        var json = On(Win11).Run(["guest", "xml", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--json"]).Json;
        var lines = json.GetProperty(name == "fragment" ? "fragment" : "difference");
        Assert.Equal(said.Out, string.Concat(lines.EnumerateArray().Select(line => $"{line.GetString()}\n")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("--looking-glass 128 --iommufd --no-balloon --no-video --hide-kvm")]
    public void The_second_time_nothing_differs(string options)
    {
        string[] line = ["guest", "xml", "--vm", "win11", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        var whole = On(Win11).Run([.. line, "--whole"]).Out;
        Assert.NotEqual(Win11, whole);
        Assert.NotNull(DomainXml.Read(whole, out _));
        var said = On(whole).Run(line);
        Assert.Equal("", said.Out);
        Assert.Contains("win11 has all of it already.", said.Error, StringComparison.Ordinal);
        Assert.Equal(whole, On(whole).Run([.. line, "--whole"]).Out);
    }

    /// <summary>patch(1) reads what was printed.</summary>
    [Fact]
    public void The_difference_can_be_applied()
    {
        var gputty = On(Win11);
        var difference = gputty.Run("guest", "xml", "--vm", "win11").Out;
        _tree.File("copy.xml", Win11).File("copy.patch", difference);
        if (!File.Exists("/usr/bin/patch")) return;
        using var patch = Process.Start(new ProcessStartInfo("/usr/bin/patch", ["-s", _tree.At("copy.xml"), _tree.At("copy.patch")]))!;
        patch.WaitForExit();
        Assert.Equal(0, patch.ExitCode);
        Assert.Equal(gputty.Run("guest", "xml", "--vm", "win11", "--whole").Out, File.ReadAllText(_tree.At("copy.xml")));
    }

    [Fact]
    public void Managed_functions_in_places_of_their_own_come_into_one_slot_and_keep_the_rest()
    {
        var managed = Win11.Replace(
            "    <video>",
            "    <hostdev mode='subsystem' type='pci' managed='yes'>\n      <source>\n        <address domain='0x0000' bus='0x01' "
                + "slot='0x00' function='0x0'/>\n      </source>\n      <boot order='2'/>\n      <address type='pci' domain='0x0000' "
                + "bus='0x02' slot='0x00' function='0x0'/>\n    </hostdev>\n    <video>",
            StringComparison.Ordinal);
        var after = On(managed).Run("guest", "xml", "--vm", "win11", "--whole").Out;
        Assert.DoesNotContain("managed='yes'", after, StringComparison.Ordinal);
        Assert.Contains("<boot order='2'/>", after, StringComparison.Ordinal);
        Assert.Contains("bus='0x02' slot='0x00' function='0x0' multifunction='on'", after, StringComparison.Ordinal);
        Assert.Contains("bus='0x02' slot='0x00' function='0x1'", after, StringComparison.Ordinal);
        Assert.DoesNotContain("index='3'", after, StringComparison.Ordinal);
    }

    [Fact]
    public void A_guest_without_a_free_port_gets_one()
    {
        var full = Win11.Replace("bus='0x00' slot='0x03'", "bus='0x02' slot='0x00'", StringComparison.Ordinal);
        Assert.Contains(
            "<controller type='pci' index='3' model='pcie-root-port'/>",
            On(full).Run("guest", "xml", "--vm", "win11", "--whole").Out,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_old_machine_type_is_told()
    {
        var old = Win11.Replace("pc-q35-9.2", "pc-i440fx-9.2", StringComparison.Ordinal)
            .Replace("pcie-root-port", "pci-bridge", StringComparison.Ordinal)
            .Replace("pcie-root", "pci-root", StringComparison.Ordinal);
        var said = On(old).Run("guest", "xml", "--vm", "win11");
        Assert.Contains("i440fx", said.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("multifunction", said.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Qemu_gets_the_same_as_arguments()
    {
        _tree.File("a,b.rom", [0x55, 0xaa, 1]);
        foreach (var path in (string[])["a,b.rom", ""])
            File.SetUnixFileMode(
                _tree.At(path),
                UnixFileMode.UserRead
                    | UnixFileMode.UserWrite
                    | UnixFileMode.UserExecute
                    | UnixFileMode.OtherRead
                    | UnixFileMode.OtherExecute);
        var said = On(Win11).Run("guest", "qemu", "--rom", _tree.At("a,b.rom"), "--iommufd", "--looking-glass", "32", "--kvmfr");
        Assert.Equal(
            $"""
            -object iommufd,id=iommufd0 \
            -device pcie-root-port,id=gputty0,bus=pcie.0,chassis=40,slot=40 \
            -device vfio-pci,host=0000:01:00.0,bus=gputty0,addr=0x0.0x0,multifunction=on,romfile={_tree.At("a,,b.rom")},iommufd=iommufd0 \
            -device vfio-pci,host=0000:01:00.1,bus=gputty0,addr=0x0.0x1,iommufd=iommufd0 \
            -object memory-backend-file,id=looking-glass,mem-path=/dev/kvmfr0,size=32M,share=on \
            -device ivshmem-plain,memdev=looking-glass,bus=pcie.0

            """, said.Out);
    }

    [Fact]
    public void An_image_that_Qemu_could_not_read_is_refused()
    {
        _tree.File("open/closed/card.rom", [0x55, 0xaa]).File("open/no.rom", "MZ");
        foreach (var path in (string[])["", "open", "open/closed", "open/closed/card.rom", "open/no.rom"])
            File.SetUnixFileMode(_tree.At(path), (UnixFileMode)0x1ed);
        Assert.Equal(ExitCodes.Done, Rom("open/closed/card.rom").Code);
        Assert.Contains("does not begin as an image of a card's firmware does", Rom("open/no.rom").Error, StringComparison.Ordinal);
        Assert.Contains("There is no file", Rom("gone").Error, StringComparison.Ordinal);
        Assert.Contains("is a folder", Rom("open").Error, StringComparison.Ordinal);
        _tree.File("open/my card.rom", [0x55, 0xaa]);
        File.SetUnixFileMode(_tree.At("open/my card.rom"), (UnixFileMode)0x180);
        Assert.Contains(
            $"Let others read it: chmod o+r '{_tree.At("open/my card.rom")}'", Rom("open/my card.rom").Error, StringComparison.Ordinal);
        File.SetUnixFileMode(_tree.At("open/closed"), (UnixFileMode)0x1c0);
        var said = Rom("open/closed/card.rom");
        Assert.Equal((ExitCodes.Refused, ""), (said.Code, said.Out));
        Assert.Contains(
            $"QEMU could not read {_tree.At("open/closed/card.rom")}: {_tree.At("open/closed")} is closed to other users.",
            said.Error,
            StringComparison.Ordinal);
        Said Rom(string path) => On(Win11).Run("guest", "qemu", "--rom", _tree.At(path));
    }

    [Theory]
    [InlineData("1920x1080", 32)]
    [InlineData("2560x1440", 64)]
    [InlineData("3840x2160", 128)]
    [InlineData("100", 128)]
    public void Memory_for_Looking_Glass_fits_the_picture(string size, int expected) =>
        Assert.Contains($"size={expected}M", On(Win11).Run("guest", "qemu", "--looking-glass", size).Out, StringComparison.Ordinal);

    [Theory]
    [InlineData("guest qemu --looking-glass 0", "--looking-glass takes")]
    [InlineData("guest qemu --looking-glass 9x9", "--looking-glass takes")]
    [InlineData("guest xml --whole", "--whole needs --vm.")]
    public void A_wrong_wish_is_usage(string line, string says)
    {
        var said = On(Win11).Run(line.Split(' '));
        Assert.Equal(ExitCodes.Usage, said.Code);
        Assert.Contains(says, said.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<!DOCTYPE d><domain><devices/></domain>")]
    [InlineData("<domain><devices>")]
    [InlineData("<domain/>")]
    [InlineData("<network><devices/></network>")]
    public void A_description_that_cannot_be_read_is_one_sentence(string xml)
    {
        var said = On(xml).Run("guest", "xml", "--vm", "win11");
        Assert.Equal((ExitCodes.Refused, ""), (said.Code, said.Out));
        Assert.Contains("The description of win11 cannot be read:", said.Error, StringComparison.Ordinal);
        Assert.Equal(2, said.Error.Count(c => c == '\n'));
    }

    [Fact]
    public void A_description_is_written_as_it_was_read() => Assert.Equal(Win11, Markup.Write(Markup.Parse(Win11)));

    [Fact]
    public void Differences_far_apart_are_parts_of_their_own()
    {
        var before = string.Join('\n', Enumerable.Range(1, 30)) + "\n";
        var after = before
            .Replace("\n5\n", "\nfive\n", StringComparison.Ordinal)
            .Replace("\n25\n", "\n25\n25a\n", StringComparison.Ordinal);
        Assert.Equal(
            "--- x\n+++ x\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n@@ -23,6 +23,7 @@\n 23\n 24\n 25\n+25a\n 26\n 27\n 28\n",
            UnifiedDiff.Of(before, after, "x"));
        Assert.Equal("", UnifiedDiff.Of(before, before, "x"));
    }

    private Gputty On(string xml)
    {
        _tree.File("etc/libvirt/qemu/win11.xml", xml);
        return Gputty.On("desktop").With(libvirt: new LibvirtFiles(_tree.Root, new CommandRunner()));
    }
}
