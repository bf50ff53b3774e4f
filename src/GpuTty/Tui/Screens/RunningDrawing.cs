using System.Collections.Immutable;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tui.Screens;

/// <content>How a run looks.</content>
internal sealed partial record RunningScreen
{
    public override ScreenPanels? Over(Rect body) => Question?.Picture(body);

    public override ScreenPanels Picture(Rect body, Model model)
    {
        var layout = Layout(body);
        var now = model.Run is { } run ? Now(run) : null;
        ImmutableArray<PanelPart> parts = ShowsCommands && Consent(model) is null ? [layout.Text(PageOf(model), CommandLines(model))]
            : model.Run is null
                ? [PanelPart.Of(layout.Inside, ShownLines.Of(TextRun.Cut(0, layout.Inside.Width, "Waiting for the worker's first word.")))]
                : StepParts(layout.Room, model, now);
        return layout.Panels(
            StepsOf(model, layout.Steps.Width - 4),
            model,
            ShowsCommands ? "What is done" : now?.Step.Describe() ?? "Starting",
            parts);
    }

    private static WizardLayout Layout(Rect body) => WizardLayout.For(body, StepsWidth(body.Width), logPart: 3);

    private static Rect Room(Model model) => Layout(new Rect(0, 0, model.Width, model.Height - 2)).Inside;

    /// <summary>Where the commands are read: the step that runs, with the one before.</summary>
    private Page PageOf(Model model)
    {
        if (IsScrolled || model.Run is not { Current: > 0 } run) return Page;
        var (lines, room) = (CommandLines(model), Room(model));
        return Height(StepCommands.LineOf(run, run.Current + 1)) <= room.Height
            ? Page
            : new Page(Height(StepCommands.LineOf(run, run.Current - 1)));

        int Height(int first) => Tui.Page.Wrap(lines.Take(first), Math.Max(1, room.Width)).Length;
    }

    private ImmutableArray<Label> CommandLines(Model model) =>
        model.Run is { } run ? StepCommands.Of(run) : StepCommands.Of(Expected?.Steps ?? []);

    public static int StepsWidth(int width) => Math.Clamp(width * 9 / 20, 32, 54);

    /// <summary>The steps of a run with what became of them: one line each, but for the one that runs.</summary>
    public static StepList List(RunState run, int width)
    {
        var now = Now(run);
        return new([.. run.Steps.Select(step => step == now
            ? new StepLine(step.Step.Describe(), step.Status == StepStatus.Failed ? StepMark.Failed : StepMark.Running)
            : new StepLine(
                Cut(step.Step.Describe(), width - 5 - (Took(step) is { Length: > 0 } took ? took.Length + 1 : 0)),
                Mark(step.Status),
                Took(step)))]);
    }

    private StepList StepsOf(Model model, int width) => model.Run is { } run ? List(run, width)
        : new StepList([.. (Expected?.Steps ?? []).Select(step => new StepLine(Cut(step.Describe(), width - 5)))]);

    private static string Cut(string text, int width) => width < 8 || text.Length <= width ? text : $"{text[..(width - 1)]}~";

    /// <summary>The step that runs; while taking back, the last one that still has to be.</summary>
    private static StepProgress? Now(RunState run) =>
        run.IsTakingBack
            ? run.Steps.LastOrDefault(step =>
                step.Status is StepStatus.Done or StepStatus.Failed or StepStatus.Running && step.Step.Undo() is not null)
            : run.Steps.FirstOrDefault(step => step.Status == StepStatus.Running);

    private ImmutableArray<PanelPart> StepParts(Rect room, Model model, StepProgress? now)
    {
        var run = model.Run!;
        var lines = new List<Label>();
        if (model.KernelWord is { } word)
            lines.Add(new Label($"The kernel says: {word.Text}", word.Level == Switching.LogLevel.Error ? Look.Bad : Look.Warn));
        if (run.IsTakingBack)
        {
            lines.Add(new Label(
                run.IsWishedBack() ? "Rolling everything back, as you asked." : $"Rolling everything back: {run.WhyTakingBack}",
                Look.Warn));
            if (now?.Step.Undo() is { } undo) lines.Add(new Label($"Now: {undo.Describe()}", Look.Strong));
        }
        if (Consent(model) is not null)
        {
            lines.Add(new Label("Can you read this?", Look.Strong));
            lines.Add("");
            lines.Add("Press Enter to keep it. Otherwise, and if nobody can see this, everything is rolled back when the time is over.");
            lines.Add("From elsewhere: gputty confirm");
        }
        else if (HasAskedBack && !run.IsTakingBack)
            lines.Add(new Label(
                "You asked to roll everything back: that begins as soon as this step ends, or its time is over.", Look.Warn));
        else if (now is null && !run.IsTakingBack) lines.Add("Between two steps.");
        else if (now?.Note is { } note)
        {
            lines.Add(new Label(note, Look.Warn));
            lines.AddRange(Choices(model));
        }
        if (now is not null && !run.IsTakingBack && Consent(model) is null) lines.AddRange(Commands(now.Step));
        var (text, below) = room.SplitTop(Math.Max(0, room.Height - 4));
        return
        [
            new PanelPart(text, new Page().Shown(lines, text.Width, text.Height)) { HasCursor = true },
            new PanelPart(below, Times(below.Width, model, now)),
        ];
    }

    /// <summary>What the person can do about a wait, in whole words; the bottom line has room for short ones only.</summary>
    private static IEnumerable<Label> Choices(Model model) => !IsHeldUp(model) ? [] :
    [
        "",
        .. HoldsUp(model) is { } unit ? [$"x stop {unit}"] : ImmutableArray<Label>.Empty,
        "+ wait longer",
    ];

    private static IEnumerable<Label> Commands(Step step) =>
        step.Command() is { Length: > 0 } command
            ? command.Split('\n').Select(line => new Label(line, Look.Accent)).Prepend("")
            : ["", StepCommands.OnlyChecks];

    private static ShownLines Times(int width, Model model, StepProgress? now)
    {
        var run = model.Run!;
        ImmutableArray<TextRun> bar = [];
        if (now is { BegunAt: { } begun } && !run.IsTakingBack && now.Limit > TimeSpan.Zero)
        {
            var spent = Elapsed(model, begun);
            bar = [.. new ProgressBar(
                spent / now.Limit, $"{spent.TotalSeconds:0} s, {Math.Max(0, (now.Limit - spent).TotalSeconds):0} s left").Line(
                width, spent > now.Limit * 0.7 ? Look.Warn : Look.Plain)];
        }
        return ShownLines.Of([
            [],
            bar,
            [],
            [TextRun.Cut(0, width, $"{StepCounts.Brief(run)}, {Elapsed(model, run.Opening.At):m\\:ss} since the start")],
        ]);
    }

    /// <summary>The clocks of the worker and of this screen are the same machine's, but one of them may lag a message behind.</summary>
    private static TimeSpan Elapsed(Model model, DateTimeOffset since) => model.Now > since ? model.Now - since : TimeSpan.Zero;

    public static StepMark Mark(StepStatus status) => status switch
    {
        StepStatus.Running => StepMark.Running,
        StepStatus.Done => StepMark.Done,
        StepStatus.Failed or StepStatus.NotTakenBack => StepMark.Failed,
        StepStatus.TakenBack => StepMark.TakenBack,
        _ => StepMark.Waiting,
    };

    private static string Took(StepProgress step) => step.Took is { TotalSeconds: >= 0.1 } took ? $"{took.TotalSeconds:0.0} s" : "";
}
