using System.Diagnostics;
using GpuTty.Host;
using GpuTty.Interop;
using GpuTty.Linux.Processes;
using GpuTty.Tests.Tui;

namespace GpuTty.Tests.Linux.Processes;

public sealed class ProcessEndingTests
{
    private readonly ProcessEnding _ending = new([], TimeProvider.System, _ => { });

    [Fact]
    public async Task A_program_that_listens_is_gone_when_the_call_returns()
    {
        using var program = Process.Start("sleep", "600");
        await _ending.EndAsync(program.Id, StartOf(program), EndSignal.Terminate, default);
        Assert.True(program.WaitForExit(1000));
    }

    /// <summary>Force is for those that refuse: whoever has something to save is asked first.</summary>
    [Fact]
    public async Task A_program_that_saves_when_it_is_asked_to_end_has_saved_although_its_user_agreed_to_force()
    {
        using var program = Process.Start(new ProcessStartInfo(
            "sh", ["-c", "trap 'echo saved; exit' TERM; echo ready; while :; do sleep 0.05; done"])
        {
            RedirectStandardOutput = true,
        })!;
        await program.StandardOutput.ReadLineAsync();
        await _ending.EndAsync(program.Id, StartOf(program), EndSignal.Kill, default);
        Assert.Equal("saved", await program.StandardOutput.ReadLineAsync());
    }

    [Fact]
    public async Task A_program_that_ignores_it_outlasts_the_time_and_ends_by_force()
    {
        using var program = Process.Start(new ProcessStartInfo("sh", ["-c", "trap '' TERM; echo ready; exec sleep 600"])
        {
            RedirectStandardOutput = true,
        })!;
        await program.StandardOutput.ReadLineAsync();
        using var limit = new CancellationTokenSource(300);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _ending.EndAsync(program.Id, StartOf(program), EndSignal.Terminate, limit.Token));
        Assert.False(program.HasExited);

        await new ProcessEnding([], new FastClock(50), _ => { }).EndAsync(program.Id, StartOf(program), EndSignal.Kill, default);
        Assert.True(program.WaitForExit(1000));
    }

    [Fact]
    public async Task M14_another_process_with_the_same_number_is_left_alone()
    {
        using var program = Process.Start("sleep", "600");
        await _ending.EndAsync(program.Id, StartOf(program) - 1, EndSignal.Kill, default);
        Assert.False(program.WaitForExit(200));
        program.Kill();
    }

    [Fact]
    public Task A_process_that_has_gone_is_no_error() => _ending.EndAsync(int.MaxValue, 5, EndSignal.Kill, default);

    [Fact]
    public async Task M13_the_first_process_we_ourselves_and_those_above_us_are_never_signalled()
    {
        int[] sacred = [1, .. ProcessStat.WithAncestors(FileSystemRoot.Live, Environment.ProcessId)];
        Assert.True(sacred.Length > 2);
        foreach (var pid in sacred)
            await Assert.ThrowsAsync<HostException>(() =>
                _ending.EndAsync(pid, ProcessStat.Read(pid)!.StartTime, EndSignal.Terminate, default));
    }

    [Fact]
    public async Task M13_who_asked_for_the_switch_is_never_signalled()
    {
        using var viewer = Process.Start("sleep", "600");
        var ending = new ProcessEnding([viewer.Id], TimeProvider.System, _ => { });
        await Assert.ThrowsAsync<HostException>(() => ending.EndAsync(viewer.Id, StartOf(viewer), EndSignal.Kill, default));
        Assert.False(viewer.HasExited);
        viewer.Kill();
    }

    [Fact]
    public void M26_names_with_spaces_and_parentheses_do_not_shift_the_fields()
    {
        var stat = ProcessStat.Parse("612 (a) b (c) S 1 612 612 1025 612 2097216 1 1 1 1 1 1 1 1 20 0 1 0 4711 0 0");
        Assert.Equal(new ProcessStat(612, "a) b (c", 'S', 1, 2097216, 4711) { Terminal = 1025 }, stat);
        Assert.True(stat!.IsKernelThread);
        Assert.Null(ProcessStat.Parse("612 (x"));
    }

    private static long StartOf(Process process) => ProcessStat.Read(process.Id)!.StartTime;
}
