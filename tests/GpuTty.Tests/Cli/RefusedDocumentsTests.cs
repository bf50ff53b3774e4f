using System.CommandLine;
using GpuTty.Cli;
using GpuTty.Host;
using GpuTty.Switching;

namespace GpuTty.Tests.Cli;

/// <summary>A script that reads only standard output learns of each refusal there, in the form that it expects of the command.</summary>
public sealed class RefusedDocumentsTests
{
    /// <summary>Each command that prints JSON of the machine, as somebody would type it.</summary>
    private static readonly string[] s_documents =
    [
        "status", "devices", "groups", "holders", "doctor", "plan vm", "keep-off status", "pin status", "config check", "hook status",
        "hook check win11", "guest xml", "guest qemu", "rom save", "rom check /no-such.rom", "boot show", "switch vm --dry-run",
        "keep-off on --dry-run", "pin off --dry-run", "undo --dry-run", "resume --dry-run", "clear-override 0000:01:00.0 --dry-run",
        "rescan --card 01:00 --dry-run",
    ];

    /// <summary>Those whose last line is their result.</summary>
    private static readonly string[] s_runs =
    [
        "switch vm --yes", "undo --yes", "resume --yes", "follow", "keep-off on --yes", "pin off --yes",
        "clear-override 0000:01:00.0 --yes", "rescan --card 01:00 --yes",
    ];

    /// <summary>They do not look at the machine.</summary>
    private static readonly string[] s_blind = ["confirm", "config", "demo"];

    public static TheoryData<string> Documents => [.. s_documents];

    public static TheoryData<string> Runs => [.. s_runs];

    [Fact]
    public void Every_command_with_json_is_among_them()
    {
        var lines = s_documents.Concat(s_runs).Concat(s_blind).ToList();
        var gputty = Gputty.On("desktop");
        var root = CommandLine.Root(gputty.World(new StringWriter(), new StringWriter()), gputty.Entries());
        Assert.DoesNotContain(
            root.Subcommands.SelectMany(command => Lines(command, command.Name)),
            line => !lines.Exists(typed => typed == line || typed.StartsWith($"{line} ", StringComparison.Ordinal)));

        static IEnumerable<string> Lines(Command command, string line) =>
            (command.Options.Any(option => option.Name == "--json") ? [line] : Enumerable.Empty<string>())
                .Concat(command.Subcommands.SelectMany(sub => Lines(sub, $"{line} {sub.Name}")));
    }

    [Theory, MemberData(nameof(Documents))]
    public void Of_a_machine_that_cannot_be_read_a_document_says_why(string line)
    {
        var said = Unreadable(new HostException("/sys is not mounted.", "Mount it.")).Run([.. line.Split(' '), "--json"]);
        Assert.Equal((ExitCodes.Refused, ExitCodes.Refused), (said.Code, said.Json.GetProperty("exit_code").GetInt32()));
        Assert.False(said.Json.TryGetProperty("event", out _));
        SaysTheSame("refused", said.Json, said);
    }

    [Theory, MemberData(nameof(Runs))]
    public void Of_a_machine_that_cannot_be_read_the_result_of_a_run_says_why(string line)
    {
        var said = Unreadable(new HostException("/sys is not mounted.", "Mount it.")).Run([.. line.Split(' '), "--json"]);
        var result = Assert.Single(said.JsonLines);
        Assert.Equal("result", result.GetProperty("event").GetString());
        Assert.Equal((ExitCodes.Refused, ExitCodes.Refused), (said.Code, result.GetProperty("exit_code").GetInt32()));
        SaysTheSame("refused", result, said);
    }

    [Fact]
    public void A_correction_that_cannot_begin_is_told_as_corrections_are()
    {
        var said = Unreadable(new HostException("/sys is not mounted.", "Mount it.")).Run("doctor", "--fix", "--yes", "--json");
        Assert.Equal(0, said.Json.GetProperty("changes").GetArrayLength());
        SaysTheSame("refused", said.Json, said);
    }

    [Theory]
    [InlineData("switch vm --yes")]
    [InlineData("plan vm")]
    [InlineData("keep-off on --yes")]
    [InlineData("keep-off on --dry-run")]
    [InlineData("pin on --yes")]
    [InlineData("guest xml")]
    [InlineData("guest qemu")]
    public void A_wrong_line_of_the_configuration_is_in_it(string line)
    {
        var said = Gputty.On("desktop").With(configured: ConfigTests.Config("AFTER_VM=perhaps\n")).Run([.. line.Split(' '), "--json"]);
        Assert.Equal(ExitCodes.Refused, said.Code);
        Assert.Contains("AFTER_VM", said.Json.GetProperty("problem").GetString(), StringComparison.Ordinal);
        SaysTheSame("refused", said.Json, said);
    }

    [Theory]
    [InlineData("hook check no-such-guest", ExitCodes.Refused, "refused")]
    [InlineData("guest xml --vm no-such-guest", ExitCodes.Refused, "refused")]
    [InlineData("guest qemu --rom /no-such.rom", ExitCodes.Refused, "refused")]
    [InlineData("rom check /no-such.rom", ExitCodes.Refused, "refused")]
    [InlineData("rom save", ExitCodes.NeedsRoot, "needs-root")]
    public void What_is_named_and_is_not_there_or_not_allowed_is_in_it(string line, int code, string outcome)
    {
        var said = Gputty.On("desktop").With(isRoot: false).Run([.. line.Split(' '), "--json"]);
        Assert.Equal(code, said.Code);
        SaysTheSame(outcome, said.Json, said);
    }

    [Theory]
    [InlineData("plan vm")]
    [InlineData("switch vm --yes")]
    public void Another_switch_that_runs_is_in_it(string line)
    {
        var said = Unreadable(new AlreadyRunningException(4711)).Run([.. line.Split(' '), "--json"]);
        Assert.Equal((ExitCodes.AnotherSwitch, ExitCodes.AnotherSwitch), (said.Code, said.Json.GetProperty("exit_code").GetInt32()));
        SaysTheSame("already-running", said.Json, said);
    }

    [Fact]
    public void Without_json_standard_output_stays_empty() =>
        Assert.Equal("", Unreadable(new HostException("/sys is not mounted.", "Mount it.")).Run("plan", "vm").Out);

    private static void SaysTheSame(string outcome, System.Text.Json.JsonElement result, Said said)
    {
        Assert.Equal(outcome, result.GetProperty("outcome").GetString());
        Assert.Equal(
            $"!! {result.GetProperty("problem").GetString()}\n   {result.GetProperty("remedy").GetString()}\n", said.Error);
    }

    private static Gputty Unreadable(HostException why) => Gputty.On("desktop").With(reader: new Failing(why));

    private sealed class Failing(HostException why) : IHostReader
    {
        public Task<HostSnapshot> ReadAsync(SnapshotSections facts, HostSnapshot? before, CancellationToken cancel) => throw why;
        public Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancel) => Task.CompletedTask;
    }
}
