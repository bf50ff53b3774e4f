namespace GpuTty.Lab.Driver;

/// <summary>The display manager, the user's graphical session, and the window in it.</summary>
public sealed class Desktop(Machine machine, Guest kind)
{
    /// <summary>The user may have others besides: at a text console, and since systemd 256 one of his manager.</summary>
    private string UserSession => $$"""
        for id in $(loginctl --no-legend list-sessions | awk '$3 == "user" {print $1}'); do
            [ "$(loginctl show-session -P Type "$id")" = {{kind.SessionType}} ] && [ "$(loginctl show-session -P Class "$id")" = user ] &&
                echo "$id" && break
        done
        """;

    private Shell Shell => machine.Shell;

    /// <summary>Waits until the user's session is there and the shell in its
    /// window runs; what costs the guest little is asked first.</summary>
    public Task WhenUpAsync(TimeSpan? limit = null) => Shell.UntilAsync("the desktop to be up", $"""
        terminals=$(pgrep -d, -u user -x {kind.Window}) && pgrep -P "$terminals" >/dev/null && session=$({UserSession}) && [ "$session" ]
        """, limit);

    /// <summary>The process that opens the cards; the same before and after means that nothing the user had open was closed.</summary>
    public Task<string> CompositorAsync() => Shell.DoAsync($"pgrep -n -u user -x {kind.Compositor} || pgrep -n -x {kind.Compositor}");

    /// <remarks>With a shell in it: another process of the same name may wait for windows that nobody has asked for yet.</remarks>
    public Task<string> WindowAsync() =>
        Shell.DoAsync(
            $"for window in $(pgrep -u user -x {kind.Window}); do pgrep -P \"$window\" >/dev/null && echo \"$window\" && break; done");

    /// <summary>Puts the desktop in front.</summary>
    public async Task ShowAsync() =>
        await machine.Vt(int.Parse(await Shell.DoAsync($"loginctl show-session -P VTNr $({UserSession})"))).ShowAsync();

    /// <summary>Whether its compositor has a card open.</summary>
    public async Task<bool> HoldsAsync(string address) => (await machine.Holders.OfAsync(address)).Contains(kind.Compositor);

    public Task StopAsync() => Shell.DoAsync("systemctl stop display-manager");

    public Task StartAsync() => Shell.DoAsync("systemctl start display-manager");

    public async Task<bool> IsUpAsync() => (await Shell.RunAsync($"[ \"$({UserSession})\" ]")).Status == 0;

    /// <summary>Which process is the user's session: the same before and after means that nobody was logged out.</summary>
    public Task<string> SessionLeaderAsync() => Shell.DoAsync($"loginctl show-session -P Leader $({UserSession})");

    /// <summary>The user's sessions at a text console: the same before and after means that he was not logged out there.</summary>
    public async Task<string> SessionsAtAsync(string tty)
    {
        var found = await Shell.DoAsync($$"""
            for id in $(loginctl --no-legend list-sessions | awk '$3 == "user" {print $1}'); do
                [ "$(loginctl show-session -P TTY "$id")" = {{tty}} ] && echo "$id"
            done; true
            """);
        Assert.NotEmpty(found);
        return found;
    }

    /// <summary>
    /// Types a command into the window with real keys and sees it done: X has the screen, the keyboard and a living program.
    /// </summary>
    public async Task AssertUsableAsync(string screen = "host-gpu")
    {
        await WhenUpAsync();
        await Shell.UntilAsync(
            "the desktop to be in front",
            $"grep -qx tty$(loginctl show-session -P VTNr $({UserSession})) /sys/class/tty/tty0/active");
        var proof = $"/tmp/alive-{Guid.NewGuid().ToString("N")[..6]}";
        var typed = DateTime.MinValue;
        await Wait.ForAsync("the command typed into the desktop's window to be done", async () =>
        {
            // A window that has just appeared may miss the first keys.
            if (DateTime.UtcNow - typed > TimeSpan.FromSeconds(10))
            {
                // GNOME's overview, where it is open, would take them: once for what is searched in it, once for itself.
                for (var time = 0; time < 2; time++) await machine.Monitor.PressAsync("esc");
                await machine.Monitor.TypeAsync($"\n>{proof}\n");
                typed = DateTime.UtcNow;
            }
            return (await Shell.RunAsync($"[ -e {proof} ]")).Status == 0;
        });
        Assert.True((await machine.Monitor.LookAsync(screen)).Lit > 0.1, $"The desktop runs, but the screen at {screen} is dark.");
    }
}
