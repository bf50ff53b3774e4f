namespace GpuTty.Lab.Driver;

/// <summary>The program under test, as a user meets it: commands in a shell, keys on a console.</summary>
public sealed class Gputty(Machine machine)
{
    /// <summary>The worker's unit: it carries out a switch and outlives whoever asked for it.</summary>
    public const string Worker = "gputty-switch.service";

    /// <summary>A start costs seconds of emulated processor time, and a whole switch a little more than its waits.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(300);

    public async Task<ShellResult> RunAsync(string arguments)
    {
        var result = await machine.Shell.RunAsync($"gputty {arguments}", Patience);
        if (arguments.StartsWith("switch ", StringComparison.Ordinal)
            && result.Status == 0
            && result.Output.Contains("\nDone. ", StringComparison.Ordinal))
            Figures.Count("switches on a real kernel, by command");
        return result;
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
