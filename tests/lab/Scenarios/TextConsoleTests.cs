using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>Who starts the program inside the desktop that must end goes on at a text console.</summary>
public sealed class TextConsoleTests : Scenario
{
    [ProgramFact]
    [Trait("Lab", "full")]
    public Task From_a_window_of_the_desktop_the_program_goes_to_a_console_of_its_own_and_back() =>
        PlayAsync(Hardware.TwoGpus, async machine =>
        {
            await machine.Desktop.AssertUsableAsync();
            var desktop = await ShownAsync(machine);
            await machine.Shell.DoAsync("install -m 4755 /bin/bash /usr/local/bin/lab-root");
            await machine.Monitor.TypeAsync("lab-root -p -c 'setpriv --reuid 0 --regid 0 --clear-groups gputty'\n");
            var screen = await GoToConsoleAsync(machine, desktop);

            await screen.SelectAsync();
            await screen.WalkAsync('v', closeSessions: true);
            await screen.WaitForResultAsync();
            await machine.Gputty.WhenWorkerIsGoneAsync();
            await machine.Pci.AssertCardIsReadyForVmAsync();
            await machine.Desktop.WhenUpAsync();

            await screen.Console.ShowAsync();
            await screen.Console.TypeAsync("q");
            await machine.Shell.UntilAsync("the desktop to be in front again", $"grep -qx {desktop} /sys/class/tty/tty0/active");
            await machine.Shell.UntilAsync("nothing of the program to be left", "! pgrep -x gputty");
            await machine.Desktop.AssertUsableAsync();
        });

    /// <summary>The window cannot be read, so its keys are pressed until the program is seen elsewhere.</summary>
    private static async Task<GputtyScreen> GoToConsoleAsync(Machine machine, string desktop)
    {
        var pressed = DateTime.MinValue;
        var shown = await Wait.ForAsync("the program on a console of its own", async () =>
        {
            if (await ShownAsync(machine) is var now && now != desktop) return now;
            if (DateTime.UtcNow - pressed > TimeSpan.FromSeconds(15))
            {
                await machine.Monitor.TypeAsync("T");
                await Task.Delay(TimeSpan.FromSeconds(2));
                await machine.Monitor.TypeAsync("y");
                pressed = DateTime.UtcNow;
            }
            return null;
        });
        var console = machine.Vt(int.Parse(shown["tty".Length..]));
        await console.WaitForAsync("01:00.0", Gputty.Patience);
        return new GputtyScreen(console);
    }

    private static Task<string> ShownAsync(Machine machine) => machine.Shell.DoAsync("cat /sys/class/tty/tty0/active");
}
