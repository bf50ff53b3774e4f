using System.Diagnostics;
using Xunit.Abstractions;

namespace GpuTty.Tests;

/// <summary>The program as it was built, started by somebody who has closed,
/// blocked, limited or chosen what processes usually have.</summary>
public sealed class ProcessStartTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gputty-start").FullName;

    /// <summary>Alone and together: words where they can be said, a known status everywhere,
    /// never a signal, and nothing of what is said in a file that took their place.</summary>
    [Theory]
    [InlineData("<&-")]
    [InlineData(">&-")]
    [InlineData("2>&-")]
    [InlineData("<&- >&-")]
    [InlineData("<&- >&- 2>&-")]
    public void Closed_streams_end_no_command_by_a_signal(string closed)
    {
        string[] commands = ["status", "doctor", "plan vm", "--version", "follow", "--nonsense", "report --output r"];
        foreach (var command in commands)
        {
            var (status, said) = Sh($"\"$0\" {command} {closed}");
            Assert.True(status is >= 0 and <= 6, $"{command} {closed}: {status} {said}");
        }
        Assert.Equal(new byte[] { 0x1f, 0x8b }, File.ReadAllBytes($"{_folder}/r")[..2]);
        Counts.Add(output, "starts in odd surroundings", commands.Length);
    }

    [Fact]
    public void With_closed_streams_every_argument_is_what_it_was()
    {
        const string line = "\"$0\" ' a  b é' '' --nonsense 'c\nd'";
        var (_, expected) = Sh($"{line} </dev/null");
        var (_, said) = Sh($"{line} <&-");
        Assert.Contains("' a  b é'", said, StringComparison.Ordinal);
        Assert.Equal(expected, said);
    }

    /// <summary>What root is told by the environment of somebody else and what the system's libraries
    /// would listen to: the same is said, and nothing is left where it points to.</summary>
    [Fact]
    public void Whatever_the_environment_says_the_same_is_said()
    {
        var (status, said) = Sh("\"$0\" devices --json");
        Assert.Equal(0, status);
        string[] settings =
        [
            "GCONV_PATH", "LOCPATH", "NLSPATH", "TZDIR", "TERMINFO", "TMPDIR", "HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR",
            "PATH", "HWDATA", "MALLOC_CHECK_=3", "TZ=/etc/shadow", "LANG=tr_TR.UTF-8", "LC_ALL=xx",
            "TERM=../../etc/passwd",
            "COLUMNS=-1", "LINES=99999999999", "IFS=/", "BASH_ENV=/nowhere", "PYTHONPATH=/nowhere",
            "GLIBC_TUNABLES=glibc.malloc.check=3", "SUDO_USER=\u001b[2J", "SUDO_UID=99999999999999999999",
        ];
        var there = Directory.CreateDirectory($"{_folder}/there").FullName;
        foreach (var setting in settings)
        {
            var given = setting.Contains('=', StringComparison.Ordinal) ? setting : $"{setting}={there}";
            var told = Sh($"exec env '{given}' \"$0\" devices --json");
            // On a busy machine a tool may take too long for one look; what a variable changes it changes each time.
            for (var again = 0; again < 3 && told != (0, said); again++)
            {
                said = Sh("\"$0\" devices --json").Said;
                told = Sh($"exec env '{given}' \"$0\" devices --json");
            }
            Assert.Equal((0, said), told);
            Assert.Empty(Directory.GetFileSystemEntries(there));
        }
        Counts.Add(output, "starts in odd surroundings", settings.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("env --block-signal ")]
    [InlineData("env --ignore-signal=CHLD ")]
    [InlineData("env --block-signal=CHLD ")]
    [InlineData("nohup ")]
    public void Signals_that_the_caller_blocks_or_ignores_keep_no_tool_from_being_heard(string before)
    {
        var watch = Stopwatch.StartNew();
        var (status, said) = Sh($"{before}\"$0\" doctor --json 2>&1 </dev/null");
        Assert.True(status is 0 or 2, $"{status} {said}");
        Assert.DoesNotContain("took too long", said, StringComparison.Ordinal);
        Counts.Add(output, "starts in odd surroundings", 1);
        // The limit of one tool alone is ten.
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 9);
    }

    [Fact]
    public void Whatever_the_callers_mask_what_is_made_is_for_its_owner_alone()
    {
        foreach (var mask in (string[])["000", "022", "777"])
        {
            Sh($"umask {mask}; \"$0\" report --output r{mask}");
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode($"{_folder}/r{mask}"));
        }
        Counts.Add(output, "starts in odd surroundings", 3);
    }

    [Fact]
    public void A_limit_on_the_length_of_files_ends_in_words_and_leaves_no_half_of_one()
    {
        // A shared runtime cannot start with that limit unless it is told so; the native program can.
        var (status, said) = Sh("export DOTNET_EnableWriteXorExecute=0; ulimit -f 0; \"$0\" report --output r 2>&1 | cat");
        Assert.Contains("cannot be written: File too large", said, StringComparison.Ordinal);
        Assert.False(File.Exists($"{_folder}/r"));
        Assert.Equal(0, status);
        Counts.Add(output, "starts in odd surroundings", 1);
    }

    /// <summary>What comes first on the command line is the caller's choice, and is shown or used nowhere.</summary>
    [Fact]
    public void Whatever_the_program_is_called_it_says_its_own_name()
    {
        foreach (var name in (string[])["", "dotnet", "-gputty", "/etc/passwd", new string('A', 100_000), "\e[2J"])
        {
            var start = new ProcessStartInfo("/bin/bash", ["-c", "exec -a \"$1\" \"$0\" --nonsense 2>&1", Program, name])
            {
                RedirectStandardOutput = true,
                WorkingDirectory = _folder,
            };
            using var program = Process.Start(start)!;
            var said = program.StandardOutput.ReadToEnd();
            program.WaitForExit();
            // The launcher of a development build finds itself by that name, and says so; the native program has none.
            Assert.DoesNotContain('\e', said);
            Counts.Add(output, "starts in odd surroundings", 1);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Program => Path.Combine(AppContext.BaseDirectory, "gputty");

    private (int Status, string Said) Sh(string script)
    {
        var start = new ProcessStartInfo("/bin/bash", ["-c", script, Program])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder,
        };
        // The shared runtime of a development build leaves a pipe of its own
        // in TMPDIR, unless it is told not to; the native program has none.
        foreach (var name in start.Environment.Keys
            .Where(name => name.StartsWith("DOTNET_", StringComparison.Ordinal) && name != "DOTNET_ROOT" || name == "SUDO_UID")
            .ToList())
            start.Environment.Remove(name);
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        using var shell = Process.Start(start)!;
        var errors = shell.StandardError.ReadToEndAsync();
        var said = shell.StandardOutput.ReadToEnd() + errors.Result;
        shell.WaitForExit();
        return (shell.ExitCode, said);
    }
}
