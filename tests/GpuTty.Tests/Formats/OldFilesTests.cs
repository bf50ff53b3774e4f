using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using GpuTty.Cli;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Linux.Kernel;
using GpuTty.Linux.State;
using GpuTty.Linux.Worker;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tests.Cli;
using GpuTty.Tests.Linux.State;
using GpuTty.Tests.Simulation;

namespace GpuTty.Tests.Formats;

/// <summary>Files of version 0.1.0 (Formats/v1): whoever installs another
/// version in the middle of a boot can undo and go on all the same.</summary>
public sealed class OldFilesTests : StateFixture
{
    public static TheoryData<string> Cases => [.. Directory.GetDirectories(Folder()).Select(path => Path.GetFileName(path)!).Order()];

    [Theory, MemberData(nameof(Cases))]
    public void Nothing_that_they_say_is_lost_when_it_is_read_and_written_again(string name)
    {
        var files = Directory.GetFiles(Path.Combine(Folder(), name)).Order().ToList();
        Assert.NotEmpty(files);
        foreach (var path in files)
        {
            var content = File.ReadAllBytes(path);
            switch (Path.GetFileName(path).Split('.')[0])
            {
                case "journal":
                    var run = Assert.IsType<JournalContent.Run>(JournalReader.Parse(content));
                    Assert.False(run.IsTorn);
                    AssertSame(Lines(content), run.Events.Select(entry => Written(entry, StateJson.Default.RunEvent)));
                    break;
                case "log":
                    AssertSame(Lines(content), RunLog.Parse(content).Select(line => Written(line, StateJson.Default.LogLine)));
                    break;
                case "home":
                    AssertRead(content, StateJson.Default.OriginalState);
                    break;
                case "request":
                    AssertRead(content, StateJson.Default.SwitchRequest);
                    break;
                case "lock":
                    AssertRead(content, StateJson.Default.LockHolder);
                    break;
                case "write":
                    AssertRead(content, StateJson.Default.PendingWrite);
                    break;
                case "wish":
                    AssertSame(
                        Lines(content),
                        [Written(Assert.IsAssignableFrom<RunRequest>(RequestFile.Parse(content)), StateJson.Default.RunRequest)]);
                    break;
                case "crash":
                    State.Run.Replace("crash", content);
                    Assert.StartsWith("BUG: unable to handle page fault", KernelCrash.Find(State.Run)?.Words, StringComparison.Ordinal);
                    break;
                default:
                    Assert.Fail($"Nobody reads {path}.");
                    break;
            }
        }
    }

    [Fact]
    public void Every_step_and_every_event_of_that_version_is_among_them()
    {
        var journals = Directory.GetFiles(Folder(), "journal", SearchOption.AllDirectories)
            .SelectMany(path => Lines(File.ReadAllBytes(path)))
            .ToList();
        Assert.Equal(12, journals.Select(line => line.GetProperty("event").GetString()).Distinct().Count());
        Assert.Equal(
            20,
            journals.Where(line => line.TryGetProperty("steps", out _)).SelectMany(line => line.GetProperty("steps").EnumerateArray())
                .Select(step => step.GetProperty("step").GetString()).Distinct().Count());
    }

    /// <summary>They lie where the program of today looks for them.</summary>
    [Fact]
    public void They_are_found_under_their_names()
    {
        foreach (var file in (string[])["home.json", "request", "log.jsonl"]) Place("to-vm-finished", file, InRun(file));
        Place("to-vm-finished", "wish.keep", InRun("wish"));
        State.Lib.Ensure();
        Place("to-vm-finished", "journal", State.Lib.PathOf("journal"));
        Assert.Equal(2, new OriginalStateStore(State.Run).Read().Devices.Length);
        Assert.Equal(DesktopAccess.HiddenFromSeat, Assert.Single(new OriginalStateStore(State.Run).Read().Uses).Use);
        var run = Assert.IsType<JournalContent.Run>(FileJournal.ReadBegun(State.Lib));
        Assert.True(SwitchRequest.Parse(State.Run.Read("request")!).Plan.SameStepsAs(run.Opening.Plan));
        Assert.IsType<RunRequest.Keep>(new RequestFile(State.Run).Take());
        Assert.NotEmpty(RunLog.Parse(State.Run.Read(RunLog.Name)!));
    }

    [Theory]
    [InlineData("desktop", "to-vm-finished", Owner.HostDriver)]
    [InlineData("desktop", "to-vm-interrupted-and-cleared-up", Owner.HostDriver)]
    [InlineData("desktop", "to-vm-finished to-host-interrupted", Owner.Vfio)]
    [InlineData("stubborn", "to-vm-interrupted", Owner.HostDriver)]
    [InlineData("stubborn", "to-vm-interrupted undo-interrupted", Owner.HostDriver)]
    [InlineData("single", "only-card-to-vm-finished", Owner.HostDriver)]
    [InlineData("desktop", "keep-off-interrupted", Owner.HostDriver)]
    [InlineData("kept-off", "let-on-finished", Owner.HostDriver)]
    public void A_switch_of_that_version_is_undone(string machine, string runs, Owner owner)
    {
        var before = Machines.Find(machine)!.Machine;
        var gputty = After(before, runs.Split(' '));
        var card = RunState.Fold(gputty.SwitchService.LastRun())!.Opening.Intent.Card;
        Assert.Equal(ExitCodes.Done, gputty.Run("undo", "--yes", "--end-sessions").Code);
        var now = gputty.Host.Machine;
        Assert.Equal(owner, Card.FindAt(now.Snapshot(), card)!.Owner);
        Assert.Equal("active", now.FindService(before.Desktop!.Unit)!.State);
        Assert.Equal(owner == Owner.Vfio, now.Memory.Devices.Length > 0);
        if (runs is "to-vm-interrupted"
            or "to-vm-interrupted undo-interrupted"
            or "to-vm-interrupted-and-cleared-up"
            or "only-card-to-vm-finished"
            or "keep-off-interrupted")
            Assert.Equal(Lab.Shape(before), Lab.Shape(now));
    }

    [Theory]
    [InlineData("desktop", "to-vm-interrupted-and-cleared-up", Owner.Vfio)]
    [InlineData("desktop", "to-vm-finished to-host-interrupted", Owner.HostDriver)]
    [InlineData("stubborn", "to-vm-interrupted", Owner.Vfio)]
    public void A_run_of_that_version_that_was_interrupted_is_offered_and_gone_on_with(string machine, string runs, Owner owner)
    {
        var gputty = After(Machines.Find(machine)!.Machine, runs.Split(' '));
        var status = gputty.Run("status", "--json").Json.GetProperty("run");
        Assert.Equal("left-halfway", status.GetProperty("state").GetString());
        var recovery = InterruptedRun.Of(gputty.SwitchService.Unfinished(), gputty.Host.Machine.Snapshot(), isRunning: false)!;
        var onward = IntentLine.Print(gputty.Host.Machine.Snapshot(), recovery.Resume, Configuration.Empty);
        Assert.Equal(ExitCodes.Done, gputty.Run([.. onward.Split(' ')[1..], "--yes"]).Code);
        Assert.Equal(owner, Card.FindAt(gputty.Host.Machine.Snapshot(), Machines.Card)!.Owner);
    }

    [Fact]
    public void A_worker_of_that_version_that_was_killed_is_cleared_up_after()
    {
        var before = Machines.Find("stubborn")!.Machine;
        var gputty = After(before, ["to-vm-interrupted"]);
        State.Lib.Ensure();
        Place("to-vm-interrupted", "journal", State.Lib.PathOf("journal"));
        using var journal = new FileJournal(State.Lib);
        var run = RunState.Fold(Events("to-vm-interrupted"))!;
        gputty.Meanwhile(() => new CrashRecovery(gputty.Host, gputty.Host, journal, TimeProvider.System, _ => { }).RunAsync(run));
        Assert.Equal("active", gputty.Host.Machine.FindService(before.Desktop!.Unit)!.State);
        Assert.True(
            RunState.Fold(
                Assert.IsType<JournalContent.Run>(FileJournal.Read(State.Lib)).Events) is { DesktopRestored: true, IsClosed: false });
    }

    [Fact]
    public void How_a_run_of_that_version_ended_is_told()
    {
        Assert.Equal(Outcome.TakenBack, RunState.Fold(Events("to-vm-taken-back"))!.Outcome);
        Assert.Equal(Outcome.LeftHalfway, RunState.Fold(Events("to-vm-left-halfway"))!.Outcome);
        Assert.Equal(Outcome.Refused, RunState.Fold(Events("to-vm-refused"))!.Outcome);
        Assert.Null(Events("to-vm-taken-back").OfType<RunEvent.Failed>().Single().Code);
    }

    /// <summary>The machine as those runs left it, by their own journals, and the program of today on it.</summary>
    private static Gputty After(Machine machine, string[] runs)
    {
        foreach (var name in runs)
        {
            var replay = new Replay(machine);
            var run = RunState.Fold(Events(name))!;
            foreach (var step in run.Steps.Where(step => step.Status == StepStatus.Done))
                Assert.True(replay.Take(step.Step), step.Step.Describe());
            if (run.DesktopRestored) Assert.True(replay.Take(new StartUnit(machine.Desktop!.Unit, "the desktop")));
            replay.Pass(TimeSpan.FromMinutes(1));
            machine = replay.Machine;
        }
        var home = Path.Combine(Folder(), runs[^1], "home.json");
        if (File.Exists(home))
            machine = machine with { Memory = StateFormat.Read(File.ReadAllBytes(home), StateJson.Default.OriginalState, home, "") };
        return Gputty.On(machine, [.. Events(runs[^1])]);
    }

    internal static ImmutableArray<RunEvent> Events(string name) =>
        Assert.IsType<JournalContent.Run>(JournalReader.Parse(File.ReadAllBytes(Path.Combine(Folder(), name, "journal")))).Events;

    private string InRun(string name)
    {
        State.Run.Ensure();
        return State.Run.PathOf(name);
    }

    private static void Place(string name, string file, string to)
    {
        File.Copy(Path.Combine(Folder(), name, file), to);
        File.SetUnixFileMode(to, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static void AssertRead<T>(byte[] content, JsonTypeInfo<T> type) where T : class =>
        AssertSame(Lines(content), [Written(StateFormat.Read(content, type, "it", ""), type)]);

    private static JsonElement Written<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToElement(value, type);

    private static List<JsonElement> Lines(byte[] content) =>
        [.. Encoding.UTF8
            .GetString(content)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)];

    private static void AssertSame(List<JsonElement> before, IEnumerable<JsonElement> now)
    {
        var after = now.ToList();
        Assert.Equal(before.Count, after.Count);
        foreach (var (old, again) in before.Zip(after)) AssertKept(old, again, "");
    }

    /// <summary>A later version may say more, never less or otherwise.</summary>
    private static void AssertKept(JsonElement old, JsonElement now, string path)
    {
        Assert.True(old.ValueKind == now.ValueKind, $"{path} was {old} and is {now}");
        switch (old.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in old.EnumerateObject().Where(property => !IsAround(path, property.Name)))
                {
                    Assert.True(now.TryGetProperty(property.Name, out var kept), $"{path}/{property.Name} is lost");
                    AssertKept(property.Value, kept, $"{path}/{property.Name}");
                }
                break;
            case JsonValueKind.Array:
                Assert.Equal(old.GetArrayLength(), now.GetArrayLength());
                foreach (var (one, other) in old.EnumerateArray().Zip(now.EnumerateArray())) AssertKept(one, other, $"{path}/");
                break;
            default:
                Assert.True(old.ToString() == now.ToString(), $"{path} was {old} and is {now}");
                break;
        }
    }

    /// <summary>Seal and format number stand around what is written; the
    /// arguments of udevadm were in that version's files by mistake.</summary>
    private static bool IsAround(string path, string name) =>
        (path.Length == 0 && name is ("crc" or "schema")) || (path.EndsWith("/rule", StringComparison.Ordinal) && name == "lookAgain");

    private static string Folder([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "v1");
}
