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

    [ProgramFact]
    [Trait("Lab", "unstable")]
    [Trait("Lab", "full")]
    public Task From_a_console_that_kmscon_draws_with_the_card_the_program_goes_to_one_of_the_kernel_and_there_and_back() =>
        PlayAsync(Hardware.Plasma, async machine =>
        {
            var kmscon = await LogInAtKmsconAsync(machine);
            await machine.Monitor.TypeAsync($"sudo {machine.Guest.Program}\n");
            await machine.Shell.UntilAsync("sudo to ask for the password", IsSet(Kmscons, " icanon .*-echo "));
            await machine.Monitor.TypeAsync("lab\n");
            await machine.Shell.UntilAsync(
                "the program to have its terminal", IsSet("$(readlink /proc/$(pgrep -n -x gputty)/fd/0)", " -icanon"));
            var screen = await GoToConsoleAsync(machine, "tty4", $"kmscon-{machine.Guest.Suite}");

            await screen.SelectAsync();
            await screen.WalkAsync('v', closeSessions: true, endHolders: true);
            await screen.WaitForResultAsync();
            await machine.Gputty.WhenWorkerIsGoneAsync();
            await machine.Pci.AssertCardIsReadyForVmAsync();
            await machine.Desktop.WhenUpAsync();
            Assert.NotEqual(0, (await machine.Shell.RunAsync($"kill -0 {kmscon}")).Status);

            await screen.Console.ShowAsync();
            await screen.Console.TypeAsync("\n");
            await screen.Console.WaitForAsync("01:00.0");
            await screen.WalkAsync('h', closeSessions: true);
            await screen.WaitForResultAsync();
            await machine.Gputty.WhenWorkerIsGoneAsync();
            await machine.Pci.AssertCardIsHomeAsync();
            await machine.Desktop.WhenUpAsync();
            await machine.Shell.UntilAsync("the console to be drawn again", "systemctl is-active kmsconvt@tty4.service");
        });

    /// <summary>The terminal that kmscon draws.</summary>
    private const string Kmscons = "/dev/pts/$(sed -n 's/^tty-index:[^0-9]*//p' /proc/$(pidof -s kmscon)/fdinfo/*)";

    /// <summary>Somebody at tty4, which kmscon draws: what it shows cannot be read, but its terminal tells who waits for what.</summary>
    private static async Task<string> LogInAtKmsconAsync(Machine machine)
    {
        // As Fedora 44 has it: logind starts one for whoever looks at a console that nobody has.
        await machine.Shell.DoAsync(
            "ln -sf /usr/lib/systemd/system/kmsconvt@.service /etc/systemd/system/autovt@.service && systemctl daemon-reload");
        await machine.Vt(4).ShowAsync();
        await machine.Shell.UntilAsync(
            "kmscon to have the keyboard and a login", "ls -l /proc/$(pidof -s kmscon)/fd | grep -q input/event && pgrep -n -x login");
        await machine.Shell.UntilAsync("login to read", "grep -q wait_woken /proc/$(pgrep -n -x login)/wchan");
        await machine.Monitor.TypeAsync("user\n");
        await machine.Shell.UntilAsync("login to ask for the password", IsSet(Kmscons, " icanon .*-echo "));
        await machine.Monitor.TypeAsync("lab\n");
        await machine.Shell.UntilAsync("a shell that reads a line", IsSet(Kmscons, " -icanon"));
        return await machine.Shell.DoAsync("pidof -s kmscon");
    }

    /// <summary>Whether a terminal is set as it is while somebody waits there for a line, a password or a key.</summary>
    private static string IsSet(string terminal, string settings) =>
        $"stty -F {terminal} -a | tr '\\n' ' ' | grep -q -- '{settings}'";

    /// <summary>The window cannot be read, so its keys are pressed until the program is seen elsewhere.</summary>
    private static async Task<GputtyScreen> GoToConsoleAsync(Machine machine, string desktop, string? picture = null)
    {
        var pressed = DateTime.MinValue;
        var shown = await Wait.ForAsync("the program on a console of its own", async () =>
        {
            if (await ShownAsync(machine) is var now && now != desktop) return now;
            if (DateTime.UtcNow - pressed > TimeSpan.FromSeconds(15))
            {
                if (picture is not null) (await machine.Monitor.LookAsync()).SavePng(Path.Combine(LabHost.Artifacts, $"{picture}.png"));
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
