using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Terminal;
using GpuTty.Tui.Pictures;
using GpuTty.Tui.Screens;

namespace GpuTty.Tui;

/// <summary>One full screen, or a question over one: its state, its keys, its reactions, its looks. All pure.</summary>
internal abstract record Screen
{
    /// <summary>What the help calls it.</summary>
    public abstract string Title { get; }

    /// <summary>True for a question that leaves the screen below in sight.</summary>
    public virtual bool IsOverlay => false;

    /// <summary>True while letters are text and not keys.</summary>
    public virtual bool TakesText => false;

    /// <summary>True while even a question mark is part of what is typed; elsewhere it asks for help.</summary>
    public virtual bool IsTyping => TakesText;

    /// <summary>In the order of the bottom line. A running switch is a key away wherever letters are keys.</summary>
    public ImmutableArray<KeyBinding> Keys(Model model)
    {
        var own = KeysHere(model);
        return !model.IsRunning || TakesText || this is RunningScreen || own.Any(key => key.Answers(ShowKey.Key)) ? own
            : own.Add(ShowKey.Of(model));
    }

    /// <summary>The keys that this screen has itself.</summary>
    protected abstract ImmutableArray<KeyBinding> KeysHere(Model model);

    /// <summary>Keys that only move around or type; null when the key is none of these.</summary>
    public virtual Next? OnKey(Key key, Model model) => null;

    public virtual Next OnPaste(string text, Model model) => model;

    /// <summary>What becomes of this screen when something happened that was no key;
    /// the model already has it. All screens hear it, hidden ones too.</summary>
    public virtual Screen Hear(Msg news, Model model) => this;

    /// <summary>Why this screen goes, as the news leave it nothing to ask or to show, in a sentence;
    /// empty where nobody sees it go, null while it stays.</summary>
    public virtual string? WhyGone(Msg news, Model model) => null;

    /// <summary>Ctrl+C.</summary>
    public virtual Next Cancel(Model model) => model.Screens.Length > 1 ? model.Pop() : QuitKey.Ask(model);

    /// <summary>The left part of the first line, most important first; what does not fit is left out.</summary>
    public virtual IEnumerable<string> Header(Model model) => Tui.Header.OfMachine(model);

    /// <summary>Facts that only this screen shows.</summary>
    public virtual SnapshotSections Needs(Model model) => SnapshotSections.None;

    /// <summary>What the key for copies writes: the selected line, or the commands; empty where there is nothing.</summary>
    public virtual ImmutableArray<string> ToCopy(Model model) => [];

    /// <summary>What is shown between the first and the last line.</summary>
    public abstract ScreenPanels Picture(Rect body, Model model);

    /// <summary>A question over it; null when nothing is asked.</summary>
    public virtual ScreenPanels? Over(Rect body) => null;
}
