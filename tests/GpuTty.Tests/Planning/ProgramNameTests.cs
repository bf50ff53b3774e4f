using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;

namespace GpuTty.Tests.Planning;

/// <summary>Which program a process is, where a distribution starts it through a script.</summary>
public sealed class ProgramNameTests
{
    [Theory]
    [InlineData(".libvirtd-wrapp", "libvirtd")]
    [InlineData(".kwin_wayland-w", "kwin_wayland")]
    [InlineData(".sway-wrapped", "sway")]
    [InlineData(".X-wrapped", "X")]
    [InlineData(".pipewire-pulse", "pipewire-pulse")]
    [InlineData(".cosmic-session", "cosmic-session")]
    [InlineData(".wl-wayfire-wra", "wl-wayfire")]
    [InlineData("..weston-wrappe", "weston")]
    [InlineData("..X-wrapped-wra", "X")]
    [InlineData("gamescope-wl", "gamescope-wl")]
    [InlineData("kwin_wayland_wr", "kwin_wayland_wr")]
    [InlineData(".hidden", ".hidden")]
    [InlineData(".-wrapped", ".-wrapped")]
    [InlineData("sway-wrapped", "sway-wrapped")]
    [InlineData("", "")]
    public void A_wrapped_program_is_called_by_its_own_name_and_every_other_as_it_calls_itself(string comm, string name) =>
        Assert.Equal(name, ProgramName.Of(comm));

    [Theory]
    [InlineData("gamescope-wl", true, true)]
    [InlineData(".Xorg-wrapped", false, true)]
    [InlineData(".gnome-shell-wr", true, true)]
    [InlineData("firefox", false, false)]
    public void What_draws_the_desktop_is_known_by_what_the_kernel_calls_it(string comm, bool isWayland, bool isOne) =>
        Assert.Equal((isWayland, isOne, isOne), (Compositor.IsWayland(comm), Compositor.IsOne(comm), Compositor.DrawsForOthers(comm)));
}
