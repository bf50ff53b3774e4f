namespace GpuTty.Lab.Driver;

/// <summary>The desktop's user, who comes over the network: a real session of sshd, seen and typed at in a terminal of tmux.</summary>
public sealed class Ssh(Machine machine)
{
    private const string Tmux = "LANG=C.UTF-8 tmux -u -L lab-ssh -f /dev/null";

    public async Task LogInAsync()
    {
        await machine.Shell.DoAsync($"""
            systemctl start ssh
            {Tmux} new-session -d -x 100 -y 30 ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null user@localhost
            """);
        await WaitForAsync("password:");
        await TypeAsync("lab");
        await WaitForAsync("$");
    }

    /// <summary>Types a line and presses Enter.</summary>
    public Task TypeAsync(string line) =>
        machine.Shell.DoAsync($"{Tmux} send-keys -l '{line}' && {Tmux} send-keys Enter");

    /// <summary>Presses one key, in tmux's words.</summary>
    public Task PressAsync(string key) => machine.Shell.DoAsync($"{Tmux} send-keys {key}");

    /// <summary>Waits until the terminal shows this text, and gives everything that it shows.</summary>
    public async Task<string> WaitForAsync(string text, TimeSpan? limit = null)
    {
        var last = "";
        return await Wait.ForAsync($"'{text}' in the session of ssh", async () =>
        {
            last = await machine.Shell.DoAsync($"{Tmux} capture-pane -p");
            return last.Contains(text, StringComparison.Ordinal) ? last : null;
        }, () => $"It shows:\n{last}", limit);
    }

    /// <summary>The line breaks: the client is killed, and nobody says goodbye.</summary>
    public Task BreakAsync() => machine.Shell.DoAsync("pkill -KILL -x ssh");
}
