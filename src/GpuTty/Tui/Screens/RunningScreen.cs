using System.Collections.Immutable;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Text;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>A run as it goes: which steps are done, what is waited for and how long still. It goes on without this screen.</summary>
internal sealed record RunningScreen : Screen
{
    private const int WidestBar = 40;

    /// <summary>The commands of all steps in place of the story of the one that runs.</summary>
    public bool ShowsCommands { get; init; }
    public Page Page { get; init; } = new();

    /// <summary>The user reads elsewhere; until then the commands follow the step that runs.</summary>
    public bool IsScrolled { get; init; }

    /// <summary>The first line of the list of steps, where the user has scrolled it; null while it follows the step that runs.</summary>
    public int? StepsTop { get; init; }

    public override string Title => "Running switch";

    public override IEnumerable<string> Header(Model model) =>
    [
        .. Tui.Header.Always(model),
        (model.Expected?.Intent ?? model.Run?.Opening.Intent)?.Headline() ?? "a switch",
        model.Followed?.IsTakingBack == true ? "rolling everything back"
            : model.HasAskedBack ? "rolled back as soon as this step ends" : "keeps running without the screen",
    ];

    protected override ImmutableArray<KeyBinding> KeysHere(Model model) =>
    [
        .. RunWaits.Consent(model) is { } step
            ? [new KeyBinding(Key.Enter, "keep it", m => new Next(m, new Effect.Ask(new RunRequest.Keep(step))))
            {
                Help = "Keep the switch, as you can read this. Without an answer everything is rolled back.",
                IsPinned = true,
            }]
            : RunWaits.Keys(model),
        new KeyBinding(Key.Of('t'), "roll back", Ask, WhyNotTakeBack)
        {
            Help = "Stop here and roll everything back that was done.",
            Words = "undo",
            IsPinned = true,
        },
        StepCommands.Key(
            HasCommands(model),
            m => m.Replace(this with { ShowsCommands = !ShowsCommands, Page = new Page(), IsScrolled = false }),
            m => RunWaits.Consent(m) is null ? null : "First say whether you can read this: Enter keeps the switch."),
        LogKeys.Open,
        new KeyBinding(Key.Escape, "overview", m => m.Pop())
        {
            Help = "Look at the machine meanwhile; s comes back here. The switch keeps running.",
        },
        CommonKeys.Desktop with { InBar = false },
        CommonKeys.Report with { InBar = false },
        CopyKey.Key,
        QuitKey.Key with { Label = "leave" },
        HelpScreen.Key,
    ];

    public override Next Cancel(Model model) => WhyNotTakeBack(model) is { } reason ? model.Warn(reason) : Ask(model);

    public override Screen Hear(Msg news, Model model) => news switch
    {
        Msg.RunRefused refused when !model.IsRunning => new ResultScreen { Refused = (refused.Problem, refused.Remedy) },
        Msg.RunReported { Event: RunEvent.Closed } => new ResultScreen(),
        // The worker exited without writing a closing event.
        Msg.RunLeft => model.Run is { IsClosed: true } ? new ResultScreen() : new RecoveryScreen(),
        _ => this,
    };

    public override ImmutableArray<string> ToCopy(Model model) =>
        StepCommands.ToCopy(model.Expected?.Steps ?? model.Run?.Steps.Select(step => step.Step) ?? []);

    public override Next? OnKey(Key key, Model model) =>
        !HasCommands(model) ? StepsScrolled(key, model)
        : PageOf(model).On(key, Commands(model), Room(model)) is { } page
            ? model.Replace(this with { Page = page, IsScrolled = true })
            : null;

    public override ScreenPanels Picture(Rect body, Model model)
    {
        var layout = Layout(body);
        var now = model.Followed is { } run ? StepList.Now(run) : null;
        ImmutableArray<PanelPart> parts = HasCommands(model) ? [layout.Text(PageOf(model), Commands(model))]
            : model.Followed is null
                ? [PanelPart.Of(layout.Inside, ShownLines.Of(TextRun.Cut(0, layout.Inside.Width, "Waiting for the worker to start.")))]
                : StepParts(layout.Room, model, now);
        return layout.Panels(
            StepsOf(model, layout.Steps.Width - 4),
            model,
            HasCommands(model) ? "What is done" : now?.Step.Describe() ?? "Starting",
            parts);
    }

    /// <summary>Not while a question with a deadline is asked in their place.</summary>
    private bool HasCommands(Model model) => ShowsCommands && RunWaits.Consent(model) is null;

    public static int StepsWidth(int width) => Math.Clamp(width * 9 / 20, 32, 72);

    private static WizardLayout Layout(Rect body) => WizardLayout.For(body, StepsWidth(body.Width), logPart: 3);

    private StepList StepsOf(Model model, int width) =>
        (model.Followed is { } run ? StepList.Of(run, width) : StepList.Of(model.Expected?.Steps ?? [], width)) with { Top = StepsTop };

    /// <summary>End follows again, as in the log.</summary>
    private Next? StepsScrolled(Key key, Model model)
    {
        var at = Layout(model.Body).Steps;
        if (at.IsEmpty) return null;
        if (key.Code == KeyCode.End || key.Is('G')) return model.Replace(this with { StepsTop = null });
        var inside = PanelFrame.Inside(at);
        var shown = StepsOf(model, inside.Width).Shown(inside.Width, inside.Height);
        return new Page(shown.First).On(key, Enumerable.Repeat(new Label(""), shown.Count), inside) is { } page
            ? model.Replace(this with { StepsTop = page.Top })
            : null;
    }

    private static Rect Room(Model model) => Layout(model.Body).Inside;

    /// <summary>Where the commands are read: the step that runs, with the one before.</summary>
    private Page PageOf(Model model)
    {
        if (IsScrolled || model.Followed is not { Current: > 0 } run) return Page;
        var (lines, room) = (Commands(model), Room(model));
        return Height(StepCommands.LineOf(run, run.Current + 1)) <= room.Height
            ? Page
            : new Page(Height(StepCommands.LineOf(run, run.Current - 1)));

        int Height(int first) => WordWrap.Labels(lines.Take(first), Math.Max(1, room.Width)).Length;
    }

    private static ImmutableArray<Label> Commands(Model model) =>
        model.Followed is { } run ? StepCommands.Of(run) : StepCommands.Of(model.Expected?.Steps ?? []);

    private static ImmutableArray<PanelPart> StepParts(Rect room, Model model, StepProgress? now)
    {
        var (text, below) = room.SplitTop(Math.Max(0, room.Height - 4));
        return
        [
            new PanelPart(text, new Page().Shown(Story(model, model.Run!, now), text.Width, text.Height)) { HasCursor = true },
            new PanelPart(below, Times(below.Width, model, now)),
        ];
    }

    private static IEnumerable<Label> Story(Model model, RunState run, StepProgress? now)
    {
        if (model.KernelWord is { } word)
            yield return new Label($"The kernel says: {word.Text}", word.Level == LogLevel.Error ? Theme.Bad : Theme.Warn);
        if (run.IsTakingBack)
        {
            yield return new Label(
                run.IsWishedBack() ? "Rolling everything back, as you asked." : $"Rolling everything back: {run.WhyTakingBack}",
                Theme.Warn);
            if (now?.Step.Undo() is { } undo) yield return new Label($"Now: {undo.Describe()}", Theme.Strong);
        }
        var asksForConsent = RunWaits.Consent(model) is not null;
        if (asksForConsent)
        {
            yield return new Label("Can you read this?", Theme.Strong);
            yield return "";
            yield return "Press Enter to keep it. Without an answer everything is rolled back when the time is up.";
            yield return "From elsewhere: gputty confirm";
        }
        else if (model.HasAskedBack && !run.IsTakingBack)
            yield return new Label(
                "You asked to roll everything back: that begins as soon as this step ends, or its time is over.", Theme.Warn);
        else if (now is null && !run.IsTakingBack) yield return "Between two steps.";
        else if (now?.Note is { } note)
        {
            yield return new Label(note, Theme.Warn);
            foreach (var choice in RunWaits.Choices(model)) yield return choice;
        }
        if (now is null || run.IsTakingBack || asksForConsent) yield break;
        yield return "";
        if (now.Step.Command() is not { Length: > 0 } command) yield return StepCommands.OnlyChecks;
        else foreach (var line in command.Split('\n')) yield return new Label(line, Theme.Accent);
    }

    private static ShownLines Times(int width, Model model, StepProgress? now)
    {
        var run = model.Run!;
        ImmutableArray<TextRun> bar = [];
        if (now is { BegunAt: { } begun } && !run.IsTakingBack && now.Limit > TimeSpan.Zero)
            bar = Bar(Elapsed(model, begun), now.Limit, width);
        var brief = $"{StepCounts.Brief(run)}, {Elapsed(model, run.Opening.At):m\\:ss}";
        const string since = " since the start";
        return ShownLines.Of([
            [],
            bar,
            [],
            [TextRun.Cut(0, width, brief.Length + since.Length <= width ? brief + since : brief)],
        ]);
    }

    /// <summary>How much of a limit is used up, with words beside it.</summary>
    private static ImmutableArray<TextRun> Bar(TimeSpan spent, TimeSpan limit, int width)
    {
        var style = spent > limit * 0.7 ? Theme.Warn : Theme.Plain;
        var words = $"{spent.TotalSeconds:0} s, {Math.Max(0, (limit - spent).TotalSeconds):0} s left";
        var length = Math.Clamp(width - words.Length - 2, 0, WidestBar);
        var full = (int)Math.Round(Math.Min(1, spent / limit) * length);
        var end = length == 0 ? 0 : length + 2;
        return
        [
            new TextRun(0, new string('█', full) + new string('░', length - full), style),
            TextRun.Cut(end, width - end, words, style),
        ];
    }

    /// <summary>The clocks of the worker and of this screen are the same machine's, but one of them may lag a message behind.</summary>
    private static TimeSpan Elapsed(Model model, DateTimeOffset since) => model.Now > since ? model.Now - since : TimeSpan.Zero;

    private static Next Ask(Model model) => QuestionScreen.Ask(model, new QuestionScreen(
        new Question("Roll everything back?", Cost(model), "Roll back", "Go on with the switch", NoFirst: true),
        (_, m) => new Next(m with { HasAskedBack = true }, new Effect.TakeBack()))
    {
        IsAboutRun = true,
        Said = Cost,
        WhyMoot = m => m.Run?.IsTakingBack == true ? "A step has failed, so everything is being rolled back already." : null,
    });

    /// <summary>What a roll back means now: the run goes on behind the question.</summary>
    private static ImmutableArray<Label> Cost(Model model)
    {
        var run = model.Run!;
        var done = run.Steps.Where(step => step.Status == StepStatus.Done).Select(step => step.Step).ToList();
        var final = done.Where(step => step.IsIrreversible()).Select(step => step.Describe()).ToList();
        var far = $"So far {done.Count} of {Counted.Of(run.Steps.Length, "step")} {Counted.Word(done.Count, "is", "are")} done";
        return
        [
            done.Count == 0 ? "Nothing has been done yet; the run ends."
                : final.Count == 0 ? $"{far} and {Counted.Word(done.Count, "is", "are")} rolled back in reverse."
                : new Label($"{far}; rolling back undoes all but: {string.Join("; ", final)}.", Theme.Warn),
            "The switch keeps running until you have answered.",
        ];
    }

    private static string? WhyNotTakeBack(Model model) =>
        model.Followed is not { } run ? "The worker has not begun yet."
        : run.IsClosed ? "The run has ended."
        : run.IsTakingBack || model.HasAskedBack ? "It is being rolled back already."
        : null;
}
