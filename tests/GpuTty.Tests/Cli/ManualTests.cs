using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using GpuTty.Cli;
using GpuTty.Cli.Json;
using GpuTty.Tests.Formats;

namespace GpuTty.Tests.Cli;

/// <summary>The section JSON of gputty(1) says what the documents have: each
/// field, each word of each closed list, and nothing that is not.</summary>
public sealed partial class ManualTests
{
    /// <summary>Which type is described under which heading.</summary>
    private static readonly Dictionary<string, Type> s_sections = new()
    {
        ["status"] = typeof(StatusDocument),
        ["devices"] = typeof(DevicesDocument),
        ["groups"] = typeof(GroupsDocument),
        ["holders"] = typeof(HoldersDocument),
        ["doctor"] = typeof(DoctorDocument),
        ["doctor --fix"] = typeof(FixDocument),
        ["Changed file"] = typeof(FileChangeFields),
        ["Changed line"] = typeof(ChangedLineFields),
        ["Restored file"] = typeof(RestoredFields),
        ["Finding left"] = typeof(LeftFindingFields),
        ["plan, and --dry-run of other commands"] = typeof(PlanDocument),
        ["Refusal"] = typeof(RefusalDocument),
        ["switch, undo, follow, confirm, and changes by other commands"] = typeof(RunDocument),
        ["keep-off status"] = typeof(KeepOffDocument),
        ["pin status"] = typeof(PinDocument),
        ["demo --list"] = typeof(MachinesDocument),
        ["config"] = typeof(ConfigDocument),
        ["Configured value"] = typeof(ConfiguredFields),
        ["Configuration problem"] = typeof(ConfigurationProblemFields),
        ["hook status"] = typeof(HookDocument),
        ["hook check"] = typeof(HookCheckDocument),
        ["guest xml"] = typeof(GuestXmlDocument),
        ["guest qemu"] = typeof(GuestQemuDocument),
        ["rom save, rom check"] = typeof(RomDocument),
        ["Firmware image"] = typeof(RomPartFields),
        ["boot show"] = typeof(BootDocument),
        ["Card at the start"] = typeof(BootCardFields),
        ["Finding about the start"] = typeof(BootFindingFields),
        ["Other hook"] = typeof(OtherHookFields),
        ["Virtual machine"] = typeof(GuestFields),
        ["Given card"] = typeof(GivenFields),
        ["Device"] = typeof(DeviceFields),
        ["Mark"] = typeof(MarkFields),
        ["Unknown"] = typeof(UnknownFields),
        ["Obstacle"] = typeof(ObstacleFields),
        ["Consequence"] = typeof(ConsequenceFields),
        ["Card"] = typeof(CardFields),
        ["Desktop"] = typeof(DesktopFields),
        ["Session"] = typeof(SessionFields),
        ["Hidden card"] = typeof(HiddenCardFields),
        ["Setting"] = typeof(SettingFields),
        ["Last run"] = typeof(RunFields),
        ["Next switch"] = typeof(NextFields),
        ["Group"] = typeof(GroupFields),
        ["Holders of a card"] = typeof(CardHolders),
        ["Holder"] = typeof(HolderFields),
        ["Node"] = typeof(NodeFields),
        ["Module"] = typeof(ModuleFields),
        ["Explanation"] = typeof(ExplanationFields),
        ["Answer"] = typeof(AnswerFields),
        ["First thing"] = typeof(FirstThingFields),
        ["Finding"] = typeof(FindingFields),
        ["Checks of a card"] = typeof(CardChecks),
        ["Check"] = typeof(CheckFields),
        ["Step"] = typeof(StepFields),
        ["Keep-off state"] = typeof(KeepOffFields),
        ["Pin"] = typeof(PinFields),
        ["Opened outside the seat"] = typeof(OutsideSeatFields),
        ["Simulated machine"] = typeof(MachineFields),
    };

    /// <summary>Words that are no enum in the code.</summary>
    private static readonly Dictionary<(Type, string), string[]> s_words = new()
    {
        [(typeof(ObstacleFields), "code")] = ManualValues.Obstacles,
        [(typeof(StepFields), "action")] = ManualValues.Steps,
        [(typeof(RunDocument), "action")] = ManualValues.Steps,
    };

    private static readonly Dictionary<string, Dictionary<string, string>> s_manual = Read();

    private static JsonTypeInfo[] Documented { get; } =
        [.. WrittenTypes.Of(JsonContext.Default).Where(type =>
            type.Kind == JsonTypeInfoKind.Object && type.Type.Namespace == typeof(StatusDocument).Namespace)];

    public static TheoryData<string> Sections => [.. s_sections.Keys];

    [Fact]
    public void Every_object_is_described_and_no_other()
    {
        Assert.Equal(Documented.Select(type => type.Type.Name).Order(), s_sections.Values.Select(type => type.Name).Order());
        Assert.Equal(s_sections.Keys.Append("Outcomes").Order(), s_manual.Keys.Order());
    }

    [Theory, MemberData(nameof(Sections))]
    public void Every_field_is_described_with_all_its_words_and_no_other(string section)
    {
        var type = Documented.Single(type => type.Type == s_sections[section]);
        var fields = WrittenTypes.Properties(type).ToList();
        Assert.Equal(fields.Select(field => field.Name), s_manual[section].Keys);
        foreach (var field in fields)
        {
            var text = s_manual[section][field.Name];
            Assert.True(text.Length > 10 || field.Name == "schema", $"{section}: {field.Name} is not described.");
            if (Words(type.Type, field) is { } words) Assert.Equal(words.Order(), WordsIn(text).Order());
            else Assert.Empty(WordsIn(text));
            if (Nested(field.PropertyType) is { } nested)
                Assert.Contains(s_sections.Single(pair => pair.Value == nested).Key, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_outcome_is_described_with_its_exit_code()
    {
        Assert.Equal(ManualValues.Values(typeof(CommandOutcome)), s_manual["Outcomes"].Keys);
        foreach (var outcome in Enum.GetValues<CommandOutcome>())
            Assert.Contains(
                $"Exit code {ExitCodes.Of(outcome)}.",
                s_manual["Outcomes"][ManualValues.Values(typeof(CommandOutcome))[(int)outcome]],
                StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void No_two_cases_have_one_word(bool obstacles)
    {
        var words = obstacles ? ManualValues.Obstacles : ManualValues.Steps;
        Assert.NotEmpty(words);
        Assert.Equal(words.Distinct(), words);
        Assert.All(words, word => Assert.Matches("^[a-z]+(-[a-z]+)*$", word));
    }

    [Fact]
    public void The_number_of_the_format_is_that_of_the_documents() =>
        Assert.Contains($".BR schema ,\nnow {JsonText.Schema}", Section(), StringComparison.Ordinal);

    private static string[]? Words(Type type, JsonPropertyInfo field) =>
        field.PropertyType == typeof(CommandOutcome) || field.PropertyType == typeof(CommandOutcome?) ? null
        : WrittenTypes.EnumOf(field.PropertyType) is { } values ? ManualValues.Values(values)
        : s_words.GetValueOrDefault((type, field.Name));

    /// <summary>The object that a field holds, alone or many of it; null for plain values.</summary>
    private static Type? Nested(Type type) =>
        s_sections.Values.FirstOrDefault(known => known == type || (type.IsGenericType && type.GetGenericArguments()[0] == known));

    /// <summary><c>One of: a, b, c.</c></summary>
    private static string[] WordsIn(string text) => OneOf().Match(text) is { Success: true } match ? match.Groups[1].Value.Split(", ") : [];

    private static Dictionary<string, Dictionary<string, string>> Read()
    {
        var found = new Dictionary<string, Dictionary<string, string>>();
        Dictionary<string, string>? section = null;
        string? field = null;
        var named = false;
        foreach (var line in Section().Split('\n').Select(line => line.Replace("\\-", "-", StringComparison.Ordinal)))
        {
            if (line.StartsWith(".SS ", StringComparison.Ordinal)) (section, field) = (found[line[4..]] = [], null);
            else if (line == ".TP") named = true;
            else if (named && line.StartsWith(".B ", StringComparison.Ordinal))
                (field, named, section![line[3..]]) = (line[3..], false, "");
            else if (field is not null) section![field] += $"{(section[field].Length > 0 ? " " : "")}{Formatting().Replace(line, "")}";
        }
        return found;
    }

    private static string Section()
    {
        var page = Text();
        var begin = page.IndexOf(".SH JSON\n", StringComparison.Ordinal);
        return page[begin..page.IndexOf("\n.SH ", begin + 1, StringComparison.Ordinal)];
    }

    internal static string Text() =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "src", "GpuTty", "man", "gputty.1"));

    private static string Here([CallerFilePath] string file = "") => file;

    [GeneratedRegex("One of: ([a-z0-9, -]+)\\.")]
    private static partial Regex OneOf();

    [GeneratedRegex("^\\.[BI]R? ")]
    private static partial Regex Formatting();
}
