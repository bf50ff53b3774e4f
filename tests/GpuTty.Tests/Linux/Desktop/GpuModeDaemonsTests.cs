using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;

namespace GpuTty.Tests.Linux.Desktop;

/// <summary>Daemons of laptops that switch between graphics cards, told from their settings.</summary>
public sealed class GpuModeDaemonsTests
{
    [Theory]
    [InlineData(
        "etc/supergfxd.conf",
        """{ "mode": "Hybrid", "vfio_enable": true }""",
        "supergfxd moves the card itself when its mode changes (now Hybrid)")]
    [InlineData("etc/supergfxd.conf", "broken", "supergfxd moves the card itself when its mode changes")]
    [InlineData(
        "etc/supergfxd.conf",
        """{ "mode": "\u001b[31mVfio" }""",
        "supergfxd moves the card itself when its mode changes (now \\x1b[31mVfio)")]
    [InlineData("etc/asusd/asusd.conf", """{ "gfx_vfio_enable": true }""", "asusd may give the card to vfio-pci itself (gfx_vfio_enable)")]
    [InlineData(
        "etc/cardwire/cardwire.toml",
        "battery_auto_switch = false",
        "Cardwire hides the card from programs in some of its modes, also after it has been returned to the host")]
    public async Task One_that_is_set_up_is_named_for_the_added_card_and_not_for_the_processors_graphics(
        string file, string text, string what)
    {
        using var machine = Laptop();
        machine.File(file, text);
        using var reader = Readers.For(machine);
        var host = await reader.ReadAsync(SnapshotSections.All, null, default);
        Assert.Equal([what], host.ConflictingTools.Select(other => other.What));
        Assert.Contains(Findings(host, "01:00.0"), finding => finding.StartsWith(what, StringComparison.Ordinal));
        Assert.DoesNotContain(Findings(host, "00:02.0"), finding => finding.StartsWith(what, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "gfx_vfio_enable": false }""")]
    [InlineData("""{ "bat_charge_limit": 80 }""")]
    [InlineData("[]")]
    public async Task An_asusd_that_leaves_the_card_alone_is_not_named(string text)
    {
        using var machine = Laptop();
        machine.File("etc/asusd/asusd.conf", text);
        using var reader = Readers.For(machine);
        Assert.Empty((await reader.ReadAsync(SnapshotSections.All, null, default)).ConflictingTools);
    }

    private static MachineTree Laptop() =>
        new MachineTree().Pci("0000:00:02.0", "030000", "8086:46a6").Pci("0000:01:00.0", "030200", "10de:25a0");

    private static IEnumerable<string> Findings(HostSnapshot host, string card) =>
        SwitchChecks.For(host, Card.FindAt(host, PciAddress.Parse(card))!, Direction.ToVm).Select(check => check.Finding);
}
