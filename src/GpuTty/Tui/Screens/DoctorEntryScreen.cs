using System.Collections.Immutable;
using GpuTty.Diagnosis;
using GpuTty.Terminal;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>One line of the doctor's with its explanation, as <c>gputty doctor --explain CODE</c> prints it.</summary>
internal sealed record DoctorEntryScreen(DiagnosisEntry Entry) : TextScreen
{
    public override string Title => Entry.Code ?? "Unknown";

    protected override ImmutableArray<KeyBinding> KeysHere(Model model) =>
    [
        DoctorScreen.Fix(_ => Entry) with { InBar = Entry.CanBeFixed },
        BackKey.With(Key.Enter),
        CopyKey.Key,
        HelpScreen.Key,
    ];

    protected override ImmutableArray<Label> Lines(Model model) =>
    [
        new Label($"{DoctorScreen.Mark(Entry.Group)} {Entry.Sentence}", Theme.Strong),
        .. Entry.Tells is { } tells ? (Label[])[$"[{tells}]"] : [],
        .. Entry.Action is { } action ? (Label[])["", action] : [],
        .. Entry.Explanation is { } why ? (Label[])["", why.Paragraph, "", $"See: {why.Rests}"] : [],
    ];
}
