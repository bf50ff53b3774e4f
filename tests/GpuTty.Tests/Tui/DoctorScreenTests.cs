using GpuTty.Cli;
using GpuTty.Cli.Output;
using GpuTty.Diagnosis;
using GpuTty.Host;
using GpuTty.Simulation;
using GpuTty.Tests.Cli;
using GpuTty.Tests.Diagnosis;
using GpuTty.Tui;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui;

/// <summary>The doctor on the screen says what the command says, explains it, and puts files right after it was asked.</summary>
public sealed class DoctorScreenTests
{
    [Theory]
    [InlineData("desktop")]
    [InlineData("kept-off")]
    [InlineData("no-iommu")]
    [InlineData("twins")]
    public void It_says_what_the_command_says(string machine)
    {
        var host = Machines.Find(machine)!.Machine.Snapshot(SnapshotSections.All | SnapshotSections.SettingsFiles);
        var opened = Play.At(host, 400, 400).Type("X");
        Assert.Equal([new Effect.Examine()], opened.Effects);
        Assert.Contains("Reading the machine and its settings…", opened.Text(), StringComparison.Ordinal);
        var shown = opened.Hear(Examined(Gputty.On(host), host));
        Assert.DoesNotContain("Reading the machine", shown.Text(), StringComparison.Ordinal);
        var said = Gputty.On(host).Run("doctor").Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        // But for the lines about options of the command.
        foreach (var line in said.Where(line => !line.StartsWith("What a code", StringComparison.Ordinal)
            && !line.StartsWith("To correct files", StringComparison.Ordinal)))
            Assert.Contains(Squeezed(line), Squeezed(shown.Text()), StringComparison.Ordinal);
        Assert.Equal(said[0], Rows(shown).First(row => row.Length > 0));
    }

    [Fact]
    public void Long_lines_are_wrapped_and_Enter_explains_the_one_under_the_cursor()
    {
        var host = Machines.Find("no-iommu")!.Machine.Snapshot();
        var play = Play.At(host, 60, 25).Type("X").Hear(Examined(Gputty.On(host), host));
        Assert.All(play.Text().Split('\n'), row => Assert.True(row.Length <= 60));
        Assert.DoesNotContain(Rows(play), row => row.EndsWith('~'));
        Assert.Equal("Select a line of a group first.", play.Type("\n").Notice);
        var entry = ((DoctorScreen)play.Model.Top).Said!.Entries[0];
        Assert.Equal(FindingGroup.Problem, entry.Group);
        while (play.Type("\n").Model.Top is DoctorScreen) play = play.Type("j");
        var explained = play.Type("\n").Sized(200, 40);
        Assert.Contains(entry.Sentence, explained.Words, StringComparison.Ordinal);
        Assert.Contains($"See: {entry.Explanation!.Rests}", explained.Words, StringComparison.Ordinal);
        Assert.IsType<DoctorScreen>(explained.Type("\e").Model.Top);
    }

    [Fact]
    public async Task Files_are_put_right_only_after_every_change_was_shown_and_a_yes()
    {
        using var machine = new RecipeMachine().With(Recipes.All[0]);
        var host = Root(await machine.ReadAsync());
        using var kept = new Kept();
        var gputty = Gputty.On(host).With(reader: machine.Reader, corrections: kept.Of(machine));
        var doctor = new Doctor(gputty.World(new StringWriter(), new StringWriter()));
        var play = Play.At(host, 160, 60).Type("X").Hear(new Msg.Examined(doctor.Examine(host))).Type("A");
        Assert.Equal([new Effect.OfferFix(null)], play.Effects);
        var offer = doctor.Offer(host, null);
        Assert.NotEmpty(offer.Plan.Changes);
        var shown = play.Hear(new Msg.FixOffered(offer));
        Assert.IsType<FixScreen>(shown.Model.Top);
        Assert.Equal("", shown.Notice);
        Assert.Contains(offer.Plan.Changes[0].Change.Path, shown.Text(), StringComparison.Ordinal);
        var before = machine.Kept();
        var asked = shown.Type("\n");
        Assert.Equal([new Effect.ForgetTyped()], asked.Effects);
        Assert.Empty(asked.Type("\n").Effects);
        Assert.IsType<FixScreen>(asked.Type("n").Model.Top);
        var agreed = asked.Type("y");
        Assert.IsType<DoctorScreen>(agreed.Model.Top);
        Assert.Equal([new Effect.Fix(offer)], agreed.Effects);
        Assert.Equal(before, machine.Kept());
        var news = System.Threading.Channels.Channel.CreateUnbounded<Msg>();
        new EffectRunner(
            machine.Reader, new RecordedSwitchService([], [], []), new TuiOptions { Doctor = doctor }, said => news.Writer.TryWrite(said))
            .Perform(Assert.Single(agreed.Effects));
        Assert.IsType<Msg.Logged>(await news.Reader.ReadAsync());
        Assert.StartsWith("Done, and looked again", Assert.IsType<Msg.Told>(await news.Reader.ReadAsync()).Text, StringComparison.Ordinal);
        var after = Assert.IsType<Msg.Examined>(await news.Reader.ReadAsync()).Page;
        Assert.NotEqual(before, machine.Kept());
        Assert.DoesNotContain(after.Entries, entry => entry.CanBeFixed && entry.Group == FindingGroup.Problem);
    }

    [Fact]
    public async Task One_finding_alone_is_put_right_from_its_line()
    {
        using var machine = new RecipeMachine().With(Recipes.All[0]);
        var host = Root(await machine.ReadAsync());
        using var kept = new Kept();
        var doctor = new Doctor(Gputty.On(host).With(corrections: kept.Of(machine)).World(new StringWriter(), new StringWriter()));
        var play = Play.At(host, 160, 60).Type("X").Hear(new Msg.Examined(doctor.Examine(host)));
        while (play.Type("J").Effects.Count == 0) play = play.Type("j");
        var deed = Assert.IsType<Effect.OfferFix>(Assert.Single(play.Type("J").Effects));
        var offer = doctor.Offer(host, deed.Code);
        Assert.All(
            offer.Plan.Changes.SelectMany(change => change.Findings),
            finding => Assert.Equal(deed.Code, GpuTty.Cli.Json.CodeText.Of(finding.Code)));
    }

    /// <summary>So that the keys for it can be tried without a machine of one's own.</summary>
    [Fact]
    public async Task A_machine_of_the_demo_has_leftovers_that_are_put_right_and_brought_back()
    {
        var demo = new SimulatedHost(Machines.Find("ids-at-boot")!.Machine, TimeProvider.System);
        var corrections = new SimulatedCorrections(demo);
        var doctor = new Doctor(Gputty.On("desktop").With(reader: demo, corrections: corrections).World(TextWriter.Null, TextWriter.Null));
        HostSnapshot Look() => demo.Machine.Snapshot(SnapshotSections.All | SnapshotSections.SettingsFiles);
        var page = doctor.Examine(Look());
        Assert.True(page.HasFix);
        Assert.Equal(["hook-moves-card", "vfio-ids"], page.Entries.Where(entry => entry.CanBeFixed).Select(entry => entry.Code).Order());
        var offer = doctor.Offer(Look(), null);
        Assert.Equal(
            ["/etc/default/grub", "/etc/libvirt/hooks/qemu"],
            offer.Plan.Changes.Select(change => change.Change.Path).Order());
        Assert.StartsWith("Done, and looked again", await doctor.FixAsync(offer, default), StringComparison.Ordinal);
        Assert.DoesNotContain(doctor.Examine(Look()).Entries, entry => entry.CanBeFixed);
        Assert.DoesNotContain("vfio-pci.ids", demo.Machine.SettingsFiles.CommandLines[0].Text, StringComparison.Ordinal);
        corrections.TakeBack(corrections.Last()!);
        Assert.Equal(page.Entries.Select(entry => entry.Tells), doctor.Examine(Look()).Entries.Select(entry => entry.Tells));
        Assert.Null(corrections.Last());
    }

    [Fact]
    public void Who_is_not_root_is_told_and_a_machine_that_cannot_be_read_too()
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot();
        host = host with { Caller = host.Caller with { IsRoot = false } };
        var entry = new DiagnosisEntry(FindingGroup.Problem, "A line.", "An action.", "code", "code", null, CanBeFixed: true);
        var play = Play.At(host).Type("X").Hear(new Msg.Examined(new DiagnosisPage([], [entry], true)));
        Assert.Contains("Only root", play.Type("A").Notice, StringComparison.Ordinal);
        Assert.Contains("Only root", play.Type("J").Notice, StringComparison.Ordinal);
        var failed = Play.At(host).Type("X").Hear(new Msg.DoctorFailed("The machine cannot be read."));
        Assert.Contains("The machine cannot be read.", failed.Text(), StringComparison.Ordinal);
        // What was said before stays in sight.
        var later = play.Hear(new Msg.DoctorFailed("The machine cannot be read."));
        Assert.Contains("A line.", later.Text(), StringComparison.Ordinal);
        Assert.Equal("The machine cannot be read.", later.Notice);
    }

    [Fact]
    public void What_it_says_late_disturbs_nobody_who_has_gone_elsewhere()
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot();
        var play = Play.At(host).Type("X\e").Hear(Examined(Gputty.On(host), host));
        Assert.IsType<OverviewScreen>(play.Model.Top);
        Assert.IsType<OverviewScreen>(
            play.Hear(new Msg.FixOffered(new FixOffer(CorrectionPlan.Of([], [], _ => null), []))).Model.Top);
    }

    [Fact]
    public async Task In_a_report_it_says_what_it_said_on_the_machine()
    {
        using var machine = new RecipeMachine().With(Recipes.All[0]);
        var host = ReportedMachineTests.Renamed(Root(await machine.ReadAsync()));
        var folder = Directory.CreateTempSubdirectory("gputty-doctor").FullName;
        try
        {
            Assert.Equal(ExitCodes.Done, (await Gputty.On(host).With(reportsGoTo: folder).RunAsync("report")).Code);
            var read = ReportArchive.Read(File.ReadAllBytes(Directory.EnumerateFiles(folder).Single()), "it");
            var live = new Doctor(Gputty.On(host).World(new StringWriter(), new StringWriter())).Examine(host);
            var there = new Doctor(Gputty.On(read.Machine).World(new StringWriter(), new StringWriter()), read.FindingsThere())
                .Examine(read.Machine);
            Assert.Contains(live.Entries, entry => entry.Code == "driver-blacklisted");
            Assert.Equal(live.Answers.Select(answer => answer.Sentence), there.Answers.Select(answer => answer.Sentence));
            Assert.Equal(
                live.Entries.Select(entry => (entry.Group, entry.Sentence, entry.Action, entry.Tells)),
                there.Entries.Select(entry => (entry.Group, entry.Sentence, entry.Action, entry.Tells)));
            // Its files are elsewhere.
            Assert.False(there.HasFix);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Msg.Examined Examined(Gputty gputty, HostSnapshot host) =>
        new(new Doctor(gputty.World(new StringWriter(), new StringWriter())).Examine(host));

    private static HostSnapshot Root(HostSnapshot host) => host with { Caller = host.Caller with { IsRoot = true } };

    private static string Squeezed(string text) =>
        string.Join(' ', text.Split([' ', '\n', '│'], StringSplitOptions.RemoveEmptyEntries));

    private static IEnumerable<string> Rows(Play play) =>
        play.Text().Split('\n').Skip(2).Select(row => row.Trim('│', ' ', '>')).Where(row => !row.StartsWith('┌'));

    private sealed class Kept : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("gputty-kept").FullName;

        public GpuTty.Linux.Settings.Corrections Of(RecipeMachine machine) => new(
            machine.Tree.Root, new GpuTty.Linux.State.StateDirectory(Path.Combine(_folder, "lib")), () => new MemoryStream());

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }
}
