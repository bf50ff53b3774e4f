using System.Collections.Immutable;
using GpuTty.Diagnosis;
using GpuTty.Terminal;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tui.Screens;

/// <summary>One line of the doctor's with its explanation, as <c>gputty doctor --explain CODE</c> prints it.</summary>
internal sealed record DoctorEntryScreen(DiagnosisEntry Entry) : Screen
{
    public Page Page { get; init; } = new();

    public override string Title => Entry.Code ?? "Unknown";

    public override ImmutableArray<KeyBinding> Keys(Model model) =>
    [
        DoctorScreen.Fix(_ => Entry) with { InBar = Entry.CanBeFixed },
        new KeyBinding(Key.Escape, "back", m => m.Pop()) { Aliases = [Key.Of('q'), Key.Enter], IsPinned = true },
        HelpScreen.Key,
    ];

    public override Next? OnKey(Key key, Model model) =>
        Page.On(key, Lines, new Rect(0, 0, model.Width - 4, model.Height - 4)) is { } page
            ? model.Replace(this with { Page = page })
            : null;

    public override ScreenPanels Picture(Rect body, Model model)
    {
        var inside = FrameView.Inside(body);
        return ScreenPanels.Of(body, new FrameView(Title, Focused: true), Page.Shown(Lines, inside.Width, inside.Height));
    }

    private IEnumerable<Label> Lines =>
    [
        new Label($"{DoctorScreen.Mark(Entry.Group)} {Entry.Sentence}", Look.Strong),
        .. Entry.Tells is { } tells ? (Label[])[$"[{tells}]"] : [],
        .. Entry.Action is { } action ? (Label[])["", action] : [],
        .. Entry.Explanation is { } why ? (Label[])["", why.Paragraph, "", $"See: {why.Rests}"] : [],
    ];
}
