using GpuTty.Cli;
using GpuTty.Host;
using GpuTty.Interop;
using GpuTty.Linux.State;
using GpuTty.Linux.Worker;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Switching;
using GpuTty.Tests.Cli;
using GpuTty.Tests.Linux.Commands;
using GpuTty.Tests.Linux.Processes;
using GpuTty.Tests.Simulation;
using Xunit.Abstractions;

namespace GpuTty.Tests.Linux.State;

/// <summary>Small and read-only file systems in place of our directories.</summary>
[Collection("mounts")]
public sealed class FullDiskTests(ITestOutputHelper output) : StateFixture
{
    [RootFact]
    public void M4_a_disk_with_no_room_for_the_journal_stops_the_switch_before_it_begins()
    {
        using var disk = new Disk(State.Lib.Path, "size=64k");
        using var journal = new FileJournal(State.Lib);
        var refused = Assert.Throws<HostException>(() => journal.Append(Samples.Opened("boot")));
        Assert.Contains("the disk is full", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Make room", refused.Remedy, StringComparison.Ordinal);
        Assert.IsType<JournalContent.Nothing>(FileJournal.Read(State.Lib));
    }

    [RootFact]
    public void M5_a_read_only_or_absent_directory_is_refused_before_anything_is_done()
    {
        foreach (var directory in (StateDirectory[])[State.Run, State.Lib, State.Log])
        {
            using (new Disk(directory.Path, "ro,mode=700"))
                Assert.Contains(
                    directory.Path,
                    Assert.Throws<HostException>(() => directory.Replace("file", "x"u8)).Message,
                    StringComparison.Ordinal);
            var lost = new StateDirectory($"{Root}/nowhere{directory.Path}");
            Assert.Contains("cannot be made", Assert.Throws<HostException>(lost.Ensure).Message, StringComparison.Ordinal);
        }
    }

    [RootFact]
    public async Task M4_a_worker_that_could_not_write_its_first_line_has_changed_nothing_and_is_reported_so()
    {
        State.Ensure();
        using var disk = new Disk(State.Lib.Path, "size=64k,mode=700");
        using StringWriter data = new(), errors = new();
        var service = Service();
        await service.BeginAsync(Plan, default);
        var world = Gputty.On("desktop").World(data, errors);
        var code = await new RunPrinter(world, service, json: true).FollowAsync(default).WaitAsync(TimeSpan.FromMinutes(3));
        Assert.Equal(ExitCodes.Refused, code);
        Assert.Equal("refused", new Said(code, data.ToString(), "").JsonLines[^1].GetProperty("outcome").GetString());
        Assert.Contains("the disk is full", errors.ToString(), StringComparison.Ordinal);
        await Tool.UntilAsync(() => !service.IsRunning(), "the worker has gone");
        Assert.False(File.Exists($"{Root}/{OtherProcess.Done}"));
    }

    /// <summary>A real worker on a pretended machine, asked by a real switch service:
    /// whichever of the two cannot write, the machine is not touched.</summary>
    [RootFact]
    public async Task M5_a_switch_whose_state_cannot_be_written_begins_nothing()
    {
        foreach (var directory in (StateDirectory[])[State.Run, State.Lib])
        {
            using (new Disk(directory.Path, "ro,mode=700")) await AssertNothingBeginsAsync($"{directory.Path} is read-only");
            var parent = Path.GetDirectoryName(directory.Path)!;
            Directory.Delete(parent, recursive: true);
            await AssertNothingBeginsAsync($"{parent} is absent");
            Directory.CreateDirectory(parent);
        }
        Assert.Equal("done", await RunAsync());
    }

    private async Task AssertNothingBeginsAsync(string when) => Assert.True(await RunAsync() != "done", when);

    /// <returns>"done" where anything was done to the machine; otherwise what was said.</returns>
    private async Task<string> RunAsync()
    {
        var service = Service();
        var said = "";
        try
        {
            await service.BeginAsync(Plan, default);
            await service.FollowAsync(_ => { }, _ => { }, default).WaitAsync(TimeSpan.FromMinutes(3));
        }
        catch (HostException refused)
        {
            Assert.Contains(Root, refused.Message, StringComparison.Ordinal);
            said = refused.Message;
        }
        // The worker tells what it has done after it has let go of its lock.
        await Tool.UntilAsync(() => !CommandLines().Any(line => line.Contains(Root, StringComparison.Ordinal)), "the worker is gone");
        return File.Exists($"{Root}/{OtherProcess.Done}") ? "done" : said;
    }

    private static SwitchPlan Plan =>
        ((PlanResult.Ready)SwitchPlanner.Plan(PretendedHost.Start, new SwitchIntent(PretendedHost.Card, Direction.ToVm))).Plan;

    private LinuxSwitchService Service()
    {
        var environment = ((string[])["DOTNET_ROOT", "PATH"]).Where(name => Environment.GetEnvironmentVariable(name) is not null)
            .Select(name => $"{name}={Environment.GetEnvironmentVariable(name)}");
        return new LinuxSwitchService(
            State, TimeProvider.System, new OwnProgram(OtherProcess.Command("host", Root, "0"), [.. environment]), units: null);
    }

    private static IEnumerable<string> CommandLines() =>
        from folder in Directory.EnumerateDirectories("/proc", "*")
        where Path.GetFileName(folder).All(char.IsAsciiDigit)
        select SysFiles.Text($"{folder}/cmdline", 4096) ?? "";

    /// <summary>The journal throws at its nth line, for every n: what a disk does that fails. Nothing was begun without its line.</summary>
    [Fact]
    public void M4_whichever_line_of_the_journal_cannot_be_written_nothing_is_begun_without_it()
    {
        var failures = 0;
        foreach (var name in (string[])[
            "desktop 01:00 Never ToVm",
            "desktop 01:00 Never ToHost",
            "kept-off 01:00 Never ToVm",
            "amd 01:00 Never ToVm",
        ])
        {
            var (machine, plan) = Scenario.All[name];
            for (var nth = 0; Fails(machine, plan, nth); nth++) failures++;
        }
        Counts.Add(output, "faults injected", failures);
    }

    /// <returns>False when the run has fewer lines.</returns>
    private static bool Fails(Machine machine, SwitchPlan plan, int nth)
    {
        var clock = new FakeClock();
        var host = new SimulatedHost(machine, clock);
        var journal = new FailingJournal(nth);
        HostException? failure = null;
        clock.Run(async () =>
        {
            try { await new SwitchRunner(host, host, journal, clock, _ => { }).RunAsync(plan, machine.Snapshot(), CancellationToken.None); }
            catch (HostException full) { failure = full; }
        });
        if (failure is null) return false;
        var begun = journal.Lines.OfType<RunEvent.Begun>().Count();
        Assert.True(begun > 0 || host.Calls.IsEmpty, $"{host.Calls.Length} calls before the first line");
        clock.Advance(TimeSpan.FromMinutes(2));
        if (RunState.Fold(journal.Lines) is not { } run) return true;
        // The recovery after the worker, on a disk that works again.
        var rest = new FailingJournal(int.MaxValue, journal.Lines);
        clock.Run(() => new CrashRecovery(host, host, rest, clock, _ => { }).RunAsync(run));
        if (machine.Desktop is { } desktop) Assert.True(host.Machine.FindService(desktop.Unit)!.IsActive, $"no desktop after line {nth}");
        return true;
    }

    private sealed class FailingJournal(int nth, IEnumerable<RunEvent>? before = null) : IJournal
    {
        public List<RunEvent> Lines { get; } = [.. before ?? []];

        public void Append(RunEvent entry)
        {
            if (Lines.Count(line => line is not RunEvent.Waiting) >= nth)
                throw new HostException("The journal cannot be written: the disk is full.", "Make room.");
            Lines.Add(entry);
        }
    }

    /// <summary>A file system in memory, mounted until disposed.</summary>
    private sealed class Disk : IDisposable
    {
        private readonly string _path;

        public Disk(string path, string options)
        {
            _path = Directory.CreateDirectory(path).FullName;
            Tool.Run(
                "mount",
                "-t",
                "tmpfs",
                "-o",
                options.Contains("mode", StringComparison.Ordinal) ? options : $"{options},mode=700",
                "gputty-tests",
                _path);
        }

        public void Dispose()
        {
            Tool.Run("umount", _path);
            Directory.Delete(_path);
        }
    }
}
