using System.Text.RegularExpressions;
using GpuTty.Cli;
using GpuTty.Cli.Json;
using GpuTty.Cli.Output;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tests.Formats;
using GpuTty.Tests.Linux;

namespace GpuTty.Tests.Cli;

/// <summary>
/// Each document of --json as scripts get it. A line that goes away or changes its name here breaks
/// somebody's script: then <see cref="JsonText.Schema"/> is raised, and the manual says what has changed.
/// </summary>
public sealed partial class JsonGoldenTests
{
    private static readonly SwitchIntent s_toVm = new(Machines.Card, Direction.ToVm, EndSessions: true);

    private static Interruption Interrupted => Interruption.During(Machines.Find("desktop")!.Machine, s_toVm, step => step is BindDevice);

    [Theory]
    [InlineData("desktop", "status")]
    [InlineData("no-iommu", "status")]
    [InlineData("twins", "status")]
    [InlineData("desktop", "devices --cards")]
    [InlineData("shared-group", "groups")]
    [InlineData("stubborn", "holders --card 01:00")]
    [InlineData("desktop", "doctor")]
    [InlineData("no-iommu", "doctor")]
    [InlineData("single", "doctor")]
    [InlineData("desktop", "plan vm --end-sessions")]
    [InlineData("twins", "plan vm --card 0b:00 --end-sessions")]
    [InlineData("stubborn", "plan vm")]
    [InlineData("desktop", "plan host")]
    [InlineData("desktop", "plan vm --card 99:00")]
    [InlineData("twins", "doctor --card 99:00")]
    [InlineData("kept-off", "keep-off status")]
    [InlineData("desktop", "keep-off on --dry-run")]
    [InlineData("desktop", "pin status")]
    [InlineData("desktop", "pin on --dry-run")]
    [InlineData("desktop", "clear-override 0000:01:00.0 --dry-run")]
    [InlineData("desktop", "demo --list")]
    [InlineData("desktop", "config")]
    [InlineData("desktop", "guest xml")]
    [InlineData("desktop", "guest qemu --looking-glass 1920x1080")]
    [InlineData("desktop", "hook status")]
    public void A_document(string machine, string line) => Verify(machine, Gputty.On(machine), line);

    [Theory]
    [InlineData("kept-off", "switch vm --yes")]
    [InlineData("desktop", "switch vm --yes")]
    [InlineData("desktop", "switch host --yes")]
    [InlineData("desktop", "switch vm")]
    [InlineData("desktop", "switch vm --yes --card 99:00")]
    [InlineData("desktop", "keep-off on --yes")]
    [InlineData("desktop", "pin on --yes")]
    [InlineData("desktop", "undo --yes")]
    [InlineData("desktop", "follow")]
    [InlineData("desktop", "confirm")]
    public void The_lines_of_a_run(string machine, string line) => Verify(machine, Gputty.On(machine), line);

    [Fact]
    public void After_a_switch_the_status_the_last_run_and_the_undo()
    {
        var gputty = Gputty.On("kept-off");
        Assert.Equal(ExitCodes.Done, gputty.Run("switch", "vm", "--yes").Code);
        Verify("switched", gputty, "status", "run", "next");
        Verify("switched", gputty, "follow");
        Verify("switched", gputty, "undo --yes");
        Verify("undone", gputty, "undo --yes");
    }

    [Fact]
    public void What_the_start_of_a_virtual_machine_would_do_and_what_is_in_a_firmware_image()
    {
        const string xml = "<domain><name>win11</name><devices><hostdev type='pci' managed='{0}'><source><address "
            + "bus='0x01'/></source></hostdev></devices></domain>";
        Verify(
            "given",
            Gputty.On("kept-off").With(types: string.Format(System.Globalization.CultureInfo.InvariantCulture, xml, "no")),
            "hook check -");
        Verify(
            "managed",
            Gputty.On("kept-off").With(types: string.Format(System.Globalization.CultureInfo.InvariantCulture, xml, "yes")),
            "hook check -");
        using var tree = new MachineTree();
        tree.File("card.rom", RomTests.Part(3, 2, isLast: false));
        var said = Gputty.On("desktop").Run("rom", "check", tree.At("card.rom"), "--json");
        Verify(
            "image",
            said with { Out = said.Out.Replace(tree.At("card.rom"), "card.rom", StringComparison.Ordinal) },
            "rom check card.rom");
    }

    [Fact]
    public void A_step_that_fails_and_one_that_cannot_be_rolled_back()
    {
        var desktop = Machines.Find("desktop")!.Machine;
        Verify(
            "failing",
            Gputty.On(desktop, [], new FaultPlan(new Fault(FaultKind.Refused, Verb.Unload, "nvidia"))),
            "switch vm --end-sessions --yes");
        var stuck = Gputty.On(
            desktop,
            [],
            new FaultPlan(
                new Fault(FaultKind.Refused, Verb.Unbind, Times: Fault.ForEver),
                new Fault(FaultKind.Refused, Verb.Load, "nvidia", Times: Fault.ForEver)));
        Assert.Equal(ExitCodes.LeftHalfway, stuck.Run("switch", "vm", "--end-sessions", "--yes").Code);
        Verify("stuck", stuck, "follow");
        Verify("stuck", stuck, "status", "run", "next");
    }

    [Fact]
    public void An_interrupted_run()
    {
        Verify("interrupted", Gputty.On(Interrupted), "follow");
        Verify("interrupted", Gputty.On(Interrupted), "status", "run", "next");
        Verify("interrupted", Gputty.On(Interrupted), "undo --dry-run");
        Verify("previous-boot", Gputty.On(Interrupted.Machine with { BootId = "another" }, [.. Interrupted.Journal]), "follow");
        var unreadable = Gputty.On("desktop").With(journalProblem: "The journal was written by another version of GpuTty (format 7).");
        Verify("unreadable", unreadable, "follow");
        Verify("unreadable", unreadable, "undo --yes");
        Verify("not-root", Gputty.On("desktop").With(isRoot: false), "switch vm --end-sessions --yes");
    }

    [Fact]
    public void A_run_that_is_followed_while_it_waits_for_its_confirmation()
    {
        var gputty = Gputty.On("kept-off");
        gputty.Meanwhile(async () =>
        {
            var first = gputty.RunAsync("switch", "vm", "--yes", "--confirm-within", "30");
            while (RunState.Fold(gputty.SwitchService.LastRun())?.AwaitedConsent is null)
                await gputty.Host.WaitForChangeAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
            var follower = gputty.RunAsync("follow", "--json");
            Verify("running", await gputty.RunAsync("switch", "host", "--yes", "--json"), "switch host --yes");
            Verify("running", await gputty.RunAsync("status", "--json"), "status", "run", "next");
            Verify("running", await gputty.RunAsync("confirm", "--json"), "confirm");
            Verify("running", await follower, "follow");
            Assert.Equal(ExitCodes.Done, (await first).Code);
        });
    }

    /// <summary>Those that no run above has had: the journals of an older version have them all.</summary>
    [Theory]
    [InlineData("to-vm-taken-back")]
    [InlineData("to-vm-left-halfway")]
    [InlineData("to-vm-interrupted-and-cleared-up")]
    public void Every_event_of_a_run(string name)
    {
        var gputty = Gputty.On(Machines.Find("desktop")!.Machine, [.. OldFilesTests.Events(name)]);
        var files = new List<ReportFile>();
        gputty.Meanwhile(async () =>
            files.AddRange(await Report.CollectAsync(gputty.World(TextWriter.Null, TextWriter.Null), CancellationToken.None)));
        Snapshots.Verify(WithoutTexts(files.Single(file => file.Name == "run.jsonl").Text), name);
    }

    [Fact]
    public void No_kind_of_event_is_without_a_line()
    {
        var names = Samples.EveryEvent.Select(entry => RunDocument.Of(entry, null).Event).Append(LineEvent.Result);
        Assert.Equal(Enum.GetValues<LineEvent>(), names.Order());
    }

    /// <summary>Read by scripts that see nothing else of a run: format and exit code are in all of them.</summary>
    [Fact]
    public void Every_document_says_its_format_and_what_could_not_be_told()
    {
        foreach (var type in WrittenTypes.Of(JsonContext.Default).Where(type =>
            type.Type.Name.EndsWith("Document", StringComparison.Ordinal)))
        {
            var fields = WrittenTypes.Properties(type).Select(property => property.Name).ToList();
            Assert.True(fields.Contains("schema") && fields.Contains("unknowns"), type.Type.Name);
            Assert.True(fields.Contains("outcome") == fields.Contains("exit_code"), type.Type.Name);
        }
    }

    /// <param name="parts">Of the document; all of it where none is named.</param>
    private static void Verify(string circumstances, Gputty gputty, string line, params string[] parts) =>
        Verify(circumstances, gputty.Run([.. line.Split(' '), "--json"]), line, parts);

    private static void Verify(string circumstances, Said said, string line, params string[] parts)
    {
        var shown = parts.Length == 0 ? said.Out : string.Concat(parts.Select(part => $"\"{part}\": {said.Json.GetProperty(part)}\n"));
        Snapshots.Verify(
            $"$ gputty {line} --json\nexit code {said.Code}\n{WithoutTexts(shown)}",
            $"{circumstances}_{line.Replace("--", "", StringComparison.Ordinal).Replace(':', '.').Replace(' ', '-')}",
            method: "Golden");
    }

    /// <summary>Texts for people are no contract and may change at any time; that they are there is one.</summary>
    private static string WithoutTexts(string json) => Texts().Replace(json, "$1\"(text)\"");

    [GeneratedRegex(@"(\x22(?:version|description|question|finding|text|reason|fact|problem|remedy|summary|sentence|next_action"
        + @"|explanation|waiting_for)\x22: ?)\x22(?:[^\x22\\]|\\.)+\x22")]
    private static partial Regex Texts();
}
