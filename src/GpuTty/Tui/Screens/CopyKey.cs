using System.Collections.Immutable;
using GpuTty.Text;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>The key that writes what is selected, or the exact commands, to a file that the user names.</summary>
internal static class CopyKey
{
    private const int LongestName = 1000;

    public static KeyBinding Key { get; } = new(
        Terminal.Key.Of('C'), "copy to a file", model => Ask(model, model.Top.ToCopy(model)), WhyNot)
    {
        Help = "Write the selected line, the page, or the exact commands of the plan to a new file that you name.",
        InBar = false,
    };

    /// <summary>The same question with the name as it was typed, to be corrected; a line elsewhere where something else is typed.</summary>
    public static Next AskAgain(Model model, Msg.CopyRefused refused) =>
        model.Top.TakesText ? model.Warn(refused.Why) : Ask(model, refused.Lines, refused.Path, refused.Why);

    private static Next Ask(Model model, ImmutableArray<string> lines, string name = "", string? why = null)
    {
        var dialog = new Question(
            "Copy to a file",
            [
                .. why is null ? ImmutableArray<Label>.Empty : [new Label(why, Theme.Warn), ""],
                .. lines.Length == 1 ? [lines[0]] : new Label[] { Counted.Of(lines.Length, "line") },
                "",
                "A new file is made, which only you can read. A file that exists is not replaced.",
            ],
            "Write")
        {
            Asks = "Name of the file, such as ~/commands.txt:",
            Field = LineEdit.Of(name) with { MaxLength = LongestName },
        };
        return QuestionScreen.Ask(
            model, new QuestionScreen(dialog, (answered, m) => new Next(m, new Effect.Copy(answered.Field.Text.Trim(), lines))));
    }

    private static string? WhyNot(Model model) =>
        !model.Can.HasFlag(Abilities.Copy) ? "No file can be written from here."
        : model.Top.ToCopy(model).IsEmpty ? "There is nothing to copy here." : null;
}
