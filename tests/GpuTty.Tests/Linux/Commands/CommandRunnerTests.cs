using System.Diagnostics;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Processes;

namespace GpuTty.Tests.Linux.Commands;

public sealed class CommandRunnerTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);
    private readonly string _tools = Directory.CreateTempSubdirectory("gputty-tools").FullName;

    [Fact]
    public async Task A_tool_that_is_not_installed_is_an_answer()
    {
        var result = await Runner().RunAsync("lspci", [], s_limit, default);

        Assert.Equal(new CommandResult(false, null, "", ""), result);
        Assert.Equal("lspci is not installed.", result.Problem("lspci"));
    }

    [Fact]
    public async Task Arguments_reach_the_tool_unsplit()
    {
        Tool("say", "printf '<%s>' \"$@\"");

        var result = await Runner().RunAsync("say", ["a b", "it's", "", "$HOME;*", "\"", "\\", "a\\\" b\\", "one\ntwo"], s_limit, default);

        Assert.Equal(new CommandResult(true, 0, "<a b><it's><><$HOME;*><\"><\\><a\\\" b\\><one\ntwo>", ""), result);
    }

    [Fact]
    public async Task M28_nothing_of_the_callers_environment_and_no_keyboard_reaches_the_tool()
    {
        Environment.SetEnvironmentVariable("SOMETHING_OF_THE_CALLER", "evil");
        Tool("look", "read -r line || echo no input; /usr/bin/env | grep -v -e '^PWD=' -e '^SHLVL=' -e '^_=' | sort");

        var result = await Runner().RunAsync("look", [], s_limit, default);

        Assert.Equal("no input\nLC_ALL=C\nPATH=/usr/sbin:/usr/bin:/sbin:/bin\n", result.Output);
    }

    [Fact]
    public async Task M28_the_environment_of_a_tool_is_ours_to_the_byte_and_its_input_is_no_file_of_ours()
    {
        Environment.SetEnvironmentVariable("PYTHONPATH", "/evil");
        Tool("look", "tr '\\0' '\\n' </proc/$$/environ; pwd; readlink /proc/$$/fd/0");

        var result = await Runner().RunAsync("look", [], s_limit, default);

        var lines = result.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(["LC_ALL=C", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"], lines[..^2].Order());
        Assert.Equal("/", lines[^2]);
        Assert.NotEqual(new FileInfo("/proc/self/fd/0").LinkTarget, lines[^1]);
    }

    [Fact]
    public async Task A_bad_status_and_what_was_said_come_back()
    {
        Tool("fail", "echo out; echo 'it is busy' >&2; exit 3");

        var result = await Runner().RunAsync("fail", [], s_limit, default);

        Assert.Equal(new CommandResult(true, 3, "out\n", "it is busy\n"), result);
        Assert.Equal("fail ended with status 3: it is busy.", result.Problem("fail"));
    }

    [Fact]
    public async Task A_tool_that_hangs_is_ended_and_what_it_said_is_kept()
    {
        Tool("hang", "echo first; echo $$ > \"$1.self\"; sleep 600 & echo $! > \"$1\"; wait");
        var pidFile = $"{_tools}/pid";

        var watch = Stopwatch.StartNew();
        var result = await Runner().RunAsync("hang", [pidFile], TimeSpan.FromSeconds(2), default);

        Assert.Equal((true, null, "first\n"), (result.WasFound, result.ExitCode, result.Output));
        Assert.Equal("hang did not finish: it took too long.", result.Problem("hang"));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15), $"waited {watch.Elapsed}");
        await UntilGoneAsync(int.Parse(await File.ReadAllTextAsync($"{pidFile}.self")));
        // What it has started lives on: nobody has looked through the processes for it, among which one may be stuck.
        Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(pidFile))).Kill();
    }

    [Fact]
    public async Task A_tool_that_has_ended_is_not_waited_for_longer_because_what_it_started_lives_on()
    {
        Tool("leave", "echo first; sleep 600 & echo $! > \"$1\"");
        var pidFile = $"{_tools}/pid";

        var watch = Stopwatch.StartNew();
        var result = await Runner().RunAsync("leave", [pidFile], TimeSpan.FromSeconds(2), default);

        Assert.Equal((true, null, "first\n"), (result.WasFound, result.ExitCode, result.Output));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15), $"waited {watch.Elapsed}");
        Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(pidFile))).Kill();
    }

    [Fact]
    public async Task A_tool_that_never_stops_talking_is_ended()
    {
        Tool("flood", "exec yes");

        var result = await new CommandRunner([_tools], outputLimit: 100_000).RunAsync("flood", [], s_limit, default);

        Assert.Equal((true, null, 100_000), (result.WasFound, result.ExitCode, result.Output.Length));
        Assert.Equal("flood did not finish: it said too much.", result.Problem("flood"));
    }

    [Fact]
    public async Task A_file_that_is_no_program_is_an_answer()
    {
        await File.WriteAllTextAsync($"{_tools}/broken", "not a program");

        var result = await Runner().RunAsync("broken", [], s_limit, default);

        Assert.Equal((true, null), (result.WasFound, result.ExitCode));
        Assert.Contains("cannot be started", result.Errors);
    }

    [Fact]
    public async Task M28_only_the_known_directories_are_searched()
    {
        Tool("outside", "exit 0");
        Directory.CreateDirectory($"{_tools}/bin");
        Assert.Null(new CommandRunner([$"{_tools}/bin"]).Find("../outside"));
        Assert.Null(new CommandRunner([$"{_tools}/bin"]).Find("outside"));
        Assert.False((await Runner().RunAsync("sh", [], s_limit, default)).WasFound);
        Assert.Equal("/usr/bin/env", new CommandRunner().Find("env"));
    }

    [Fact]
    public async Task A_cancelled_call_throws_and_ends_the_tool()
    {
        Tool("slow", "echo $$ > \"$1\"; exec sleep 600");
        var pidFile = $"{_tools}/pid";
        using var cancel = new CancellationTokenSource();

        var run = Runner().RunAsync("slow", [pidFile], s_limit, cancel.Token);
        while (!File.Exists(pidFile) || (await File.ReadAllTextAsync(pidFile)).Length == 0) await Task.Delay(10);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await UntilGoneAsync(int.Parse(await File.ReadAllTextAsync(pidFile)));
    }

    public void Dispose() => Directory.Delete(_tools, recursive: true);

    /// <summary>A dead process whose parent has not asked for it yet is gone too.</summary>
    private static async Task UntilGoneAsync(int pid)
    {
        var watch = Stopwatch.StartNew();
        while (ProcessStat.Read(pid) is { HasEnded: false })
        {
            Assert.True(watch.Elapsed < s_limit, $"process {pid} lives");
            await Task.Delay(10);
        }
    }

    private CommandRunner Runner() => new([_tools]);

    private void Tool(string name, string script)
    {
        File.WriteAllText($"{_tools}/{name}", $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode($"{_tools}/{name}", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
