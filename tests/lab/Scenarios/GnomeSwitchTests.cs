using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>GNOME on Wayland, switched by its own user, who has logged in at tty3.</summary>
public sealed class GnomeSwitchTests : SwitchScenario
{
    private static readonly string[] s_programs = ["viewer", "editor"];

    [ProgramFact]
    public Task The_desktops_own_user_types_sudo_gputty_on_tty3_and_the_wizard_leads_there_and_back() =>
        PlayAsync(Hardware.Gnome, PlayWizardAsync);

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task Programs_of_the_session_on_the_cards_render_node_end_with_it_while_its_user_is_logged_in_at_tty3() =>
        PlayAsync(Hardware.GnomeRendering, async machine =>
        {
            await machine.Vt(3).ShowAsync();
            await machine.Vt(3).LogInAsync();
            var console = await machine.Desktop.SessionsAtAsync("tty3");
            await machine.Desktop.ShowAsync();
            await StartProgramsAsync(machine);

            await machine.Gputty.ExpectAsync(0, ToVm);
            await machine.Pci.AssertDriverAsync(Pci.Card, "vfio-pci");
            await machine.Desktop.AssertUsableAsync();
            Assert.Empty(await RunningAsync(machine));
            Assert.Equal(console, await machine.Desktop.SessionsAtAsync("tty3"));

            await machine.Gputty.ExpectAsync(0, ToHost);
            await machine.Pci.AssertDriverAsync(Pci.Card, "virtio-pci");
            await machine.Desktop.AssertUsableAsync();
            await Wait.ForAsync("GNOME to have the card again", () => machine.Desktop.HoldsAsync(Pci.Card));
            Assert.Equal(console, await machine.Desktop.SessionsAtAsync("tty3"));
        });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task A_card_reserved_by_ids_since_the_initial_ram_disk_goes_home_and_back() => PlayAsync(Hardware.GnomeReserved, async machine =>
    {
        await machine.Pci.AssertCardIsReadyForVmAsync();
        await machine.Gputty.ExpectAsync(0, ToHost);
        await machine.Pci.AssertDriverAsync(Pci.Card, "bochs-drm");
        await machine.Pci.AssertDriverAsync(Pci.CardSound, "snd_hda_intel");
        await machine.Desktop.AssertUsableAsync();

        await machine.Gputty.ExpectAsync(0, ToVm);
        await AssertSwitchedAsync(machine);
    });

    /// <summary>As a desktop starts its programs: a service of the user's manager, and a scope.</summary>
    private static async Task StartProgramsAsync(Machine machine)
    {
        await machine.Shell.DoAsync($$"""
            node=$(readlink -e /dev/dri/by-path/pci-{{Pci.Card}}-render)
            for name in {{string.Join(' ', s_programs)}}; do cp /usr/local/bin/hold /usr/local/bin/$name; done
            as_user() { runuser -u user -- env XDG_RUNTIME_DIR=/run/user/$(id -u user) "$@"; }
            as_user systemd-run --user -q --collect --unit=app-viewer@abc.service viewer open "$node"
            as_user setsid systemd-run --user -q --scope --unit=app-editor-7.scope editor open "$node" >/run/editor.out 2>&1 &
            """);
        await Wait.ForAsync(
            "both programs to hold the card", async () => !s_programs.Except(await machine.Holders.OfAsync(Pci.Card)).Any());
    }

    private static async Task<string> RunningAsync(Machine machine) =>
        (await machine.Shell.RunAsync($"pgrep -lx '{string.Join('|', s_programs)}'")).Output;
}
