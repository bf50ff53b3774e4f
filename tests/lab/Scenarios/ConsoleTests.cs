using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>The screen on a real console: nothing writes over it, and however it ends the console is as it was.</summary>
public sealed class ConsoleTests : Scenario
{
    private const string Noise = "lab-noise";

    /// <summary>Louder than any distribution sets it: everything the kernel says goes to the console in front.</summary>
    private const string Loud = "7\t4\t1\t7";

    [ProgramFact]
    public Task No_line_of_the_kernel_is_on_the_screen_during_a_switch() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        await MakeLoudAsync(machine);
        var screen = await machine.Gputty.OpenAsync();
        await machine.Shell.DoAsync(
            $"systemd-run --quiet --unit={Noise} sh -c 'n=0; while sleep 0.2; do n=$((n+1)); echo \"<3>{Noise} $n\" >/dev/kmsg; done'");
        await screen.SelectAsync();
        await screen.WalkAsync('v', closeSessions: true, _ => ReadCleanAsync(screen.Console));
        await Wait.ForAsync(
            "the result, with a clean screen all the while",
            async () => (await ReadCleanAsync(screen.Console)).Text.Contains("As the machine shows it", StringComparison.Ordinal),
            limit: Gputty.Patience);
        await machine.Gputty.WhenWorkerIsGoneAsync();
        await screen.Console.ShowAsync();
        Assert.Contains("As the machine shows it", (await ReadCleanAsync(screen.Console)).Text);
        // They were there all the while, and in the log.
        Assert.Contains(Noise, await machine.Shell.DoAsync("cat /var/log/gputty/gputty*.log"));

        await screen.Console.TypeAsync("q");
        await screen.Console.WaitForAsync($"] {Noise}");
        await machine.Shell.DoAsync($"systemctl stop {Noise}");
        await ClearAsync(machine);
        await AssertAsBeforeAsync(machine, "q");
    });

    [ProgramFact]
    public Task However_the_screen_ends_the_console_is_usable() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        await MakeLoudAsync(machine);
        foreach (var (end, how) in (IEnumerable<(string, string)>)
            [("TERM", "pgrep -nx gputty"), ("KILL", "pgrep -nx gputty"), ("ABRT", "pgrep -nx gputty"), ("KILL", "pgrep -ox gputty")])
        {
            await machine.Gputty.OpenAsync();
            Assert.Equal("1", (await machine.Shell.DoAsync("cut -f1 /proc/sys/kernel/printk")).Trim());
            // The runtime swallows the first SIGABRT that comes from outside.
            await machine.Shell.DoAsync(
                $"process=$({how}); kill -{end} $process; [ {end} != ABRT ] || while kill -ABRT $process 2>/dev/null; do :; done");
            await AssertAsBeforeAsync(machine, $"SIG{end} to $({how})");
        }
    });

    /// <summary>Shows also that a test of silence can fail: on a bare console the line is seen.</summary>
    private static async Task MakeLoudAsync(Machine machine)
    {
        await machine.Vt(3).ShowAsync();
        await machine.Shell.DoAsync($"echo '{Loud}' >/proc/sys/kernel/printk; echo '<3>{Noise} before' >/dev/kmsg");
        await machine.Vt(3).WaitForAsync($"] {Noise} before");
        await ClearAsync(machine);
    }

    /// <summary>
    /// A frame that is only half drawn is looked at again; a line of the kernel is a failure at once.
    /// </summary>
    private static Task<VtScreen> ReadCleanAsync(Vt console) => console.WaitForAsync("a whole frame", screen =>
    {
        Assert.False(VtScreen.KernelLine().IsMatch(screen.Text), $"A line of the kernel is on the screen:\n{screen.Text}");
        return screen.Lines[0].StartsWith(" GpuTty", StringComparison.Ordinal) && screen.Lines[1].TrimEnd()
            is ['┌' or '+', .., '┐' or '+'];
    });

    private static async Task ClearAsync(Machine machine)
    {
        await machine.Shell.DoAsync("printf '\\033c' >/dev/tty3");
        await machine.Monitor.PressAsync("ret");
    }

    private static async Task AssertAsBeforeAsync(Machine machine, string after)
    {
        var console = machine.Vt(3);
        await machine.Shell.UntilAsync($"no gputty to be left after {after}", "! pgrep -x gputty");
        // Asked in a command's place: at its prompt bash reads key by key itself.
        await console.CommandAsync("stty -a >/run/lab-line; echo usable $((6*7))");
        await console.WaitForAsync("usable 42");
        Assert.Equal(Loud, await machine.Shell.DoAsync("cat /proc/sys/kernel/printk"));
        var settings = (await machine.Shell.DoAsync("cat /run/lab-line")).Split([' ', '\n', ';']);
        foreach (var setting in (string[])["icanon", "echo", "isig", "icrnl", "opost"]) Assert.Contains(setting, settings);
        // A cursor blinks: lit in one of some pictures is shown, dark in all of them is hidden.
        var at = await console.ReadAsync();
        await Wait.ForAsync(
            $"the cursor to show after {after}",
            async () => (await machine.Monitor.LookAsync()).IsLitAt(at.CursorColumn, at.CursorRow, at.Columns, at.Rows));
        await ClearAsync(machine);
    }
}
