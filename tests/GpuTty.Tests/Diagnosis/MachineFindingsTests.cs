using GpuTty.Diagnosis;
using GpuTty.Host;
using GpuTty.Host.Guests;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;

namespace GpuTty.Tests.Diagnosis;

/// <summary>What the doctor says of the machine itself, from files as kernels write them.</summary>
public sealed class MachineFindingsTests
{
    private const string Closed =
        "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.14  Thu Feb 22 01:44:30 UTC 2024\nGCC version:  gcc version 13.2.0\n";
    private const string Open = "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.86.16  Release Build  (dvs-builder@U16)\n";

    [Theory]
    [InlineData(Open, "NVIDIA's open modules 570.86.16 are loaded, nvidia_drm with modeset and fbdev.")]
    [InlineData(Closed, "NVIDIA's closed modules 550.54.14 are loaded, nvidia_drm with modeset and fbdev.")]
    [InlineData("NVRM version: something else\n", null)]
    public async Task NVIDIA_s_modules_are_told_apart(string version, string? sentence)
    {
        using var machine = new RecipeMachine();
        machine.Tree
            .File("proc/driver/nvidia/version", version)
            .File("sys/module/nvidia_drm/parameters/modeset", "Y\n")
            .File("sys/module/nvidia_drm/parameters/fbdev", "Y\n");
        Assert.Equal(sentence, (await FindAsync(machine, DiagnosisCode.NvidiaDriver))?.Sentence);
    }

    [Theory]
    [InlineData("   0:  44  IR-IO-APIC    2-edge      timer\n", false)]
    [InlineData("   0:  44  IO-APIC    2-edge      timer\n", true)]
    [InlineData("  11:  10  GICv3  27 Level     arch_timer\n", false)]
    public async Task Interrupts_that_are_not_remapped_are_a_problem_where_the_IOMMU_is_on(string interrupts, bool isFound)
    {
        using var machine = new RecipeMachine();
        machine.Tree.File("proc/interrupts", interrupts);
        var found = await FindAsync(machine, DiagnosisCode.InterruptsNotRemapped);
        Assert.Equal(isFound, found is { Group: FindingGroup.Problem, Effect: SwitchEffect.Now });
    }

    [Theory]
    [InlineData(new byte[] { 6, 0, 0, 0, 1 }, "Secure Boot is on")]
    [InlineData(new byte[] { 6, 0, 0, 0, 0 }, "Secure Boot is off")]
    [InlineData(new byte[] { 1 }, "is unknown")]
    public async Task Secure_boot_is_what_the_firmware_s_variable_says(byte[] variable, string words)
    {
        using var machine = new RecipeMachine();
        machine.Tree
            .File("sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c", variable)
            .File("sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
        Assert.Contains(words, (await FindAsync(machine, DiagnosisCode.Firmware))!.Sentence, StringComparison.Ordinal);
        Assert.Contains("(integrity)", (await FindAsync(machine, DiagnosisCode.Lockdown))!.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4\n", "16\n", "D0\n", true)]
    [InlineData("16\n", "16\n", "D0\n", false)]
    [InlineData("4\n", "16\n", "D3cold\n", false)]
    [InlineData("0\n", "16\n", "D0\n", false)]
    [InlineData("garbage\n", "255\n", "D0\n", false)]
    public async Task Lanes_are_asked_only_of_a_card_that_is_awake(string now, string most, string power, bool isFound)
    {
        using var machine = new RecipeMachine();
        machine.Tree
            .Attribute("0000:01:00.0", "current_link_width", now)
            .Attribute("0000:01:00.0", "max_link_width", most)
            .Attribute("0000:01:00.0", "power_state", power)
            .Attribute("0000:01:00.0", "resource1_resize", "3f00\n");
        Assert.Equal(isFound, await FindAsync(machine, DiagnosisCode.PcieWidth) is { Group: FindingGroup.Attention });
        Assert.Equal(power == "D0\n", await FindAsync(machine, DiagnosisCode.ResizableBar) is not null);
    }

    [Fact]
    public async Task A_card_that_cannot_be_reset_is_named_only_where_the_kernel_tells_of_resets()
    {
        using var machine = new RecipeMachine();
        Assert.Null(await FindAsync(machine, DiagnosisCode.NoReset));
        machine.Tree.Attribute("0000:00:02.0", "reset_method", "flr\n");
        Assert.StartsWith(
            "The kernel knows no way to reset 01:00.0 alone",
            (await FindAsync(machine, DiagnosisCode.NoReset))!.Sentence,
            StringComparison.Ordinal);
        machine.Tree.Attribute("0000:01:00.0", "reset_method", "bus\n");
        Assert.Null(await FindAsync(machine, DiagnosisCode.NoReset));
    }

    [Theory]
    [InlineData(0x1002, 0x67df, "RX 580", true)]
    [InlineData(0x1002, 0x687f, "Vega 64", true)]
    [InlineData(0x1002, 0x731f, "RX 5700", true)]
    [InlineData(0x1002, 0x73bf, "RX 6800", false)]
    [InlineData(0x1002, 0x744c, "RX 7900", false)]
    [InlineData(0x10de, 0x2684, "RTX 4090", false)]
    [InlineData(0x8086, 0x56a0, "Arc A770", false)]
    public void Only_who_has_a_card_that_vendor_reset_knows_is_told_of_it(int vendor, int product, string name, bool isTold)
    {
        var machine = Machines.Find("amd")!.Machine;
        var host = machine
            .With(machine.Find(Machines.Card)! with { Id = new PciId(vendor, product), Name = name, ResetMethods = ["pm"] })
            .Snapshot() with
        { Details = new MachineDetails() };
        var finding = Assert.Single(
            Findings.Of(host),
            finding => finding.Code == DiagnosisCode.ResetMethods && finding.Sentence.Contains("01:00.0", StringComparison.Ordinal));
        Assert.Equal(isTold, finding.Advice.Contains("vendor-reset", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("DMAR", true, FindingGroup.Ok, "The firmware describes VT-d (DMAR), and the kernel uses it.")]
    [InlineData("IVRS", true, FindingGroup.Ok, "The firmware describes AMD's IOMMU (IVRS), and the kernel uses it.")]
    [InlineData(
        "DMAR",
        false,
        FindingGroup.Problem,
        "The firmware describes VT-d (DMAR), but the kernel does not use it: this kernel does so only if it is told to.")]
    [InlineData("IVRS", false, FindingGroup.Problem, "The firmware describes AMD's IOMMU (IVRS), but the kernel does not use it.")]
    [InlineData("FACP", false, FindingGroup.Problem, "The firmware describes no IOMMU.")]
    public async Task Where_the_IOMMU_is_lost_is_told(string table, bool hasGroups, FindingGroup group, string sentence)
    {
        using var machine = new RecipeMachine();
        machine.Tree
            .File($"sys/firmware/acpi/tables/{table}", "x")
            .File("proc/cpuinfo", $"vendor_id : {(table == "IVRS" ? "AuthenticAMD" : "GenuineIntel")}\nflags : vmx\n")
            .File("boot/config-6.12.0", "CONFIG_INTEL_IOMMU=y\n# CONFIG_INTEL_IOMMU_DEFAULT_ON is not set\n");
        if (!hasGroups) RemoveGroups(machine);
        var finding = await FindAsync(machine, DiagnosisCode.IommuFirmware);
        Assert.Equal((group, sentence), (finding!.Group, finding.Sentence));
    }

    [Theory]
    [InlineData("vendor_id : GenuineIntel\nflags : fpu", "", "sys/hypervisor/type=xen", "", "Xen has the IOMMU", "xl pci-assignable-add")]
    [InlineData(
        "vendor_id : GenuineIntel\nflags : vmx hypervisor", "DMAR", "", "intel_iommu=on", "This is a virtual machine", "on the host")]
    [InlineData("vendor_id : AuthenticAMD\nflags : svm hypervisor", "", "", "", "This is a virtual machine", "on the host")]
    [InlineData("CPU implementer : 0x41", "", "sys/class/dmi/id/sys_vendor=Ampere", "", "The IOMMU is off", "Enable the SMMU")]
    [InlineData(
        "vendor_id : GenuineIntel\nflags : vmx", "DMAR", "", "intel_iommu=off", "intel_iommu=off is on", "Remove intel_iommu=off")]
    [InlineData(
        "vendor_id : AuthenticAMD\nflags : svm", "IVRS", "", "amd_iommu=off", "amd_iommu=off is on the kernel", "Remove amd_iommu=off")]
    [InlineData("vendor_id : GenuineIntel\nflags : vmx", "DMAR", "", "", "only if it is told to", "Add intel_iommu=on")]
    [InlineData("vendor_id : GenuineIntel\nflags : vmx", "", "", "intel_iommu=on", "describes no IOMMU", "Enable VT-d")]
    public async Task Advice_on_a_missing_IOMMU_is_for_this_machine_and_that_of_the_check(
        string processor, string table, string file, string parameter, string sentence, string advice)
    {
        using var machine = new RecipeMachine();
        machine.Tree
            .File($"sys/firmware/acpi/tables/{(table.Length > 0 ? table : "FACP")}", "x")
            .File("proc/cpuinfo", $"{processor}\n")
            .File("proc/cmdline", $"quiet {parameter}\n")
            .File("proc/xen/capabilities", "control_d\n")
            .File("boot/config-6.12.0", "# CONFIG_INTEL_IOMMU_DEFAULT_ON is not set\n");
        if (file.Split('=') is [var path, var text]) machine.Tree.File(path, $"{text}\n");
        RemoveGroups(machine);
        var host = await machine.ReadAsync();
        var finding = Assert.Single(Findings.Of(host), finding => finding.Code == DiagnosisCode.IommuFirmware);
        Assert.Contains(sentence, finding.Sentence, StringComparison.Ordinal);
        Assert.Contains(advice, finding.Action, StringComparison.Ordinal);
        var checks = SwitchChecks.For(host, Card.FindAt(host, PciAddress.Parse("0000:01:00.0"))!, Direction.ToVm);
        Assert.Contains(finding.Action, checks.Select(check => check.Obstacle?.Remedy));
    }

    [Theory]
    [InlineData("fpu", "", "in the firmware setup.", null)]
    [InlineData("fpu hypervisor", "", "on its host.", "firmware")]
    [InlineData("fpu", "xen", null, null)]
    public async Task Virtualization_is_enabled_where_this_machine_can_enable_it(
        string flags, string hypervisor, string? words, string? not)
    {
        using var machine = new RecipeMachine();
        machine.Tree.File("proc/cpuinfo", $"flags : {flags}\n").File("proc/xen/capabilities", "control_d\n");
        if (hypervisor.Length > 0) machine.Tree.File("sys/hypervisor/type", $"{hypervisor}\n");
        var finding = await FindAsync(machine, DiagnosisCode.CpuVirtualization);
        Assert.Equal(words is not null, finding is not null);
        if (words is not null) Assert.EndsWith(words, finding!.Advice, StringComparison.Ordinal);
        if (not is not null) Assert.DoesNotContain(not, finding!.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guest_s_interrupts_are_remapped_by_its_host()
    {
        using var machine = new RecipeMachine();
        machine.Tree.File("proc/interrupts", "   0:  44  IO-APIC    2-edge      timer\n").File("proc/cpuinfo", "flags : vmx hypervisor\n");
        Assert.Contains(
            "have its host", (await FindAsync(machine, DiagnosisCode.InterruptsNotRemapped))!.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_firmware_s_tables_nothing_is_said_of_its_IOMMU()
    {
        using var machine = new RecipeMachine();
        Assert.Null(await FindAsync(machine, DiagnosisCode.IommuFirmware));
    }

    [Theory]
    [InlineData("processor\t: 0\nflags\t\t: fpu vmx sse\n", false)]
    [InlineData("processor\t: 0\nflags\t\t: fpu svm sse\n", false)]
    [InlineData("processor\t: 0\nflags\t\t: fpu sse vmxish\n", true)]
    [InlineData("processor\t: 0\nFeatures\t: fp asimd\n", false)]
    public async Task A_processor_without_virtualization_is_a_problem_where_it_says_so(string cpuinfo, bool isFound)
    {
        using var machine = new RecipeMachine();
        machine.Tree.File("proc/cpuinfo", cpuinfo);
        Assert.Equal(isFound, await FindAsync(machine, DiagnosisCode.CpuVirtualization) is { Group: FindingGroup.Problem });
    }

    [Theory]
    [InlineData(true, true, "vfio groups and iommufd")]
    [InlineData(true, false, "passed to guests through vfio groups.")]
    [InlineData(false, false, "appear when it is loaded")]
    public async Task What_this_kernel_has_to_hand_out_devices(bool groups, bool iommufd, string words)
    {
        using var machine = new RecipeMachine();
        machine.Tree.Folder("lib/modules/6.12.0").File("lib/modules/6.12.0/modules.dep", "kernel/drivers/vfio/pci/vfio-pci.ko:\n");
        if (groups) machine.Tree.File("dev/vfio/vfio", "");
        if (iommufd) machine.Tree.File("dev/iommu", "");
        Assert.Contains(words, (await FindAsync(machine, DiagnosisCode.VfioKernel))!.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_that_sleeps_is_not_woken_and_its_link_is_not_told()
    {
        using var machine = new RecipeMachine();
        foreach (var name in (string[])["current_link_width", "max_link_width"]) machine.Tree.Attribute("0000:01:00.0", name, "16\n");
        machine.Tree
            .Attribute("0000:01:00.0", "current_link_speed", "2.5 GT/s PCIe\n")
            .Attribute("0000:01:00.0", "max_link_speed", "16.0 GT/s PCIe\n")
            .Attribute("0000:01:00.0", "power_state", "D3cold\n");
        Assert.StartsWith(
            "01:00.0 sleeps (D3cold); it was not woken",
            (await FindAsync(machine, DiagnosisCode.CardPower))!.Sentence,
            StringComparison.Ordinal);
        Assert.Null(await FindAsync(machine, DiagnosisCode.PcieLink));
        machine.Tree.Attribute("0000:01:00.0", "power_state", "D0\n");
        Assert.Null(await FindAsync(machine, DiagnosisCode.CardPower));
        Assert.Equal(
            "01:00.0 uses all its 16 PCI Express lanes, at 2.5 GT/s PCIe of 16.0 GT/s PCIe; the speed may rise under load.",
            (await FindAsync(machine, DiagnosisCode.PcieLink))!.Sentence);
    }

    [Fact]
    public async Task The_size_of_a_resizable_BAR_is_told_now_and_at_most()
    {
        using var machine = new RecipeMachine();
        machine.Tree.Attribute("0000:01:00.0", "power_state", "D0\n").Attribute("0000:01:00.0", "resource1_resize", "000000000000fe00\n")
            .Attribute(
                "0000:01:00.0",
                "resource",
                "0x00000000a0000000 0x00000000a0ffffff 0x0000000000040200\n0x0000006000000000 0x000000600fffffff 0x000000000014220c\n");
        Assert.Contains(
            "(BAR 1 has 256 MiB of 32 GiB)",
            (await FindAsync(machine, DiagnosisCode.ResizableBar))!.Sentence,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ways_to_reset_a_card_are_told_with_their_meaning()
    {
        using var machine = new RecipeMachine();
        machine.Tree.Attribute("0000:01:00.0", "reset_method", "flr bus\n");
        Assert.Equal(
            "01:00.0 can be reset by a function-level reset (flr), then by a reset of its slot (bus), with everything in it.",
            (await FindAsync(machine, DiagnosisCode.ResetMethods))!.Sentence);
    }

    [Fact]
    public async Task Drivers_are_told_for_each_function_with_the_version_of_those_that_have_one()
    {
        using var machine = new RecipeMachine();
        machine.Tree.File("sys/module/nvidia/version", "570.86.16\n");
        Assert.Contains(
            Findings.Of(await machine.ReadAsync()),
            finding =>
                finding is { Code: DiagnosisCode.CardDriver, Sentence: "01:00 has the drivers .0 nvidia 570.86.16, .1 snd_hda_intel." });
    }

    [Fact]
    public async Task Huge_pages_shared_memory_and_NVIDIA_s_persistence_are_told_where_they_are()
    {
        using var machine = new RecipeMachine();
        foreach (var code in (DiagnosisCode[])[DiagnosisCode.HugePages, DiagnosisCode.Kvmfr, DiagnosisCode.NvidiaPersistence])
            Assert.Null(await FindAsync(machine, code));
        machine.Tree
            .File("proc/meminfo", "MemTotal: 1 kB\nHugePages_Total:    8192\nHugePages_Free:     8000\nHugepagesize:       2048 kB\n")
            .File("sys/module/kvmfr/parameters/static_size_mb", "64,0,0\n")
            .File("proc/driver/nvidia/version", Open)
            .File("run/nvidia-persistenced/socket", "");
        Assert.StartsWith(
            "8192 huge pages of 2 MiB are reserved, 8000 of them free",
            (await FindAsync(machine, DiagnosisCode.HugePages))!.Sentence,
            StringComparison.Ordinal);
        Assert.StartsWith("kvmfr shares 64 MiB", (await FindAsync(machine, DiagnosisCode.Kvmfr))!.Sentence, StringComparison.Ordinal);
        Assert.NotNull(await FindAsync(machine, DiagnosisCode.NvidiaPersistence));
    }

    [Theory]
    [InlineData(8388608, false, FindingGroup.Attention)]
    [InlineData(8388608, true, FindingGroup.Ok)]
    [InlineData(long.MaxValue, false, null)]
    public void Memory_that_may_be_locked_matters_to_QEMU_started_by_hand(long bytes, bool hasLibvirt, FindingGroup? group)
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot();
        host = host with
        {
            Details = new MachineDetails { Lockable = [new("joe", bytes)] },
            Libvirt = host.Libvirt with { IsInstalled = hasLibvirt },
        };
        Assert.Equal(group, Findings.Of(host).FirstOrDefault(finding => finding.Code == DiagnosisCode.LockableMemory)?.Group);
    }

    [Fact]
    public void The_memory_of_the_guest_that_wants_the_card_decides_how_much_may_have_to_be_locked()
    {
        var guest = DomainXml.Read(
            "<domain><name>win11</name><memory unit='GiB'>16</memory><devices><hostdev type='pci'><source><address "
                + "bus='1'/></source></hostdev></devices></domain>",
            out _)!;
        Assert.Equal(16 * 1024, guest.Memory);
        var host = Machines.Find("desktop")!.Machine.Snapshot();
        host = host with { Libvirt = host.Libvirt with { Guests = [new DefinedGuest("win11", guest, null, false)] } };
        Assert.Equal("all 16384 MiB of win11 have to be locked", Said(16L << 30)!.Sentence.Split("because ")[1].TrimEnd('.'));
        Assert.Contains(
            "[Service] and LimitMEMLOCK=17G to /etc/systemd/system/user@.service.d/gputty.conf",
            Said(16L << 30)!.Advice,
            StringComparison.Ordinal);
        Assert.Null(Said(17L << 30));

        Finding? Said(long bytes) =>
            Findings.Of(host with { Details = new MachineDetails { Lockable = [new("joe", bytes)] } }).FirstOrDefault(finding =>
                finding.Code == DiagnosisCode.LockableMemory);
    }

    [Theory]
    [InlineData("<memory>4194304</memory>", 4096L)]
    [InlineData("<memory unit='GB'>1</memory>", 953L)]
    [InlineData("<memory unit='parsec'>1</memory>", null)]
    [InlineData("<memory unit='TiB'>99999999999999999999</memory>", null)]
    [InlineData("<metadata><memory>1</memory></metadata>", null)]
    public void Memory_of_a_guest_is_read_in_the_units_of_libvirt(string memory, long? mebibytes) =>
        Assert.Equal(mebibytes, DomainXml.Read($"<domain><name>x</name>{memory}</domain>", out _)!.Memory);

    [Theory]
    [InlineData("bus", FindingGroup.Attention)]
    [InlineData("pm bus", FindingGroup.Attention)]
    [InlineData("flr bus", FindingGroup.Ok)]
    public void A_card_without_a_clean_reset_needs_attention(string methods, FindingGroup group)
    {
        var host = Machines.Find("desktop")!.Machine
            .Change(m => m.With(m.Find(Machines.Card)! with { ResetMethods = [.. methods.Split(' ')] }))
            .Snapshot() with
        { Details = new MachineDetails() };
        Assert.Equal(
            group,
            Findings.Of(host).Single(finding =>
                finding.Code == DiagnosisCode.ResetMethods && finding.Sentence.Contains("01:00.0", StringComparison.Ordinal)).Group);
    }

    [Theory]
    [InlineData("gnome-shell", "GNOME Shell with nvidia: it keeps a card open until the session ends")]
    [InlineData("kwin_wayland", "KWin with nvidia: it lets go of a second card that goes away, but /dev/nvidia-modeset stays open")]
    [InlineData(".Hyprland-wrapp", "Hyprland with nvidia: it keeps NVIDIA's card open")]
    [InlineData(".gnome-shell-wr", "GNOME Shell with nvidia: it keeps a card open")]
    [InlineData("Hyprland", "Hyprland with nvidia: it keeps NVIDIA's card open")]
    [InlineData("gamescope-wl", "gamescope with nvidia: it is not known how it lets go of a card")]
    [InlineData(".Xorg-wrapped", "Xorg with nvidia: it keeps a card open until it ends")]
    [InlineData("bash", null)]
    public void A_desktop_is_known_by_its_process_and_the_card_s_driver(string process, string? begin)
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot();
        host = host with { Details = new MachineDetails(), Holders = [host.Holders[0] with { Name = process }] };
        var found = Findings.Of(host).FirstOrDefault(finding => finding.Code == DiagnosisCode.Compositor)?.Sentence;
        if (begin is null) Assert.Null(found);
        else Assert.StartsWith(begin, found, StringComparison.Ordinal);
    }

    [Fact]
    public void Sound_servers_and_containers_on_the_card_are_named()
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot();
        var card = Card.FindAt(host, Machines.Card)!;
        host = host with
        {
            Details = new MachineDetails(),
            Holders =
            [
                host.Holders[0] with
                {
                    Name = "pipewire",
                    Container = null,
                    Nodes = [new HeldNode("/dev/snd/pcmC1D3p", NodeKind.Sound, card.Functions[1].Address, null, 5)],
                },
                host.Holders[0] with
                {
                    Name = "ollama",
                    Container = "docker-1f",
                    Nodes = [new HeldNode("/dev/nvidia0", NodeKind.Nvidia, card.Address, null, 5)],
                },
            ],
        };
        Assert.Contains(
            Findings.Of(host),
            finding =>
                finding.Code == DiagnosisCode.SoundServer
                && finding.Sentence.StartsWith("pipewire holds the sound function of 01:00", StringComparison.Ordinal));
        Assert.Contains(
            Findings.Of(host),
            finding =>
                finding is { Code: DiagnosisCode.ContainerHoldsCard, Group: FindingGroup.Attention }
                && finding.Sentence.Contains("docker-1f uses 01:00 (ollama)", StringComparison.Ordinal));
    }

    [Fact]
    public void A_virtual_machine_that_asks_for_a_part_of_the_card_only_is_named()
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot();
        var card = Card.FindAt(host, Machines.Card)!;
        host = host with
        {
            Details = new MachineDetails(),
            Libvirt = host.Libvirt with { IsInstalled = true, Guests = [Asking(card.Functions[..1])] },
        };
        Assert.Contains(
            "win11 asks for 01:00 without 01:00.1",
            Findings.Of(host).Single(finding => finding.Code == DiagnosisCode.GuestLacksFunction).Sentence,
            StringComparison.Ordinal);
        host = host with { Libvirt = host.Libvirt with { Guests = [Asking(card.Functions)] } };
        Assert.DoesNotContain(Findings.Of(host), finding => finding.Code == DiagnosisCode.GuestLacksFunction);

        static DefinedGuest Asking(IEnumerable<PciDevice> functions) =>
            new("win11", new("win11", null, [.. functions.Select(function => new GuestDevice(function.Address, false))]), null, false);
    }

    [Fact]
    public async Task Who_draws_the_consoles_and_whose_screen_the_firmware_used_is_told()
    {
        using var machine = new RecipeMachine();
        Assert.StartsWith(
            "The firmware used 00:02.0 at boot; ",
            (await FindAsync(machine, DiagnosisCode.ConsoleDrawnBy))!.Sentence,
            StringComparison.Ordinal);
    }

    private static async Task<Finding?> FindAsync(RecipeMachine machine, DiagnosisCode code) =>
        Findings.Of(await machine.ReadAsync()).FirstOrDefault(finding => finding.Code == code);

    private static void RemoveGroups(RecipeMachine machine)
    {
        Directory.Delete(machine.Tree.At("sys/kernel/iommu_groups"), recursive: true);
        foreach (var link in Directory.GetFiles(machine.Tree.At("sys/devices/pci0000:00"), "iommu_group", SearchOption.AllDirectories))
            File.Delete(link);
    }
}
