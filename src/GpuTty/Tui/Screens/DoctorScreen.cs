using System.Collections.Immutable;
using GpuTty.Diagnosis;
using GpuTty.Terminal;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>What <c>gputty doctor</c> says: the answer first, then what it rests on, the worst first.</summary>
internal sealed record DoctorScreen : Screen
{
    private static readonly ImmutableArray<Column> s_columns = [Column.Cut];

    /// <summary>Asked for by every key, and wrapped anew only for another page or width.</summary>
    private static readonly SnapshotCache<DiagnosisPage, int, ImmutableArray<ListRow>> s_rows = new();

    /// <summary>Opens it, and has the machine looked at for it.</summary>
    public static KeyBinding Open { get; } = new(
        Key.Of('X'), "doctor", model => new Next(model.Push(new DoctorScreen()), new Effect.Examine()), WhyNone)
    {
        InBar = false,
        Help = "What stands in the way of a switch, and what other recipes have left on this machine.",
    };

    /// <summary>Null until the machine was looked at for it.</summary>
    public DiagnosisPage? Said { get; init; }

    /// <summary>Why it could not be.</summary>
    public string? Problem { get; init; }

    public ListState List { get; init; } = new();

    public override string Title => "Doctor";

    protected override ImmutableArray<KeyBinding> KeysHere(Model model) =>
    [
        new KeyBinding(Key.Enter, "explain", m => m.Push(new DoctorEntryScreen(Entry(m)!)),
            m => Entry(m) is null ? "Select a line of a group first." : null)
        {
            Help = "Why the line matters, and the document that it rests on.",
        },
        Fix(m => Entry(m)),
        new KeyBinding(Key.Of('A'), "fix all", m => Offering(m, null), m => Said switch
        {
            null => "The machine is still being looked at.",
            { HasFix: false } => "Nothing was found in a file that GpuTty can change.",
            _ => WhyNoFix(m),
        })
        {
            InBar = Said?.HasFix == true,
            Help = "Show every change of a file that would fix what was found. You see all of it before anything is changed.",
        },
        BackKey.With(),
        new KeyBinding(Key.Of('r'), "look again", m => new Next(
            m.Replace(this with { Said = null, Problem = null }), new Effect.Examine()))
        {
            Aliases = [Key.F(5), Key.Ctrl('r')],
            Help = "Look at the machine and its files again.",
        },
        LogKeys.Open with { InBar = false },
        CommonKeys.Report,
        CopyKey.Key,
        HelpScreen.Key,
    ];

    /// <summary>The key that has one finding fixed.</summary>
    public static KeyBinding Fix(Func<Model, DiagnosisEntry?> entry) => new(Key.Of('J'), "fix", m => Offering(m, entry(m)!.Code),
        m => entry(m) switch
        {
            null => "Select a line of a group first.",
            { CanBeFixed: false } => "No file that GpuTty can change is behind this line.",
            _ => WhyNoFix(m),
        })
    {
        Help = "Show the change of a file that would fix this. You see it before anything is changed.",
    };

    public override Next? OnKey(Key key, Model model) =>
        List.On(key, Rows(Room(model)), Math.Max(1, model.Height - 6)) is { } list ? model.Replace(this with { List = list }) : null;

    public override Screen Hear(Msg news, Model model) => news switch
    {
        Msg.Examined examined => this with { Said = examined.Page, Problem = null },
        Msg.DoctorFailed failed => this with { Problem = failed.Problem },
        _ => this,
    };

    /// <summary>What the doctor has said reaches its screens; what it offers is shown over the one that asked.</summary>
    public static Next On(Model model, Msg said)
    {
        var heard = model with { Screens = [.. model.Screens.Select(screen => screen.Hear(said, model))] };
        return said switch
        {
            Msg.FixOffered offered when heard.Top is DoctorScreen or DoctorEntryScreen =>
                (heard with { Notice = null }).Push(new FixScreen(offered.Offer)),
            Msg.DoctorFailed failed when heard.Screens.OfType<DoctorScreen>().Any(screen => screen.Said is not null) =>
                heard.Warn(failed.Problem),
            _ => heard,
        };
    }

    public override ScreenPanels Picture(Rect body, Model model)
    {
        var inside = PanelFrame.Inside(body);
        var rows = Rows(inside.Width);
        return new ScreenPanels(new PanelPicture(
            body,
            new PanelFrame("Doctor", Focused: true),
            PanelPart.Of(inside, List.Shown(s_columns, rows, focused: true, inside.Width, inside.Height)))
        {
            OpenKey = Key.Enter,
        });
    }

    private static Next Offering(Model model, string? code) =>
        new(model.Tell("Working out what would change."), new Effect.OfferFix(code));

    private static string? WhyNone(Model model) =>
        model.Can.HasFlag(Abilities.Doctor) ? null : "This machine cannot be examined from here; type: gputty doctor";

    private static string? WhyNoFix(Model model) =>
        model.Host?.Caller.IsRoot == false ? "Only root can change files of the machine; see: gputty doctor --fix --dry-run"
        : model.IsRunning ? Model.SwitchRuns
        : null;

    private static int Room(Model model) => Math.Max(20, model.Width - 4);

    private DiagnosisEntry? Entry(Model model) =>
        List.Selected(Rows(Room(model)))?.Id.Split('.') is [var kind, _]
        && int.TryParse(kind, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var index)
            ? Said!.Entries[index]
            : null;

    private ImmutableArray<ListRow> Rows(int width) => Said is { } said
        ? s_rows.Get(said, width, () => RowsOf(said, width))
        : [new ListRow("reading.0", Problem ?? "Reading the machine and its settings…")];

    /// <summary>Long sentences take several rows, each of which stands for its line.</summary>
    private static ImmutableArray<ListRow> RowsOf(DiagnosisPage said, int width)
    {
        var rows = ImmutableArray.CreateBuilder<ListRow>();
        foreach (var (index, answer) in said.Answers.Index()) Add($"answer{index}", Answer(answer));
        var before = (FindingGroup?)null;
        foreach (var (index, entry) in said.Entries.Index())
        {
            if (entry.Group != before)
            {
                rows.Add(ListRow.Heading(""));
                rows.Add(ListRow.Heading(new Label(DiagnosisPage.Heading(entry.Group), Theme.Strong)));
            }
            before = entry.Group;
            Add($"{index}", Lines(entry));
        }
        return rows.ToImmutable();

        void Add(string id, IEnumerable<Label> lines) =>
            rows.AddRange(WordWrap.Labels(lines, Math.Max(1, width - ListState.MarkWidth))
                .Select((line, number) => new ListRow($"{id}.{number}", line)));
    }

    private static IEnumerable<Label> Answer(DiagnosisAnswer answer)
    {
        yield return new Label(answer.Sentence, answer.IsBad ? Theme.Bad : Theme.Strong);
        foreach (var (index, first) in answer.First.Index())
        {
            yield return $"  {index + 1}. {first.Problem}";
            yield return $"     {first.Action}";
        }
        if (answer.NextAction is { } next) yield return $"  {next}";
    }

    private static IEnumerable<Label> Lines(DiagnosisEntry entry)
    {
        yield return new Label(
            $"{Mark(entry.Group)} {entry.Sentence}{(entry.Tells is { } tells ? $" [{tells}]" : "")}", Style(entry.Group));
        if (entry.Action is { } action) yield return $"   {action}";
    }

    public static string Mark(FindingGroup group) => group switch
    {
        FindingGroup.Problem => "!!",
        FindingGroup.Attention => "! ",
        FindingGroup.Unknown => "??",
        _ => "ok",
    };

    private static Style Style(FindingGroup group) => group switch
    {
        FindingGroup.Problem => Theme.Bad,
        FindingGroup.Attention or FindingGroup.Unknown => Theme.Warn,
        _ => Theme.Plain,
    };
}
