using System.Diagnostics;
using Xunit.Abstractions;

namespace GpuTty.Tests;

/// <summary>The program as it was built, started by somebody who has closed, blocked, limited or forbidden what processes usually have.</summary>
public sealed class ProcessStartTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gputty-start").FullName;

    /// <summary>Each descriptor closed, alone and together: words where they can be said, a known status everywhere, and never a signal.</summary>
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
            var (status, _) = Sh($"\"$0\" {command} {closed}");
            Assert.True(status is >= 0 and <= 6, $"{command} {closed}: {status}");
            File.Delete($"{_folder}/r");
        }
        Counts.Add(output, "starts in odd surroundings", commands.Length);
    }

    /// <summary>What the program writes must not end in a file that took the place of a closed stream.</summary>
    [Fact]
    public void A_file_that_is_written_holds_nothing_of_what_is_said()
    {
        Sh("\"$0\" report --output r >&- 2>&-");
        Assert.Equal(new byte[] { 0x1f, 0x8b }, File.ReadAllBytes($"{_folder}/r")[..2]);
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
        var (status, said) = Sh("ulimit -f 0; \"$0\" report --output r 2>&1 | cat");
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
            var start = new ProcessStartInfo("/bin/bash", ["-c", "exec -a \"$1\" \"$0\" --nonsense 2>&1", Program, name]) { RedirectStandardOutput = true, WorkingDirectory = _folder };
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
        var start = new ProcessStartInfo("/bin/bash", ["-c", script, Program]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder };
        // The shared runtime of a development build opens files of its own before anybody else can, unless it is told not to; the native program has none.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment.Remove("SUDO_UID");
        using var shell = Process.Start(start)!;
        var errors = shell.StandardError.ReadToEndAsync();
        var said = shell.StandardOutput.ReadToEnd() + errors.Result;
        shell.WaitForExit();
        return (shell.ExitCode, said);
    }
}
