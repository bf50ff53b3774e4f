using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>Xorg under lightdm: a switch takes seconds, and the short form has three attacks.</summary>
public sealed class KillDrillTests : KillScenario
{
    [ProgramFact]
    public Task M1_M2_M36_killed_at_random_moments_nothing_is_lost_and_nothing_piles_up() =>
        PlayDrillAsync(Hardware.TwoGpus, LabHost.IsFull ? 100 : 3);
}

/// <summary>GNOME on Wayland, on today's standard system.</summary>
public sealed class GnomeKillDrillTests : KillScenario
{
    [ProgramFact]
    [Trait("Lab", "full")]
    public Task M1_M2_M36_killed_at_random_moments_under_gnome_nothing_is_lost_and_nothing_piles_up() =>
        PlayDrillAsync(Hardware.Gnome, 300);
}

/// <summary>Plasma on Wayland, on what will be tomorrow's systems.</summary>
[Trait("Lab", "unstable")]
public sealed class PlasmaKillDrillTests : KillScenario
{
    [ProgramFact]
    public Task Killed_at_random_moments_under_plasma_nothing_is_lost_and_nothing_piles_up() => PlayDrillAsync(Hardware.Plasma, 30);
}
