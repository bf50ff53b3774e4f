using System.Text.Json;
using GpuTty.Cli;
using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Simulation;

namespace GpuTty.Tests.Cli;

public sealed class PinTests
{
    [Fact]
    public void A_pin_is_set_told_and_taken_away()
    {
        var gputty = Gputty.On("kept-off");
        Assert.Contains("may load every installed driver", gputty.Run("pin", "status").Out, StringComparison.Ordinal);
        var plan = gputty.Run("pin", "on", "--dry-run").Out;
        Assert.Contains("# writes /run/systemd/user/org.gnome.Shell@wayland.service.d/50-gputty.conf", plan, StringComparison.Ordinal);
        Assert.Contains("next login", plan, StringComparison.Ordinal);
        Assert.Empty(gputty.Host.Machine.Pinned);

        Assert.Equal(ExitCodes.Done, gputty.Run("pin", "on", "--yes").Code);
        var pin = JsonDocument.Parse(gputty.Run("pin", "status", "--json").Out).RootElement.GetProperty("pins")[0];
        Assert.Equal("org.gnome.Shell@wayland.service", pin.GetProperty("unit").GetString());
        Assert.Equal("/usr/share/glvnd/egl_vendor.d/50_mesa.json", pin.GetProperty("egl")[0].GetString());

        Assert.Equal(ExitCodes.Done, gputty.Run("pin", "off", "--yes").Code);
        Assert.Empty(gputty.Host.Machine.Pinned);
    }

    [Fact]
    public void A_card_with_another_driver_needs_none()
    {
        var refused = Gputty.On("amd").Run("pin", "on", "--yes");
        Assert.Equal(ExitCodes.Refused, refused.Code);
        Assert.Contains("keep-off on", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_of_the_desktop_stand_in_the_status_and_in_what_the_doctor_says()
    {
        var gputty = Gputty.On("desktop");
        var node = gputty.Host.Machine.Find(Machines.Card)!.Nodes.Single(node => node.Kind == NodeKind.Card).Path;
        gputty.Host.Happen(machine =>
            machine with { Pins = [new CompositorDeviceSetting("KWIN_DRM_DEVICES", node, "kwin_wayland (812)", [node])] });
        Assert.Contains("kwin_wayland (812) is told to open this card", gputty.Run("status").Out, StringComparison.Ordinal);
        Assert.Contains("kwin_wayland (812) is told to open this card", gputty.Run("doctor").Out, StringComparison.Ordinal);
        Assert.True(JsonDocument.Parse(gputty.Run("status", "--json").Out).RootElement.GetProperty("desktop").GetProperty("settings")[0]
            .GetProperty("opens_card")
            .GetBoolean());
    }
}
