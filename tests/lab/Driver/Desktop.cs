namespace GpuTty.Lab.Driver;

/// <summary>lightdm, the user's X session, and the window in it.</summary>
public sealed class Desktop(Machine machine)
{
    private const string UserSession = "loginctl --no-legend list-sessions | awk '$3 == \"user\" {print $1}'";

    private Shell Shell => machine.Shell;

    /// <summary>Waits until the user's session is there and the shell in its window runs.</summary>
    public Task WhenUpAsync() => Shell.UntilAsync("the desktop to be up", $"""
        session=$({UserSession}) && [ "$session" ] && [ "$(loginctl show-session -P Type "$session")" = x11 ] \
            && terminal=$(pgrep -n -u user -x xterm) && pgrep -P "$terminal" >/dev/null
        """);

    public Task StopAsync() => Shell.DoAsync("systemctl stop lightdm");

    public Task StartAsync() => Shell.DoAsync("systemctl start lightdm");

    public async Task<bool> IsUpAsync() => (await Shell.RunAsync($"[ \"$({UserSession})\" ]")).Status == 0;

    /// <summary>Which process is the user's session: the same before and after means that nobody was logged out.</summary>
    public Task<string> SessionLeaderAsync() => Shell.DoAsync($"loginctl show-session -P Leader $({UserSession})");

    /// <summary>
    /// Types a command into the window with real keys and sees it done: X has the screen, the keyboard and a living program.
    /// </summary>
    public async Task AssertUsableAsync(string screen = "host-gpu")
    {
        await WhenUpAsync();
        await Shell.UntilAsync("the desktop to be in front", "grep -qx tty7 /sys/class/tty/tty0/active");
        var proof = $"/tmp/alive-{Guid.NewGuid().ToString("N")[..6]}";
        var typed = DateTime.MinValue;
        await Wait.ForAsync("the command typed into the desktop's window to be done", async () =>
        {
            // A window that has just appeared may miss the first keys.
            if (DateTime.UtcNow - typed > TimeSpan.FromSeconds(10))
            {
                await machine.Monitor.TypeAsync($"\n>{proof}\n");
                typed = DateTime.UtcNow;
            }
            return (await Shell.RunAsync($"[ -e {proof} ]")).Status == 0;
        });
        Assert.True((await machine.Monitor.LookAsync(screen)).Lit > 0.1, $"The desktop runs, but the screen at {screen} is dark.");
    }
}
