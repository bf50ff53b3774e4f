using GpuTty.Diagnosis;
using GpuTty.Host;
using GpuTty.Tests.Diagnosis;

namespace GpuTty.Tests.Linux.Settings;

/// <summary>Settings that are there and cannot be read are unknown, and never none: here they lead in a circle, so that root cannot
/// read them either.</summary>
public sealed class UnreadableSettingsTests : IDisposable
{
    private readonly RecipeMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData("etc/modprobe.d/x.conf", UnknownFact.ModuleSettings)]
    [InlineData("run/modprobe.d", UnknownFact.ModuleSettings)]
    [InlineData("etc/driverctl.d", UnknownFact.OtherPrograms)]
    [InlineData("etc/driverctl.d/0000:01:00.0", UnknownFact.OtherPrograms)]
    [InlineData("etc/cardwire/cardwire.toml", UnknownFact.OtherPrograms)]
    [InlineData("etc/libvirt/qemu", UnknownFact.OtherPrograms)]
    [InlineData("etc/libvirt/qemu", UnknownFact.Guests)]
    [InlineData("etc/libvirt/qemu/win11.xml", UnknownFact.Guests)]
    [InlineData("etc/libvirt/hooks/qemu", UnknownFact.Guests)]
    [InlineData("etc/libvirt/hooks/qemu.d/50-gputty", UnknownFact.Guests)]
    [InlineData("etc/libvirt/hooks/qemu.d", UnknownFact.Guests)]
    [InlineData("etc/udev/rules.d/99-x.rules", UnknownFact.SettingsFiles)]
    [InlineData("etc/systemd/system/x.service.d", UnknownFact.SettingsFiles)]
    [InlineData("etc/initramfs-tools/modules", UnknownFact.SettingsFiles)]
    [InlineData("etc/optimus-manager", UnknownFact.SettingsFiles)]
    [InlineData("usr/local/bin/x", UnknownFact.SettingsFiles)]
    [InlineData("etc/X11/xorg.conf", UnknownFact.DesktopSettings)]
    [InlineData("etc/X11/xorg.conf", UnknownFact.SettingsFiles)]
    [InlineData("var/lib/systemd/linger", UnknownFact.Sessions)]
    [InlineData("etc/systemd/logind.conf.d", UnknownFact.Sessions)]
    public async Task What_is_there_and_leads_in_a_circle_is_unknown(string path, UnknownFact fact)
    {
        Assert.DoesNotContain((await _machine.ReadAsync()).Unknowns, unknown => unknown.Code == fact && IsAbout(unknown, path));
        Circle(path);
        var host = await _machine.ReadAsync();
        Assert.Contains(host.Unknowns, unknown => unknown.Code == fact && IsAbout(unknown, path));
        if (fact is UnknownFact.SettingsFiles or UnknownFact.ModuleSettings or UnknownFact.OtherPrograms)
            Assert.DoesNotContain(Findings.Of(host), finding => finding.Code == DiagnosisCode.NoLeftovers);
    }

    [Fact]
    public async Task An_initial_RAM_disk_that_cannot_be_looked_at_is_not_missing()
    {
        Circle("boot/initrd.img-6.12.0");
        var host = await _machine.ReadAsync();
        Assert.StartsWith("it cannot be looked at: ", host.SettingsFiles!.Initramfs?.Problem, StringComparison.Ordinal);
        Assert.Contains(Findings.Of(host), finding => finding is { Code: DiagnosisCode.InitramfsUnread, Group: FindingGroup.Unknown });
    }

    [Theory]
    [InlineData("<domain><name>x</name><devices><hostdev type='pci' managed='yes'>")]
    [InlineData("<!DOCTYPE x [<!ENTITY a \"b\">]><domain><name>&a;</name></domain>")]
    public async Task A_virtual_machine_whose_description_is_broken_may_take_any_card(string xml)
    {
        _machine.Tree.File("etc/libvirt/qemu/win11.xml", xml);
        var host = await _machine.ReadAsync();
        Assert.Contains(host.Unknowns, IsOfTheGuest);
        Assert.Contains(host.Unknowns, unknown => unknown is { Code: UnknownFact.Guests, Fact: "whether win11 wants a card" });
    }

    [Fact]
    public async Task A_description_of_ten_megabytes_is_unknown_and_not_without_a_card()
    {
        _machine.Tree.File(
            "etc/libvirt/qemu/win11.xml",
            $"<domain><name>win11</name>{string.Concat(Enumerable.Repeat("<disk/>", 10 * 1024 * 1024 / 7))}</domain>");
        var host = await _machine.ReadAsync();
        Assert.Contains(host.Unknowns, IsOfTheGuest);
        Assert.Contains(
            host.Unknowns,
            unknown => unknown is { Fact: "whether win11 wants a card", Reason: "Its description: it is too long." });
        Assert.Null(Assert.Single(host.Libvirt.Guests).Description);
    }

    [Fact]
    public async Task A_folder_with_more_names_than_anybody_reads_is_said_to_have_them()
    {
        _machine.Tree.Folder("etc/driverctl.d");
        for (var number = 0; number < 4001; number++) File.WriteAllText(_machine.Tree.At($"etc/driverctl.d/{number}"), "");
        Assert.Contains(
            (await _machine.ReadAsync()).Unknowns,
            unknown => unknown.Reason.StartsWith("/etc/driverctl.d has more", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_empty_script_and_a_folder_among_scripts_are_nothing_unknown()
    {
        _machine.Tree.File("usr/local/bin/empty", "").Folder("usr/local/bin/folder");
        Assert.DoesNotContain((await _machine.ReadAsync()).Unknowns, unknown => unknown.Code == UnknownFact.SettingsFiles);
    }

    private static bool IsOfTheGuest(Unknown unknown) =>
        unknown.Code == UnknownFact.OtherPrograms && IsAbout(unknown, "etc/libvirt/qemu/win11.xml");

    private static bool IsAbout(Unknown unknown, string path) =>
        unknown.Reason.Contains($"/{path} ", StringComparison.Ordinal) || unknown.Fact.Contains("win11", StringComparison.Ordinal);

    private void Circle(string path)
    {
        var (place, beside) = (_machine.Tree.At(path), $"{path}.circle");
        if (Directory.Exists(place)) Directory.Delete(place, recursive: true);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.Delete(place);
        var name = path[(path.LastIndexOf('/') + 1)..];
        _machine.Tree.LinkText(path, $"{name}.circle").LinkText(beside, name);
    }
}
