using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>What somebody without any rights can do to a switch of others: he
/// has a service manager of his own, and no session at the seat.</summary>
public sealed class SecondUserTests : Scenario
{
    private const string Attacker = "mallory";
    private const string Home = $"/home/{Attacker}";
    private const int Processes = 500;

    /// <summary>Read anew for each process these are more than anybody can look at in the time of a switch.</summary>
    private const int Descriptors = 100_000;

    private static string AsAttacker => $"runuser -u {Attacker} -- env XDG_RUNTIME_DIR=/run/user/$(id -u {Attacker})";

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task Whoever_makes_looks_endless_in_the_middle_of_a_switch_does_not_keep_the_desktop_down() =>
        PlayAsync(Hardware.Gnome, async machine =>
        {
            await AddAttackerAsync(machine);
            await AssertDesktopComesBackAsync(machine, ToVm);

            // What he did is over with him, without a restart.
            await EndAttackerAsync(machine);
            await machine.Gputty.ExpectAsync(0, ToHost);
            await machine.Gputty.ExpectAsync(0, ToVm);
            await machine.Pci.AssertCardIsReadyForVmAsync();
            await machine.Desktop.AssertUsableAsync();
        });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task Whoever_makes_looks_endless_on_the_way_home_does_not_keep_the_desktop_down() => PlayAsync(Hardware.Gnome, async machine =>
    {
        await machine.Gputty.ExpectAsync(0, ToVm);
        await AddAttackerAsync(machine);
        await AssertDesktopComesBackAsync(machine, ToHost);

        await EndAttackerAsync(machine);
        await machine.Gputty.ExpectAsync(0, ToHost);
        await machine.Pci.AssertCardIsHomeAsync();
        await machine.Desktop.AssertUsableAsync();
    });

    /// <summary>The attack begins when the desktop has ended: the looks at who holds the card come after that.</summary>
    private static async Task AssertDesktopComesBackAsync(Machine machine, string command)
    {
        await machine.Desktop.AssertUsableAsync();
        var compositor = await machine.Desktop.CompositorAsync();
        await machine.Shell.DoAsync(
            $"cd {Home} && {AsAttacker} systemd-run --user -q --unit=crowd.service /usr/local/bin/crowd {compositor} {Descriptors} "
                + $"{Processes} {Home}/ready {Home}/begun");
        await machine.Shell.UntilAsync("the crowd to be ready", $"[ -e {Home}/ready ]");

        var switched = await machine.Gputty.RunAsync(command);
        await machine.Gputty.WhenWorkerIsGoneAsync();
        await machine.Shell.UntilAsync("the attack to have begun", $"[ -e {Home}/begun ]");
        await AssertCrowdLivesAsync(machine);
        // It may have arrived anyway; what it may not do is to leave something behind.
        Assert.True(switched.Status is 0 or 3, $"The switch ended with {switched.Status}:\n{switched.Output}");
        if (switched.Status == 3) Assert.Contains(Attacker, switched.Output, StringComparison.Ordinal);
        await machine.Desktop.AssertUsableAsync();

        // A look comes to its end, and the attack has not been the one to end.
        await machine.Gputty.ExpectAsync(0, "status");
        await AssertCrowdLivesAsync(machine);
    }

    /// <summary>A user whose service manager runs, as that of anybody who is logged in or lingers (loginctl(1), enable-linger).</summary>
    private static async Task AddAttackerAsync(Machine machine)
    {
        await machine.Shell.DoAsync($"useradd -m {Attacker} && loginctl enable-linger {Attacker}");
        await machine.Shell.UntilAsync(
            "the second user's service manager to be up", $"{AsAttacker} systemctl --user is-active -q default.target");
    }

    private static async Task EndAttackerAsync(Machine machine)
    {
        await machine.Shell.DoAsync($"{AsAttacker} systemctl --user kill -s KILL crowd.service");
        await machine.Shell.UntilAsync("the crowd to be gone", $"! pgrep -u {Attacker} -x crowd");
    }

    private static async Task AssertCrowdLivesAsync(Machine machine) =>
        Assert.Equal($"{Processes + 1}", await machine.Shell.DoAsync($"pgrep -c -u {Attacker} -x crowd"));
}
