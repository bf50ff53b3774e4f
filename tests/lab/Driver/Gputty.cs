using System.Globalization;
using System.Text.Json.Nodes;

namespace GpuTty.Lab.Driver;

/// <summary>The program under test, as a user meets it: commands in a shell, keys on a console.</summary>
public sealed class Gputty(Machine machine)
{
    /// <summary>The worker's unit: it carries out a switch and outlives whoever asked for it.</summary>
    public const string Worker = "gputty-switch.service";

    /// <summary>Where the guest notes the milliseconds of the last switch.</summary>
    private const string Took = "/run/lab-took";

    /// <summary>A start costs seconds of emulated processor time, and a whole switch a little more than its waits.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(300);

    public async Task<ShellResult> RunAsync(string arguments)
    {
        if (!arguments.StartsWith("switch ", StringComparison.Ordinal))
            return await machine.Shell.RunAsync($"gputty {arguments}", Patience);
        var timed = $"begin=$(date +%s%3N); gputty {arguments}; ended=$?; echo $(($(date +%s%3N) - begin)) >{Took}; exit $ended";
        var result = await machine.Shell.RunAsync(timed, Patience);
        if (result.Status == 0 && result.Output.Contains("\nDone. ", StringComparison.Ordinal)) await CountSwitchAsync(arguments);
        return result;
    }

    /// <summary>What a switch took, by the guest's clock, and how much of it lies outside of its steps: starting, looking, planning
    /// and handing over, which nobody waits for but because of us.</summary>
    private async Task CountSwitchAsync(string arguments)
    {
        Figures.Count("switches on a real kernel, by command");
        var told = (await machine.Shell.DoAsync($"cat {Took} /var/lib/gputty/journal")).Split('\n');
        var whole = TimeSpan.FromMilliseconds(int.Parse(told[0]));
        var steps = told.Skip(1).Select(line => JsonNode.Parse(line)!).Where(entry => (string?)entry["event"] == "done")
            .Aggregate(TimeSpan.Zero, (sum, entry) => sum + TimeSpan.Parse((string)entry["took"]!, CultureInfo.InvariantCulture));
        Figures.Write($"{machine.Guest.Suite} {machine.Guest.Desktop}, {arguments}, outside of its steps", whole - steps);
        Figures.Write($"{machine.Guest.Suite} {machine.Guest.Desktop}, {arguments}", whole);
    }

    /// <summary>Runs a command and insists on its documented exit code.</summary>
    public async Task<string> ExpectAsync(int code, string arguments)
    {
        var result = await RunAsync(arguments);
        Assert.True(result.Status == code, $"gputty {arguments} ended with {result.Status} instead of {code}:\n{result.Output}");
        return result.Output;
    }

    /// <summary>
    /// Starts the screen on tty3 as people do there, in front of the user, and waits until it has looked at the machine: from a root
    /// shell, or under the desktop's own user with sudo.
    /// </summary>
    public async Task<GputtyScreen> OpenAsync()
    {
        var console = machine.Vt(3);
        await console.ShowAsync();
        if (machine.Guest.RootOnTty3) await console.CommandAsync("gputty");
        else
        {
            await console.LogInAsync();
            await console.SudoAsync(machine.Guest.Program);
        }
        await console.WaitForAsync("01:00.0", Patience);
        return new GputtyScreen(console);
    }

    /// <summary>Starts a switch in the shell, and gives the moment back when
    /// the desktop has been stopped and nothing else is done yet.</summary>
    public async Task<Task<ShellResult>> BeginUntilDesktopIsDownAsync(string arguments)
    {
        var viewer = RunAsync(arguments);
        // Looked for in the guest, because the road to the host is longer than the next step.
        var down = machine.Shell.DoAsync("until [ \"$(systemctl show -P ActiveState display-manager)\" != active ]; do :; done", Patience);
        if (await Task.WhenAny(viewer, down) == viewer && !down.IsCompleted)
            throw new LabException($"gputty {arguments} ended before it had stopped the desktop:\n{(await viewer).Output}");
        await down;
        return viewer;
    }

    /// <summary>Waits until no worker is left, and nothing that runs after one. A child
    /// that hangs in the kernel keeps a failed unit from being forgotten.</summary>
    public Task WhenWorkerIsGoneAsync() =>
        machine.Shell.UntilAsync(
            "the worker to be gone", $"systemctl show -P ActiveState {Worker} | grep -qxE 'inactive|failed'", Patience);
}
