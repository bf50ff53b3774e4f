using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>Plasma on Wayland under SDDM, with the kernel and systemd
/// that others will have next: it advises, and does not decide.</summary>
[Trait("Lab", "unstable")]
public sealed class PlasmaTests : SwitchScenario
{
    [ProgramFact]
    public Task One_command_gives_the_card_to_a_vm_and_another_brings_it_home() => PlayAsync(Hardware.Plasma, PlayCommandsAsync);

    [ProgramFact]
    public Task The_desktops_own_user_types_sudo_gputty_on_tty3_and_the_wizard_leads_there_and_back() =>
        PlayAsync(Hardware.Plasma, PlayWizardAsync);
}

/// <summary>Keeping kwin on Wayland off the card.</summary>
[Trait("Lab", "unstable")]
public sealed class PlasmaKeepOffTests : KeepOffScenario
{
    [ProgramFact]
    public Task Rounds_there_and_back_leave_plasma_and_its_window_alone() => PlayAsync(Hardware.Plasma, async machine =>
    {
        await machine.Gputty.ExpectAsync(0, OnNow);
        await machine.Desktop.WhenUpAsync();
        await PlayRoundsAsync(machine, 5);
    });
}
