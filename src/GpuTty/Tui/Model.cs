using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tui.Logs;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui;

/// <summary>What this session can do besides looking and switching; the demo and a narrow build can do less.</summary>
[Flags]
internal enum Abilities
{
    None = 0,
    ShowTerminal = 1,
    WriteReport = 2,
    SaveLog = 4,
    OpenConsole = 8,
    Doctor = 16,
    Commands = 32,
    Copy = 64,
    All = 127,
}

/// <summary>News that end a notice; the next key always does.</summary>
internal enum NoticeUntil { Key, Look, Run }

/// <summary>Everything the screen shows follows from this, and only messages change it.</summary>
internal sealed record Model
{
    /// <summary>Null until the first look at the machine is done.</summary>
    public HostSnapshot? Host { get; init; }

    /// <summary>Why the last look failed; null when it did not.</summary>
    public string? Unreadable { get; init; }

    /// <summary>The last one has the keys; those before it are where Esc leads.</summary>
    public ImmutableArray<Screen> Screens { get; init; } = [];

    public int Width { get; init; } = 80;
    public int Height { get; init; } = 25;

    /// <summary>Between the first and the last line of the screen.</summary>
    public Rect Body => new(0, 0, Width, Height - 2);

    /// <summary>A ring of a hundred thousand lines: the one thing here that is not copied when it changes.</summary>
    public LogLines Log { get; init; } = new();

    /// <summary>What of it is shown, and how; the same wherever the log is on the screen.</summary>
    public LogView LogView { get; init; } = new();

    /// <summary>The last line of the log that is in sight, where the cursor rests; empty where there is none.</summary>
    /// <param name="room">Where the log is drawn.</param>
    public ImmutableArray<string> LastLine(Rect room) =>
        LogView.LastIn(Log, room.Width, Math.Max(1, room.Height)) is { } line ? [$"{line.Time}  {line.Source}  {line.Text}"] : [];

    /// <summary>One sentence for the user, shown until the next key.</summary>
    public Label? Notice { get; init; }

    /// <summary>What else ends it.</summary>
    public NoticeUntil NoticeUntil { get; init; }

    /// <summary>What was looked for last, in whichever panel.</summary>
    public string LastWords { get; init; } = "";

    /// <summary>What is known of the run that is followed, or of the last one.</summary>
    public ImmutableList<RunEvent> Journal { get; init; } = [];

    /// <summary>The newest run before <see cref="Journal"/> that began a step.</summary>
    public ImmutableArray<RunEvent> BegunBefore { get; init; } = [];

    /// <summary>The newest run that began a step, which is what an undo is about: one that was refused after it does not hide it.</summary>
    public IEnumerable<RunEvent> Begun => Journal.Any(entry => entry is RunEvent.Begun) ? Journal : BegunBefore;

    /// <summary>Journals of earlier runs that did not end whole, oldest first: they stay offered beside whatever runs now.</summary>
    public ImmutableArray<ImmutableArray<RunEvent>> Unfinished { get; init; } = [];

    /// <summary><see cref="Journal"/>, folded; null when there was no run.</summary>
    public RunState? Run { get; init; }

    /// <summary>The plan that was handed in, until the worker's first word; null when none is.</summary>
    public SwitchPlan? Expected { get; init; }

    /// <summary>The worker has taken the plan: it goes on, whoever leaves.</summary>
    public bool IsHandedOver { get; init; }

    /// <summary>The run that is followed, or the last one; null where that is another than the one that begins.</summary>
    public RunState? Followed => Expected is null ? Run : null;

    /// <summary>True while a worker is at it, or is being started.</summary>
    public bool IsRunning { get; init; }

    /// <summary>The user has asked for the run to be rolled back, and the worker has not begun to.</summary>
    public bool HasAskedBack { get; init; }

    /// <summary>The worst that the kernel has said during the run; null when there was nothing.</summary>
    public Switching.LogLine? KernelWord { get; init; }

    /// <summary>From when on this program hears the kernel itself; null when it does not.</summary>
    public DateTimeOffset? HearsKernelSince { get; init; }

    /// <summary>Moves only while a run is on the screen.</summary>
    public DateTimeOffset Now { get; init; }

    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>The command that changes something and has not ended yet, without the program's name; null when there is none.</summary>
    public ImmutableArray<string>? Command { get; init; }

    /// <summary>The card that the user was on last, or named on the command line.</summary>
    public PciAddress? Chosen { get; init; }

    public Abilities Can { get; init; } = Abilities.All;

    /// <summary>The simulated machine's name; null on a real one.</summary>
    public string? Demo { get; init; }

    /// <summary>What a new switch goes by.</summary>
    public ConfiguredSwitch Configured { get; init; } = ConfiguredSwitch.None;

    /// <summary>A write to the kernel has not come back: nothing else may be written to PCI.</summary>
    public bool NeedsRestart => Host?.Stuck is not null;

    public const string NotLooked = "The machine has not been looked at yet.";

    public const string SwitchRuns = "A switch is running; s shows it.";

    public const string OnlyRestartHelps = "Only a reboot helps: a write to the kernel has not come back.";

    /// <summary>Why nothing can be written to the machine now, whatever it is about; null when it can.</summary>
    public string? WhyNoSwitch => Host is null ? NotLooked : IsRunning ? SwitchRuns : NeedsRestart ? OnlyRestartHelps : null;

    public Screen Top => Screens[^1];

    /// <summary>The screens in sight: a question leaves the one below it there.</summary>
    public IEnumerable<Screen> InSight => Screens.Skip(Math.Max(0, Screens.ToList().FindLastIndex(screen => !screen.IsOverlay)));

    /// <summary>What a look at the machine has to find out for them.</summary>
    public SnapshotSections Needs => InSight.Aggregate(SnapshotSections.All | OfSettings, (facts, screen) => facts | screen.Needs(this));

    /// <summary>Once, where a switch would change settings of the machine, or an undo would put them back.</summary>
    private SnapshotSections OfSettings =>
        Host?.TunableSettings is not null ? SnapshotSections.None
        : Unfinished.Append([.. Begun]).Any(run => run is [RunEvent.Opened opened, ..] && opened.Steps.Any(step => step is ChangeSetting))
            ? SnapshotSections.TunableSettings
        : Configured.Needs;

    /// <summary>A run that did not end well, and the ways out of it; null when there is none.</summary>
    public InterruptedRun? Recovery => Host is not { } host ? null : s_recovery.Get(
        host,
        (Unfinished, Journal, IsRunning),
        () => InterruptedRun.Of(UnfinishedRuns.After(Unfinished, [.. Journal]), host, IsRunning));

    /// <summary>Asked for by each key and each frame.</summary>
    private static readonly SnapshotCache<
        HostSnapshot,
        (ImmutableArray<ImmutableArray<RunEvent>> Unfinished, ImmutableList<RunEvent> Journal, bool IsRunning),
        InterruptedRun?> s_recovery = new();

    /// <summary>The card that panels 3, 4 and 5 and the keys v and h are about.</summary>
    public Card? Card => Host is not { } host ? null
        : (Chosen is { } address ? Card.FindAt(host, address) : null) ?? Configured.CardOf(host) ?? FirstGuess(host);

    public Model Push(Screen screen) => this with { Screens = Screens.Add(screen) };
    public Model Pop() => Screens.Length > 1 ? this with { Screens = Screens.RemoveAt(Screens.Length - 1) } : this;
    public Model Replace(Screen screen) => this with { Screens = Screens.SetItem(Screens.Length - 1, screen) };

    /// <summary>Back to the overview, and this screen over it.</summary>
    public Model OverOverview(Screen screen) => this with { Screens = [Screens[0], screen] };

    /// <summary>A plan is handed in. The run before stays the last one until the
    /// worker has begun. Nothing of the log is left out.</summary>
    public Model Beginning(SwitchPlan plan) => this with
    {
        Expected = plan,
        IsHandedOver = false,
        IsRunning = true,
        HasAskedBack = false,
        LogView = LogView with { Filter = "" },
    };

    /// <summary>An interrupted run is left as it is.</summary>
    public Model Dismissing(RunEvent.Opened run) => this with
    {
        Unfinished = [.. Unfinished.Where(journal => !UnfinishedRuns.IsSame((RunEvent.Opened)journal[0], run))],
        Journal = Journal is [RunEvent.Opened last, ..] && UnfinishedRuns.IsSame(last, run)
            ? Journal.Add(new RunEvent.Dismissed { At = Now })
            : Journal,
    };

    /// <summary>The run after one more event; a new run forgets the one before, which stays known where it is not whole.</summary>
    public Model Following(RunEvent entry)
    {
        if (entry is RunEvent.Opened opened)
            return this with
            {
                Unfinished = UnfinishedRuns.After(Unfinished, [.. Journal]),
                BegunBefore = [.. Begun],
                Journal = [entry],
                Run = RunState.Begin(opened),
                Expected = null,
                IsRunning = true,
                HasAskedBack = false,
                KernelWord = null,
                LogView = LogView with { Filter = "" },
            };
        return this with { Journal = Journal.Add(entry), Run = Run?.After(entry), IsRunning = entry is not RunEvent.Closed };
    }

    /// <summary>The journals as they are now, where no run is followed: others switch, recover and dismiss too.</summary>
    public Model Knowing(ImmutableArray<RunEvent> begun, ImmutableArray<ImmutableArray<RunEvent>> unfinished)
    {
        var model = this with { Unfinished = unfinished };
        if (begun is not [RunEvent.Opened newest, ..]) return model;
        var isKnown = Journal is [RunEvent.Opened last, ..] && UnfinishedRuns.IsSame(last, newest);
        if (isKnown && Journal[^1] == begun[^1]) return model;
        // The last one was refused.
        if (!isKnown && Journal is [{ } refused, ..] && refused.At > newest.At) return model with { BegunBefore = begun };
        return model with { Journal = [.. begun], Run = RunState.Fold(begun), KernelWord = isKnown ? KernelWord : null };
    }

    public Model Tell(string text) => this with { Notice = text, NoticeUntil = NoticeUntil.Key };
    public Model Warn(string text) => this with { Notice = new Label(text, Theme.Warn), NoticeUntil = NoticeUntil.Key };

    /// <summary>That something was asked for: said no longer than until there is news of it.</summary>
    public Model Asked(string text, NoticeUntil until) => this with { Notice = text, NoticeUntil = until };

    public DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Zone);

    /// <summary>The card to begin with: one that can be spared, for most people have only one of those.</summary>
    private static Card? FirstGuess(HostSnapshot host) =>
        CardChoice.Find(host, null).Card
        ?? Card.FindAll(host).OrderBy(card => card.Display.IsBootVga == true).FirstOrDefault();
}
