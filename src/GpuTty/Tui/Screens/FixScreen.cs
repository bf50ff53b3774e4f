using System.Collections.Immutable;
using GpuTty.Diagnosis;
using GpuTty.Terminal;
using GpuTty.Text;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>What <c>gputty doctor --fix</c> would change, each file and each line of it, before anybody agrees.</summary>
internal sealed record FixScreen(FixOffer Offer) : TextScreen
{
    public override string Title => "Changes of files";

    protected override ImmutableArray<KeyBinding> KeysHere(Model model) =>
    [
        new KeyBinding(Key.Enter, "change them", m => QuestionScreen.Ask(m, Question), _ =>
            Offer.Plan.Changes.IsEmpty ? "There is nothing that GpuTty would change." : null)
        {
            Help = "Change the files as shown. You are asked once more, and copies are kept.",
        },
        BackKey.With(),
        CopyKey.Key,
        HelpScreen.Key,
    ];

    protected override ImmutableArray<Label> Lines(Model model) => [.. Offer.Lines.Select(line =>
        new Label(line, line.StartsWith("    - ", StringComparison.Ordinal) ? Theme.Bad
            : line.StartsWith("    + ", StringComparison.Ordinal) ? Theme.Good
            : Theme.Plain))];

    private QuestionScreen Question => new(
        new Question(
            $"Change {Counted.Of(Offer.Plan.Changes.Length, "file")} now?",
            [
                .. Offer.Plan.Changes.Select(change => (Label)Visible.Text(change.Change.Path, 200)),
                "",
                "Copies are kept in /var/lib/gputty/corrections; gputty doctor --fix --undo brings everything back.",
            ],
            "Change"),
        (_, model) => new Next(model.Pop().Tell("Changing the files."), new Effect.Fix(Offer)));
}
