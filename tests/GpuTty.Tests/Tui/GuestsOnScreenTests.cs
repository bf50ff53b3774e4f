using GpuTty.Host;
using GpuTty.Host.Guests;
using GpuTty.Host.Pci;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui;

/// <summary>Virtual machines that want the card, where people look at the card.</summary>
public sealed class GuestsOnScreenTests
{
    private static readonly LibvirtState s_libvirt = new(
        true,
        "/etc/libvirt/hooks/qemu.d/50-gputty",
        HookPresence.Installed,
        new HookScript(["/usr/local/bin/gputty"], []),
        "virtqemud.service",
        false,
        null,
        [],
        [
            Guest("win11", isManaged: true, isRunning: false),
            Guest("linux", isManaged: false, isRunning: true),
            new DefinedGuest("plain", new GuestDescription("plain", null, []), null, true),
        ]);

    [Fact]
    public void The_card_names_the_guests_that_want_it_and_what_is_wrong_with_the_hook()
    {
        var text = Text(DesktopMachine.Idle with { Libvirt = s_libvirt }, DesktopMachine.Big);
        Assert.Contains("wanted by      win11: managed='yes', so its start would be refused", text, StringComparison.Ordinal);
        Assert.Contains("linux, which runs", text, StringComparison.Ordinal);
        Assert.DoesNotContain("plain", text, StringComparison.Ordinal);
        Assert.Contains("Restart it: systemctl restart virtqemud.service", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nobody_wants_it_nothing_is_said_of_guests()
    {
        Assert.DoesNotContain("wanted by", Text(DesktopMachine.Idle, DesktopMachine.Big), StringComparison.Ordinal);
        Assert.DoesNotContain(
            "wanted by",
            Text(DesktopMachine.Idle with { Libvirt = s_libvirt with { Guests = [] } }, DesktopMachine.Big),
            StringComparison.Ordinal);
    }

    [Fact]
    public void After_a_switch_the_result_offers_the_hook_where_libvirt_is_without_it()
    {
        Assert.Contains(
            "gputty hook install",
            Result(s_libvirt with { Hook = HookPresence.Absent, Script = null }),
            StringComparison.Ordinal);
        Assert.DoesNotContain("gputty hook install", Result(s_libvirt), StringComparison.Ordinal);
        Assert.DoesNotContain("gputty hook install", Result(LibvirtState.None), StringComparison.Ordinal);
        Assert.Contains("virsh -c qemu:///system start YOUR-MACHINE", Result(s_libvirt), StringComparison.Ordinal);
        Assert.Contains(
            "virsh -c qemu:///system start win11",
            Result(s_libvirt with { Guests = [s_libvirt.Guests[0]] }),
            StringComparison.Ordinal);
    }

    private static string Result(LibvirtState libvirt)
    {
        var model = Play.At(DesktopMachine.WithVm with { Libvirt = libvirt }).Model;
        return string.Join('\n', ResultText.Of(GpuTty.Switching.RunState.Fold(Runs.Switched)!, model).Select(line => line.Text));
    }

    private static string Text(HostSnapshot host, PciAddress device) =>
        string.Join('\n', Details.Of(new Subject.Device(device), host).Select(line => line.Text));

    private static DefinedGuest Guest(string name, bool isManaged, bool isRunning) =>
        new(name, new GuestDescription(name, null, [new GuestDevice(DesktopMachine.Big, isManaged)]), null, isRunning);
}
