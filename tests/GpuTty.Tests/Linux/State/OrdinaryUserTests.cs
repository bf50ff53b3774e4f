using GpuTty.Cli;
using GpuTty.Host;
using GpuTty.Linux;
using GpuTty.Linux.Kernel;
using GpuTty.Linux.State;
using GpuTty.Linux.Worker;
using GpuTty.Switching;
using GpuTty.Tests.Cli;
using GpuTty.Tests.Linux.Commands;
using GpuTty.Tests.Simulation;
using GpuTty.Tests.Tui;
using GpuTty.Tui;

namespace GpuTty.Tests.Linux.State;

/// <summary>What is for root only, asked for by a user without rights, before and after root has used the program.</summary>
public sealed class OrdinaryUserTests : StateFixture
{
    private const string ForRoot = "Only root may read the journal of earlier switches.";

    private LinuxSwitchService SwitchService => new(State, TimeProvider.System, new OwnProgram(["/bin/false"], []), units: null);

    [RootFact]
    public void Where_root_has_never_used_it_an_ordinary_user_knows_that_nothing_has_run()
    {
        Tool.Run("chmod", "755", Root);
        OrdinaryUser.Do(() =>
        {
            Assert.False(SwitchService.IsRunning());
            Assert.Empty(SwitchService.LastRun());
            Assert.Null(SwitchService.JournalProblem());
            Assert.Same(OriginalState.Nothing, new OriginalStateStore(State.Run).Read());
            Assert.Null(KernelIncidents.Read(State.Run).Problem);
        });
    }

    [RootFact]
    public void Where_root_has_used_it_an_ordinary_user_gets_the_screen_and_is_told_what_only_root_may_read()
    {
        AfterRoot();
        using var mine = SwitchLock.Take(State.Run);
        Assert.True(SwitchService.IsRunning());
        var lab = Lab.On("desktop");
        Model? model = null;
        OrdinaryUser.Do(() =>
        {
            var service = SwitchService;
            Assert.False(service.IsRunning());
            Assert.Empty(service.LastBegun());
            Assert.Empty(service.Unfinished());
            model = Start.With(service, new TuiOptions { JournalProblem = service.JournalProblem }, 200, 30);
        });
        Assert.Contains(ForRoot, OnViews.Text(model!), StringComparison.Ordinal);
    }

    [RootFact]
    public void What_was_remembered_of_cards_and_noted_of_the_kernel_is_unknown_to_an_ordinary_user_not_none()
    {
        AfterRoot();
        OrdinaryUser.Do(() =>
        {
            Assert.Throws<NeedsRootException>(() => new OriginalStateStore(State.Run).Read());
            Assert.Contains("Only root may read", KernelIncidents.Read(State.Run).Problem, StringComparison.Ordinal);
        });
    }

    [RootFact]
    public void An_ordinary_user_cannot_hand_in_a_switch_and_is_told_so()
    {
        Tool.Run("chmod", "755", Root);
        OrdinaryUser.Do(() => Assert.Throws<NeedsRootException>(State.Ensure));
        AfterRoot();
        OrdinaryUser.Do(() => Assert.Throws<NeedsRootException>(State.Ensure));
    }

    [Fact]
    public async Task A_look_of_an_ordinary_user_says_that_the_original_state_is_for_root_and_calls_no_file_broken()
    {
        using var tree = new MachineTree();
        using var reader = new LinuxHostReader(
            tree.Root,
            Readers.NoTools,
            () => throw new NeedsRootException("Only root may read /run/gputty/home.json."),
            () => KernelIncidents.None,
            TimeProvider.System);
        var host = await reader.ReadAsync(SnapshotSections.State, null, default);
        Assert.Null(host.MemoryProblem);
        Assert.Equal(
            "Only root may read /run/gputty/home.json.",
            Assert.Single(host.Unknowns, unknown => unknown.Code == UnknownFact.OriginalState).Reason);
    }

    [Theory]
    [InlineData("follow")]
    [InlineData("undo --dry-run")]
    [InlineData("resume --dry-run")]
    public void A_command_that_rests_on_the_journal_says_that_it_needs_root(string command)
    {
        var said = Gputty.On("desktop").With(journalProblem: ForRoot, isRoot: false).Run(command.Split(' '));
        Assert.Equal(ExitCodes.NeedsRoot, said.Code);
        Assert.Contains(ForRoot, said.Out + said.Error, StringComparison.Ordinal);
        Assert.Contains("sudo", said.Out + said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_status_of_the_machine_is_told_without_the_journal()
    {
        var said = Gputty.On("desktop").With(journalProblem: ForRoot, isRoot: false).Run("status");
        Assert.Equal(ExitCodes.Done, said.Code);
        Assert.Contains(ForRoot, said.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_worker_that_runs_is_seen_by_its_unit_which_everybody_may_see()
    {
        using var tree = new MachineTree();
        Assert.False(WorkerUnit.IsThere(tree.Root));
        Assert.True(WorkerUnit.IsThere(tree.Folder($"sys/fs/cgroup/system.slice/{WorkerUnit.Name}").Root));
    }

    private void AfterRoot()
    {
        Tool.Run("chmod", "755", Root);
        State.Ensure();
        State.Run.Replace("home.json", "{}"u8);
        using var journal = new FileJournal(State.Lib);
        journal.Append(Samples.Opened());
        journal.Append(new RunEvent.Closed(Outcome.Switched, "") { At = default });
    }
}
