using GpuTty.Diagnosis;
using GpuTty.Host.Guests;
using GpuTty.Interop;
using GpuTty.Tests.Linux;

namespace GpuTty.Tests.Diagnosis;

/// <summary>What the doctor says of virtual machines that want a card: what their start would fail by, before it does.</summary>
public sealed class GuestFindingsTests : IDisposable
{
    private const UnixFileMode ForAll = (UnixFileMode)0b111_101_101;
    private const string Rom = "/var/lib/libvirt/card.rom";
    private readonly RecipeMachine _machine = new();

    public GuestFindingsTests()
    {
        foreach (var folder in (string[])["", "var", "var/lib", "var/lib/libvirt"])
        {
            Directory.CreateDirectory(_machine.Tree.At(folder));
            File.SetUnixFileMode(_machine.Tree.At(folder), ForAll);
        }
    }

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task A_file_for_the_firmware_that_QEMU_could_not_use_is_told_before_the_start_fails()
    {
        Define("", $"<rom file='{Rom}'/>");
        Assert.Equal(
            "The virtual machine win11 will not start: There is no file /var/lib/libvirt/card.rom.",
            (await FindAsync(DiagnosisCode.GuestRom))!.Sentence);
        _machine.Tree.File(Rom[1..], [0x55, 0xaa, 0x01]);
        File.SetUnixFileMode(_machine.Tree.At(Rom[1..]), (UnixFileMode)0b110_100_100);
        Assert.Null(await FindAsync(DiagnosisCode.GuestRom));
        File.SetUnixFileMode(_machine.Tree.At("var/lib/libvirt"), (UnixFileMode)0b111_000_000);
        Assert.Contains(
            "QEMU could not read /var/lib/libvirt/card.rom: /var/lib/libvirt is closed to other users.",
            (await FindAsync(DiagnosisCode.GuestRom))!.Sentence,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_for_the_firmware_behind_a_circle_of_links_is_unknown()
    {
        Define("", "<rom file='/var/lib/libvirt/here/card.rom'/>");
        _machine.Tree.LinkText("var/lib/libvirt/here", "there").LinkText("var/lib/libvirt/there", "here");
        var found = await FindAsync(DiagnosisCode.GuestRom);
        Assert.Equal(FindingGroup.Unknown, found!.Group);
        Assert.Contains("cannot be looked at", found.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../card.rom", "is no absolute path")]
    [InlineData("/var/lib/libvirt", "is a folder")]
    [InlineData("/var/lib/libvirt/no.rom", "does not begin as an image of a card's firmware does")]
    public async Task A_file_that_is_none_is_one_sentence(string path, string words)
    {
        _machine.Tree.File("var/lib/libvirt/no.rom", "text\n");
        File.SetUnixFileMode(_machine.Tree.At("var/lib/libvirt/no.rom"), (UnixFileMode)0b110_100_100);
        Define("", $"<rom file='{path}'/>");
        Assert.Contains(words, (await FindAsync(DiagnosisCode.GuestRom))!.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100, false, true)]
    [InlineData(0, false, true)]
    [InlineData(8192, false, false)]
    [InlineData(100, true, false)]
    public async Task Huge_pages_that_a_guest_needs_are_counted_unless_it_runs(int free, bool runs, bool isFound)
    {
        Define("<memory unit='GiB'>16</memory><memoryBacking><hugepages/></memoryBacking>", "");
        Pages(2048, free);
        _machine.Tree.File("proc/meminfo", "Hugepagesize: 2048 kB\n").Folder("run/libvirt/qemu");
        if (runs) _machine.Tree.File("run/libvirt/qemu/win11.xml", "<domstatus/>");
        var found = await FindAsync(DiagnosisCode.GuestHugePages);
        Assert.Equal(isFound, found is not null);
        if (found is not null)
            Assert.Contains("HUGEPAGES_MB=16384", found.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<page size='1' unit='GiB'/>", 16, null)]
    [InlineData("<page size='1' unit='G'/>", 15, "16 huge pages of 1 GiB, and only 15 of them are")]
    [InlineData("<page size='1048576'/>", 1, "16 huge pages of 1 GiB, and only 1 of them is")]
    [InlineData("<page size='2' unit='M'/>", 16, "8192 huge pages of 2 MiB, and only 100 of them are")]
    [InlineData("<page size='64'/>", 16, "262144 huge pages of 64 KiB, and none of them are")]
    [InlineData("<page size='1' unit='G' nodeset='0'/>", 0, null)]
    [InlineData("<page size='1' unit='G'/><page size='2' unit='M' nodeset='1'/>", 0, null)]
    public async Task Huge_pages_are_counted_of_the_size_that_the_guest_names(string page, int free, string? sentence)
    {
        Define($"<memory unit='GiB'>16</memory><memoryBacking><hugepages>{page}</hugepages></memoryBacking>", "");
        _machine.Tree.File("proc/meminfo", "Hugepagesize: 2048 kB\n");
        Pages(2048, 100);
        Pages(1048576, free);
        var found = await FindAsync(DiagnosisCode.GuestHugePages);
        Assert.Equal(sentence is null ? null : $"The virtual machine win11 needs {sentence} free: it will not start.", found?.Sentence);
        Assert.Equal(
            ["9000 huge pages of 1 GiB are reserved", "9000 huge pages of 2 MiB are reserved"],
            Findings.Of(await _machine.ReadAsync())
                .Where(one => one.Code == DiagnosisCode.HugePages)
                .Select(one => one.Sentence.Split(',')[0])
                .Order(StringComparer.Ordinal));
        if (sentence?.Contains("1 GiB", StringComparison.Ordinal) != true) return;
        Assert.StartsWith("Reserve them at boot: hugepagesz=1G hugepages=16 on the", found!.Advice, StringComparison.Ordinal);
        _machine.Tree.File("usr/bin/sdboot-manage", "").File("etc/sdboot-manage.conf", "LINUX_OPTIONS=\"\"\n");
        Assert.Contains(
            "LINUX_OPTIONS in /etc/sdboot-manage.conf",
            (await FindAsync(DiagnosisCode.GuestHugePages))!.Advice,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Huge_pages_that_the_switch_sets_aside_are_not_missed_and_unknown_ones_neither()
    {
        Define("<memory unit='GiB'>16</memory><memoryBacking><hugepages/></memoryBacking>", "");
        _machine.Tree.File("proc/meminfo", "Hugepagesize: 2048 kB\n");
        Assert.Null(await FindAsync(DiagnosisCode.GuestHugePages));
        Pages(2048, 0);
        Assert.NotNull(await FindAsync(DiagnosisCode.GuestHugePages));
        _machine.Tree.File("etc/gputty.conf", "HUGEPAGES_MB=16384\n");
        Assert.Null(await FindAsync(DiagnosisCode.GuestHugePages));
        _machine.Tree.File("etc/gputty.conf", "HUGEPAGES_MB=8192\n");
        Assert.NotNull(await FindAsync(DiagnosisCode.GuestHugePages));
        File.Delete(_machine.Tree.At("sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages"));
        Assert.Null(await FindAsync(DiagnosisCode.GuestHugePages));
    }

    [Theory]
    [InlineData("-object", "memory-backend-file,id=lg,mem-path=/dev/kvmfr0,size=32M,share=yes", 32)]
    [InlineData("-object", "{\"qom-type\":\"memory-backend-file\",\"mem-path\":\"/dev/kvmfr0\",\"size\":33554432}", 32)]
    [InlineData("-object", "memory-backend-file,id=lg,mem-path=/dev/kvmfr0,size=1G,share=yes", 1024)]
    [InlineData("-object", "memory-backend-file,id=lg,mem-path=/dev/kvmfr0,size=99999999999999G", null)]
    [InlineData("-object", "memory-backend-file,id=lg,mem-path=/dev/shm/x,size=32M,share=yes", null)]
    public async Task Memory_that_a_guest_expects_of_kvmfr_is_compared_with_what_there_is(string first, string second, int? wanted)
    {
        Define(
            "",
            "",
            $"<q:commandline xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'><q:arg value='{first}'/>"
                + $"<q:arg value='{second}'/></q:commandline>");
        _machine.Tree.File("sys/module/kvmfr/parameters/static_size_mb", "64\n");
        var found = await FindAsync(DiagnosisCode.GuestSharedMemory);
        Assert.Equal(
            wanted is null ? null : $"The virtual machine win11 expects {wanted} MiB of /dev/kvmfr0, which has 64 MiB.", found?.Sentence);
    }

    [RootFact]
    public async Task Shared_memory_that_the_wrong_account_has_is_named_with_who_cannot_open_it()
    {
        _machine.Tree
            .File("etc/passwd", "root:x:0:0:::\nlibvirt-qemu:x:64055:108:::\njoe:x:1000:1000:::\n")
            .File("etc/group", "root:x:0:\nkvm:x:108:joe\njoe:x:1000:\n")
            .File("dev/shm/looking-glass", "");
        Assert.Null(Own(0, 0, 0b110_000_000));
        var found = await FindAsync(DiagnosisCode.SharedMemoryOwner);
        Assert.Equal(FindingGroup.Attention, found!.Group);
        Assert.Equal(
            "/dev/shm/looking-glass belongs to root:root with permissions 600: libvirt-qemu cannot open it.", found.Sentence);
        Assert.Null(Own(1000, 108, 0b110_110_000));
        found = await FindAsync(DiagnosisCode.SharedMemoryOwner);
        Assert.Equal((FindingGroup.Ok, "/dev/shm/looking-glass belongs to joe:kvm, with permissions 660."), (found!.Group, found.Sentence));
        // Whoever owns it is not asked by group: the kernel takes the first that fits.
        Assert.Null(Own(64055, 108, 0b000_110_000));
        Assert.Equal(FindingGroup.Attention, (await FindAsync(DiagnosisCode.SharedMemoryOwner))!.Group);
        _machine.Tree.File("etc/libvirt/qemu.conf", "#user = \"nobody\"\nuser = \"joe\"\n");
        Assert.Equal(FindingGroup.Ok, (await FindAsync(DiagnosisCode.SharedMemoryOwner))!.Group);
        // NixOS has it elsewhere.
        Directory.Delete(_machine.Tree.At("etc/libvirt"), true);
        _machine.Tree.File("var/lib/libvirt/qemu.conf", "user = \"libvirt-qemu\"\n");
        Assert.Equal(FindingGroup.Attention, (await FindAsync(DiagnosisCode.SharedMemoryOwner))!.Group);
    }

    [Fact]
    public void What_metadata_holds_is_not_the_guest_s()
    {
        var guest = DomainXml.Read(
            "<domain><name>x</name><metadata><hostdev type='pci'><rom file='/a'/></hostdev><memoryBacking><hugepages/></memoryBacking>"
                + "</metadata><devices><interface type='hostdev'><rom file='/b'/></interface><disk><rom file='/c'/></disk></devices>"
                + "</domain>",
            out _)!;
        Assert.Empty(guest.RomFiles);
        Assert.False(guest.WantsHugePages);
    }

    private void Pages(int kib, int free) => _machine.Tree
        .File($"sys/kernel/mm/hugepages/hugepages-{kib}kB/nr_hugepages", "9000\n")
        .File($"sys/kernel/mm/hugepages/hugepages-{kib}kB/free_hugepages", $"{free}\n");

    private string? Own(int uid, int gid, int mode) => SysFiles.Own(_machine.Tree.At("dev/shm/looking-glass"), uid, gid, mode);

    private void Define(string head, string ofDevice, string tail = "") => _machine.Tree.File(
        "etc/libvirt/qemu/win11.xml",
        $"<domain type='kvm'><name>win11</name>{head}<devices><hostdev mode='subsystem' type='pci'><source>"
            + $"<address domain='0' bus='1' slot='0' function='0'/></source>{ofDevice}</hostdev></devices>{tail}</domain>");

    private async Task<Finding?> FindAsync(DiagnosisCode code) =>
        Findings.Of(await _machine.ReadAsync()).FirstOrDefault(finding => finding.Code == code);
}
