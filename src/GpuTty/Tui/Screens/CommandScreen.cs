using System.Collections.Immutable;
using GpuTty.Host.Pci;
using GpuTty.Terminal;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>What a command of gputty prints, with the keys for what can be done about it. The same text as without the screen.</summary>
/// <param name="Words">The command, without the program's name.</param>
internal sealed record CommandScreen(string Name, ImmutableArray<string> Words) : TextScreen
{
    /// <summary>Commands that change what this one shows: each is asked about, and its text shown in the place of this one's.</summary>
    public ImmutableArray<CommandAction> Actions { get; init; } = [];

    /// <summary>Null until the command has ended.</summary>
    public string? Text { get; init; }

    public override string Title => Name;

    protected override string Note => $"gputty {string.Join(' ', Shown)}";

    /// <summary>The action whose text is shown, or waited for; null while it is the text of the command itself.</summary>
    public ImmutableArray<string>? Done { get; init; }

    private ImmutableArray<string> Shown => Done ?? Words;

    public static Next Open(Model model, CommandScreen screen) => new(model.Push(screen), new Effect.RunCommand(screen.Words));

    public static string? WhyNone(Model model) =>
        model.Can.HasFlag(Abilities.Commands) ? null : "Only on the machine itself; from here nothing of it can be read or changed.";

    protected override ImmutableArray<KeyBinding> KeysHere(Model model) =>
    [
        .. Actions.Select(action => new KeyBinding(
            Key.Of(action.Letter),
            action.Label,
            m => QuestionScreen.Ask(m, Question(action)),
            m => m.IsRunning ? Model.SwitchRuns
                : WhyBusy(m) is { } busy ? busy
                : m.Host?.Caller.IsRoot == false ? "Only root may do that: quit and start gputty with sudo." : null)
        {
            Help = action.Help,
        }),
        new KeyBinding(Key.Of('r'), "look again", m => new Next(
            m.Replace(this with { Text = null, Done = null }), new Effect.RunCommand(Words)), WhyBusy)
        {
            Aliases = [Key.F(5), Key.Ctrl('r')],
            InBar = Done is not null,
        },
        BackKey.With(Key.Enter),
        CopyKey.Key,
        HelpScreen.Key,
    ];

    public override Screen Hear(Msg news, Model model) =>
        news is Msg.CommandSaid said && AwaitsTextOf(said.Words) ? this with { Text = said.Text } : this;

    /// <summary>What this command prints is what is shown here.</summary>
    public bool AwaitsTextOf(ImmutableArray<string> words) => words.AsSpan().SequenceEqual(Shown.AsSpan());

    private static string? WhyBusy(Model model) => model.Command is null ? null : "The command is still running.";

    protected override ImmutableArray<Label> Lines(Model model) =>
        [.. (Text ?? "Reading…").TrimEnd('\n').Split('\n').Select(line => (Label)line)];

    private QuestionScreen Question(CommandAction action) => new(
        new Question(
            action.Question,
            [action.Help, "", $"gputty {string.Join(' ', action.Words)}"],
            "Do it"),
        (_, model) => new Next(
            (model with { Command = action.Words }).Replace(this with { Text = null, Done = action.Words, Page = new Page() }),
            new Effect.RunCommand(action.Words)));
}

/// <param name="Letter">Its key.</param>
/// <param name="Help">What it does and what that costs, in a sentence or two.</param>
internal sealed record CommandAction(char Letter, string Label, string Question, string Help, params ImmutableArray<string> Words);

/// <summary>Keys of what a virtual machine needs besides the switch: the same commands, from the screen.</summary>
internal static class CommandKeys
{
    public static KeyBinding Hook { get; } = new(
        Key.Of('H'), "libvirt's hook", model => CommandScreen.Open(model, HookScreen), CommandScreen.WhyNone)
    {
        InBar = false,
        Help = "Whether the card goes with the start of a virtual machine and comes back with its end; install that, or remove it.",
    };

    public static KeyBinding Configuration { get; } = new(
        Key.Of('V'),
        "configuration",
        model => CommandScreen.Open(model, new CommandScreen("Configuration", ["config"])),
        CommandScreen.WhyNone)
    {
        InBar = false,
        Help = "Every setting that a switch goes by, with the file and line that it comes from.",
    };

    public static KeyBinding Boot(Func<Model, Card?> card) => new(
        Key.Of('b'), "at boot", model => CommandScreen.Open(model, BootScreen(card(model)!)), model => WhyNone(model, card))
    {
        InBar = false,
        Help = "Whom the card belongs to when the machine starts, and whether that will work; choose otherwise.",
    };

    public static KeyBinding Guest(Func<Model, Card?> card) => new(
        Key.Of('M'),
        "lines for a virtual machine",
        model => CommandScreen.Open(model, new CommandScreen("Lines for a virtual machine", ["guest", "xml", "--card", Of(card(model)!)])),
        model => WhyNone(model, card))
    {
        InBar = false,
        Help = "The card's functions as a virtual machine of libvirt's names them.",
    };

    private static CommandScreen HookScreen => new("Hook of libvirt", ["hook", "status"])
    {
        Actions =
        [
            new CommandAction(
                '+',
                "install",
                "Install the hook?",
                "One small file beside libvirt's other hooks: libvirt then has gputty give the card to whichever virtual machine names it, "
                    + "and take it back when that has ended.",
                "hook", "install", "--all"),
            new CommandAction(
                '-', "remove", "Remove the hook?", "Virtual machines then start without the card's being switched for them.",
                "hook", "remove"),
        ],
    };

    private static CommandScreen BootScreen(Card card) => new("At boot", ["boot", "show", "--card", Of(card)])
    {
        Actions =
        [
            new CommandAction(
                '+',
                "to vfio-pci",
                $"Give card {card.Address.SlotName} to vfio-pci whenever the machine starts?",
                "Nothing is moved now. gputty.boot=host on the kernel command line leaves everything to the host for one boot.",
                "boot", "vm", "--card", Of(card)),
            new CommandAction(
                '-',
                "to the host",
                $"Leave card {card.Address.SlotName} to the host when the machine starts?",
                "As it is without gputty. Nothing is moved now.",
                "boot", "host", "--card", Of(card)),
        ],
    };

    private static string Of(Card card) => card.Display.Address.ToString();

    private static string? WhyNone(Model model, Func<Model, Card?> card) =>
        CommandScreen.WhyNone(model)
        ?? (model.Host is null ? Model.NotLooked : card(model) is null ? "No card is selected." : null);
}
