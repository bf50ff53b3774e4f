using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Linux.Desktop;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Tests.Cli;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Linux.Desktop;

/// <summary>GpuTty beside driverctl and libvirt: told from their settings, explained, never fought.</summary>
public sealed class ConflictingToolsTests
{
    private const string Domain = """
        <domain type='kvm'>
          <name>win11</name>
          <devices>
            <hostdev mode='subsystem' type='pci' managed='yes'>
              <source><address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></source>
              <address type='pci' domain='0x0000' bus='0x05' slot='0x00' function='0x0'/>
            </hostdev>
            <hostdev mode='subsystem' type='pci' managed='no'>
              <source><address domain='0x0000' bus='0x01' slot='0x00' function='0x1'/></source>
            </hostdev>
            <hostdev mode='subsystem' type='usb' managed='yes'><source><vendor id='0x046d'/></source></hostdev>
          </devices>
        </domain>
        """;

    [Fact]
    public async Task Driverctl_and_libvirt_are_told_from_what_they_keep()
    {
        using var machine = new MachineTree();
        machine
            .Pci("0000:01:00.0", "030000", "10de:2684")
            .File("etc/driverctl.d/0000:01:00.0", "vfio-pci\n")
            .File("etc/driverctl.d/README", "x\n")
            .File("etc/libvirt/qemu/win11.xml", Domain);
        using var reader = Readers.For(machine);
        var host = await reader.ReadAsync(SnapshotSections.All, null, default);
        Assert.Equal(
            [
                "driverctl gives 01:00.0 to vfio-pci at each boot",
                "libvirt moves 01:00.0 itself when it starts and stops win11 (managed='yes')",
            ],
            host.ConflictingTools.Select(other => other.What));
    }

    [Theory]
    [InlineData(
        "name: win11\nhostpci0: 0000:01:00,pcie=1\n",
        "Proxmox moves 01:00 to vfio-pci itself when it starts win11 (100), whoever uses it")]
    [InlineData(
        "hostpci0: 01:00.0\n[before]\nhookscript: local:snippets/x\n",
        "Proxmox moves 01:00 to vfio-pci itself when it starts guest 100, whoever uses it")]
    [InlineData("hostpci0: 01:00.0\nhookscript: local:snippets/gputty.sh\n", null)]
    [InlineData("hostpci0: 01:00.0,mdev=nvidia-63\n", null)]
    [InlineData("net0: virtio\n", null)]
    public async Task A_guest_of_Proxmox_that_gets_the_card_without_a_hookscript_is_named(string config, string? what)
    {
        using var machine = new MachineTree();
        machine.Pci("0000:01:00.0", "030000", "10de:2684").File("etc/pve/qemu-server/100.conf", config);
        using var reader = Readers.For(machine);
        var host = await reader.ReadAsync(SnapshotSections.All, null, default);
        Assert.Equal(what, host.ConflictingTools.SingleOrDefault()?.What);
        var card = Card.FindAll(host)[0];
        Assert.Equal(
            what is not null, SwitchChecks.For(host, card, Direction.ToVm).Any(check => check.Code == CheckCode.ConflictingTool));
    }

    private const string Mappings =
        "pci: gpu\n\tmap id=10de:2684,iommugroup=4,node=other,path=0000:02:00\n\tmap id=10de:2684,node=pve,path=0000:01:00.0;0000:01:00.1\n"
            + "\npci: any\n\tdescription two%20cards\n\tmap id=10de:2684,node=pve,path=0000:01:00\n\tmap id=1,node=pve,path=0000:03:00\n";

    [Theory]
    [InlineData("name: win11\nhostpci0: mapping=gpu,pcie=1\n", "Proxmox moves 01:00 to vfio-pci itself when it starts win11 (100)", null)]
    [InlineData("hostpci0: pcie=1,mapping=any\n", "Proxmox may move 01:00 to vfio-pci itself when it starts guest 100", null)]
    [InlineData("hostpci0: mapping=gone\n", null, "guest 100 gets a device by the mapping gone")]
    [InlineData("hostpci0: mapping=gpu,mdev=nvidia-63\n", null, null)]
    [InlineData("hostpci0: mapping=gone\nhookscript: local:snippets/gputty.sh\n", null, null)]
    public async Task A_guest_of_Proxmox_that_gets_the_card_by_a_mapping_is_named(string config, string? what, string? unknown)
    {
        using var machine = new MachineTree();
        machine
            .Pci("0000:01:00.0", "030000", "10de:2684")
            .File("proc/sys/kernel/hostname", "pve.example.org\n")
            .File("etc/pve/mapping/pci.cfg", Mappings)
            .File("etc/pve/qemu-server/100.conf", config);
        using var reader = Readers.For(machine);
        var host = await reader.ReadAsync(SnapshotSections.All, null, default);
        var found = host.ConflictingTools.FirstOrDefault(tool => tool.Device == PciAddress.Parse("01:00.0"));
        if (what is null) Assert.Empty(host.ConflictingTools);
        else Assert.StartsWith(what, found!.What, StringComparison.Ordinal);
        var gap = host.Unknowns.SingleOrDefault(gap => gap.Code == UnknownFact.OtherPrograms);
        if (unknown is null) Assert.Null(gap);
        else Assert.Contains(unknown, gap!.Reason, StringComparison.Ordinal);
        Assert.Equal(
            what is not null,
            SwitchChecks.For(host, Card.FindAll(host)[0], Direction.ToVm).Any(check => check.Code == CheckCode.ConflictingTool));
    }

    /// <summary>It is a file system in a program's hands (FUSE).</summary>
    [Fact]
    public void A_cluster_of_Proxmox_that_does_not_answer_holds_up_no_look_and_is_unknown()
    {
        using var machine = new MachineTree();
        using var hang = new ManualResetEventSlim();
        var unknowns = new List<Unknown>();
        Assert.Empty(ProxmoxGuests.Read(machine.Root, unknowns, Stuck, TimeSpan.FromMilliseconds(100)));
        Assert.Contains("/etc/pve does not answer", Assert.Single(unknowns).Reason, StringComparison.Ordinal);
        unknowns.Clear();
        // The next look does not begin another reader beside the one that is stuck.
        Assert.Empty(ProxmoxGuests.Read(machine.Root, unknowns, (_, _) => throw new InvalidOperationException("read again"), null));
        Assert.Single(unknowns);
        hang.Set();

        IEnumerable<ConflictingTool> Stuck(GpuTty.Interop.FileSystemRoot root, List<Unknown> gaps)
        {
            hang.Wait();
            return [];
        }
    }

    [Fact]
    public async Task On_NixOS_libvirt_keeps_its_domains_below_var_lib()
    {
        using var machine = new MachineTree();
        machine
            .Pci("0000:01:00.0", "030000", "10de:2684")
            .File("var/lib/libvirt/qemu.conf", "")
            .File("var/lib/libvirt/qemu/win11.xml", Domain);
        using var reader = Readers.For(machine);
        Assert.Equal(
            "/var/lib/libvirt/qemu/win11.xml",
            Assert.Single((await reader.ReadAsync(SnapshotSections.All, null, default)).ConflictingTools).Where!.Path);
    }

    [Fact]
    public void H3_a_domain_that_moves_the_card_itself_is_named_in_the_checks_and_the_switch_goes_on()
    {
        var host = Machines.Find("kept-off")!.Machine.Snapshot() with { ConflictingTools = ConflictingTools.ParseDomain(Domain) };
        var checks = SwitchChecks.For(host, Card.FindAt(host, Machines.Card)!, Direction.ToVm);
        var check = Assert.Single(checks, check => check.Question == "Does another program move the card?");
        Assert.Null(check.Holds);
        Assert.Contains("managed='no'", check.Finding, StringComparison.Ordinal);
        Assert.IsType<PlanResult.Ready>(SwitchPlanner.Plan(host, new SwitchIntent(Machines.Card, Direction.ToVm)));
        var other = host with { ConflictingTools = [host.ConflictingTools[0] with { Device = PciAddress.Parse("0a:00.0") }] };
        Assert.DoesNotContain(
            SwitchChecks.For(other, Card.FindAt(other, Machines.Card)!, Direction.ToVm), each => each.Question == check.Question);
    }

    [Fact]
    public async Task H3_a_domain_that_only_runs_is_told_too_and_one_that_is_kept_as_well_once()
    {
        using var machine = new MachineTree();
        machine
            .File("etc/libvirt/qemu/win11.xml", Domain)
            .File("run/libvirt/qemu/win11.xml", $"<domstatus state='running' pid='4321'>{Domain}</domstatus>")
            .File(
                "run/libvirt/qemu/once.xml",
                $"<domstatus state='running' pid='4322'>{Domain.Replace("win11", "once", StringComparison.Ordinal)}</domstatus>")
            .File("run/libvirt/qemu/odd.xml", "<domstatus/>");
        using var reader = Readers.For(machine);
        var keepers = (await reader.ReadAsync(SnapshotSections.All, null, default)).ConflictingTools;
        Assert.Equal(
            [
                "libvirt moves 01:00.0 itself when it starts and stops win11 (managed='yes')",
                "libvirt moves 01:00.0 itself when it starts and stops once (managed='yes')",
            ],
            keepers.Select(keeper => keeper.What));
        Assert.Contains("virsh -c qemu:///system edit win11", keepers[0].Remedy, StringComparison.Ordinal);
        Assert.Contains("that once is started from", keepers[1].Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vm", "kept-off")]
    [InlineData("host", "vm-ended")]
    public void H3_who_else_moves_the_card_is_said_by_plan_and_switch_before_anything_is_done(string direction, string machine)
    {
        var lab = Lab.On("kept-off");
        if (machine != "kept-off") Assert.Equal(GpuTty.Switching.Outcome.Switched, lab.Run(Direction.ToVm));
        var host = lab.Look() with
        {
            ConflictingTools = [
                .. ConflictingTools.ParseDomain(Domain),
                new ConflictingTool(
                    Machines.Card,
                    "driverctl gives 01:00.0 to vfio-pci at each boot",
                    "Use only one of the two: driverctl unset-override 0000:01:00.0"),
            ],
        };
        var gputty = Gputty.On(host);
        foreach (var command in (string[][])[["plan", direction], ["switch", direction, "--dry-run"]])
        {
            var text = gputty.Run(command).Out.ReplaceLineEndings(" ");
            Assert.Contains("win11 (managed='yes')", text, StringComparison.Ordinal);
            Assert.Contains("driverctl unset-override 0000:01:00.0", text, StringComparison.Ordinal);
            var losses = gputty
                .Run([.. command, "--json"]).Json
                .GetProperty("consequences")
                .EnumerateArray()
                .Select(loss => loss.GetProperty("text").GetString())
                .ToList();
            Assert.Contains(
                losses,
                loss => loss!.Contains("virsh -c qemu:///system edit win11, and write managed='no'", StringComparison.Ordinal));
            Assert.Contains(losses, loss => loss!.StartsWith("driverctl gives 01:00.0 to vfio-pci", StringComparison.Ordinal));
        }
        var other = host with { ConflictingTools = [host.ConflictingTools[0] with { Device = PciAddress.Parse("0a:00.0") }] };
        Assert.DoesNotContain("managed='yes'", Gputty.On(other).Run("plan", direction).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<domain")]
    [InlineData("<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><domain><name>&b;</name></domain>")]
    [InlineData("<!DOCTYPE x SYSTEM \"file:///etc/shadow\"><domain/>")]
    [InlineData("<domain><devices><hostdev type='pci' managed='yes'><source><address bus='0x1000' slot='0x00' "
        + "function='0x0'/></source></hostdev></devices></domain>")]
    [InlineData("<domain><devices><hostdev type='pci' managed='yes'/></devices></domain>")]
    public void What_is_no_domain_tells_nothing(string xml) => Assert.Empty(ConflictingTools.ParseDomain(xml));

    [Fact]
    public void H2_H4_an_override_that_somebody_else_has_set_is_reported_and_put_back()
    {
        var machine = Machines.Find("kept-off")!.Machine;
        var lab = new Lab(machine.With(machine.Find(Machines.Card)! with { DriverOverride = "pci-stub" }));
        var check = Assert.Single(
            SwitchChecks.For(lab.Look(), Card.FindAt(lab.Look(), Machines.Card)!, Direction.ToVm),
            check => check.Finding.Contains("driver_override", StringComparison.Ordinal));
        Assert.Contains("pci-stub", check.Finding, StringComparison.Ordinal);
        Assert.Equal(GpuTty.Switching.Outcome.Switched, lab.Run(Direction.ToVm));
        Assert.Equal(GpuTty.Switching.Outcome.Switched, lab.Run(Direction.ToHost));
        Assert.Equal(("nvidia", "pci-stub"), (lab.Device("01:00.0").Driver, lab.Device("01:00.0").DriverOverride));
    }
}
