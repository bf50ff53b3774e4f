using System.Collections.Immutable;
using GpuTty.Terminal;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tui.Screens;

/// <summary>Every key of the screen below, searchable; Enter presses the selected one.</summary>
internal sealed record HelpScreen : Screen
{
    private static readonly ImmutableArray<HelpEntry> Moving =
    [
        new("Moving around", "Up Down j k", "one row"),
        new("Moving around", "PgUp PgDn", "one page"),
        new("Moving around", "Home End g G", "to the first and the last row; in the log End follows again"),
        new("Moving around", "Left Right", "close and open a group; move the log sideways"),
        new("Moving around", PaletteScreen.Names, "everything that can be done here, to be searched and done"),
        new("Moving around", "Esc", "one screen back; never out of the program"),
        new("Words", "card", "everything in one slot: the display function, its sound, its USB"),
        new("Words", "home driver", "the host driver a function had, or would get"),
        new("Words", "holder", "whatever keeps the card busy: a program, a service, the desktop"),
        new("Words", "hard road", "the display manager is stopped, sessions end, and the login screen comes back"),
        new("Words", "soft road", "nobody on the seat holds the card, so the desktop is left alone"),
        new("Words", "keep off", "a rule that keeps the desktop off the card, which makes the soft road the normal one"),
        new("Words", "isolated", "the IOMMU can tell this group's devices from all others, so they can travel alone"),
        .. Everywhere.Keys.Select(binding => new HelpEntry(Everywhere.Title, binding.Names, binding.Help) { Label = binding.Label }),
    ];

    public static KeyBinding Key { get; } = new(Terminal.Key.Of('?'), "help", model => model.Push(new HelpScreen()))
    {
        Aliases = [Terminal.Key.F(1)],
        Help = "This list. Type to search it, Enter does what the line says.",
        IsPinned = true,
    };

    /// <summary>Where a question mark would be typed.</summary>
    public static KeyBinding KeyWhileTyping { get; } = Key with { Key = Terminal.Key.F(1), Aliases = [] };

    /// <summary>True where this key asks for help on that screen.</summary>
    public static bool Answers(Screen on, Key key) => on is not HelpScreen && (on.IsTyping ? KeyWhileTyping : Key).Answers(key);

    public HelpView View { get; init; } = HelpView.Start;

    public override string Title => "Help";
    public override bool TakesText => true;

    public override ImmutableArray<KeyBinding> Keys(Model model) =>
    [
        new KeyBinding(Terminal.Key.Enter, "do it", m => m),
        new KeyBinding(Terminal.Key.Escape, "back", m => m.Pop()) { IsPinned = true },
    ];

    public override Next? OnKey(Key key, Model model)
    {
        var entries = Entries(model);
        return key.Code switch
        {
            KeyCode.Escape => model.Pop(),
            KeyCode.Enter => View.Selected(entries) is { } entry ? Run(entry, model) : model,
            _ => View.On(key, entries) is { } view ? model.Replace(this with { View = view }) : model,
        };
    }

    public override Next OnPaste(string text, Model model) => model.Replace(this with { View = View.Searching(View.Search.Paste(text)) });

    public override ScreenPanels Picture(Rect body, Model model)
    {
        var entries = Entries(model);
        var inside = FrameView.Inside(body);
        // Below the list the whole text of the selected line, which may be cut there.
        var whole = View.Selected(entries) is { } entry && inside.Height >= 10 ? Page.Wrap([entry.Text], Math.Max(1, inside.Width)) : [];
        var (below, upper) = new Rect(0, 0, inside.Width, inside.Height).SplitBottom(whole.IsEmpty ? 0 : 4);
        var list = upper.SplitTop(2).Remainder;
        return new ScreenPanels(new PanelPicture(body, new FrameView($"Help: {Below(model).Title}", Focused: true, "type to search"),
            new PanelPart(list, View.Shown(entries, list.Width, list.Height)) { HasCursor = true },
            new PanelPart(below, new Page().Shown([new string('─', inside.Width), .. whole], below.Width, below.Height))))
        {
            Typed = View.Typed(inside),
        };
    }

    private static Screen Below(Model model) => model.Screens[Math.Max(0, model.Screens.Length - 2)];

    private static ImmutableArray<HelpEntry> Entries(Model model)
    {
        var screen = Below(model);
        return [.. screen.Keys(model.Pop()).Where(binding => !binding.Answers(Terminal.Key.F(1))).Select(binding => Entry(screen, binding, model.Pop())), .. Moving];
    }

    private static HelpEntry Entry(Screen screen, KeyBinding binding, Model below)
    {
        var text = binding.Help.Length > 0 ? binding.Help : binding.Label;
        return new HelpEntry(screen.Title, binding.Names, binding.Reason(below) is { } reason ? $"{text} Not now: {reason}" : text) { Label = binding.Label };
    }

    private static Next Run(HelpEntry entry, Model model)
    {
        var below = model.Pop();
        if (entry.Section == Everywhere.Title) return Everywhere.Keys.First(binding => binding.Names == entry.Keys).Do(below);
        // A question is answered where it can be read.
        if (below.Top.TakesText) return model.Tell("Esc goes back; press it there.");
        var binding = below.Top.Keys(below).FirstOrDefault(candidate => entry.Section == below.Top.Title && candidate.Names == entry.Keys);
        return binding is null ? model.Tell("That line only explains.") : Update.Press(below, binding.Key) ?? below;
    }
}
