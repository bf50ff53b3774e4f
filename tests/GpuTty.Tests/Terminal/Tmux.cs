using System.Diagnostics;

namespace GpuTty.Tests.Terminal;

/// <summary>A real terminal with a shell in it, and the trial program at hand.</summary>
internal sealed class Tmux : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gputty-tmux-");

    public Tmux()
    {
        Run(
            "-f",
            "/dev/null",
            "new-session",
            "-d",
            "-x",
            "80",
            "-y",
            "24",
            "env",
            "LANG=C.UTF-8",
            "PS1=ready> ",
            "HISTFILE=",
            "bash",
            "--norc",
            "--noprofile");
        WaitFor("ready>");
    }

    public static bool IsThere => File.Exists("/usr/bin/tmux");

    /// <summary>The command that runs the trial program.</summary>
    public static string Trial { get; } = $"dotnet {typeof(Tmux).Assembly.Location}";

    public string Screen => Run("capture-pane", "-p");

    /// <summary>Whether the alternate screen is on, whether the cursor shows, and who has the terminal.</summary>
    public string Modes =>
        Run("display-message", "-p", "alternate #{alternate_on} cursor #{cursor_flag} of #{pane_current_command}").Trim();

    public void Type(params string[] keys) => Run(["send-keys", .. keys]);

    public void Resize(int width, int height) => Run("resize-window", "-x", $"{width}", "-y", $"{height}");

    /// <summary>Starts the trial program; its process id, as it says itself.</summary>
    public int Start(string arguments)
    {
        Type($"{Trial} {arguments}", "Enter");
        WaitFor("console");
        var words = Screen.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return int.Parse(words[Array.IndexOf(words, "trial") + 1]);
    }

    public string WaitFor(string text)
    {
        var watch = Stopwatch.StartNew();
        string screen;
        while (!(screen = Screen).Contains(text, StringComparison.Ordinal))
        {
            Assert.True(watch.Elapsed < s_patience, $"'{text}' does not appear on:\n{screen}");
            Thread.Sleep(50);
        }
        return screen;
    }

    /// <summary>Presses a key again until it is heard: what comes in the moment a question appears is dropped on purpose.</summary>
    public void TypeUntil(string key, string answer)
    {
        var watch = Stopwatch.StartNew();
        while (!Screen.Contains(answer, StringComparison.Ordinal))
        {
            Assert.True(watch.Elapsed < s_patience, $"'{answer}' does not appear on:\n{Screen}");
            Type(key);
            Thread.Sleep(300);
        }
    }

    /// <summary>The youngest of the processes that run one in another in the terminal: below a supervisor, the one that draws.</summary>
    public int Innermost
    {
        get
        {
            var process = int.Parse(Run("display-message", "-p", "#{pane_pid}"));
            while (File.ReadAllText($"/proc/{process}/task/{process}/children").Split(
                ' ', StringSplitOptions.RemoveEmptyEntries) is [.., var child])
                process = int.Parse(child);
            return process;
        }
    }

    /// <summary>The shell can be used as if nothing had been: it echoes, reads lines, and the screen is its own.</summary>
    public void AssertUsable()
    {
        // Only then is nobody left who could still clear the screen or forget what was typed.
        const string ours = "alternate 0 cursor 1 of bash";
        var watch = Stopwatch.StartNew();
        while (Modes != ours) Assert.True(watch.Elapsed < s_patience, $"The terminal is left with {Modes}, showing:\n{Screen}");
        WaitFor("ready>");
        Type("stty -a | tr ';' '\\n' | grep -wo -e -icanon -e -echo -e -isig -e -icrnl; echo 'done'=$?", "Enter");
        Assert.DoesNotContain("\n-", WaitFor("done="), StringComparison.Ordinal);
        Assert.Equal(ours, Modes);
    }

    public void Dispose()
    {
        Run("kill-server");
        _folder.Delete(recursive: true);
    }

    private string Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("tmux", ["-S", Path.Combine(_folder.FullName, "socket"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
