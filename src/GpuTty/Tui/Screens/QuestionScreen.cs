using System.Collections.Immutable;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>A question over whatever is on the screen.</summary>
/// <param name="Answer">What yes leads to; the answered question is gone from the model already.</param>
internal sealed record QuestionScreen(Question Question, Func<Question, Model, Next> Answer) : Screen
{
    /// <summary>About the switch that runs: without it there is nothing to ask.</summary>
    public bool IsAboutRun { get; init; }

    /// <summary>What the question says, where that changes while it is on the screen; null where it does not.</summary>
    public Func<Model, ImmutableArray<Label>>? Said { get; init; }

    /// <summary>Why there is nothing to ask any more, in a sentence; empty where that is told elsewhere, null while there is.</summary>
    public Func<Model, string?> WhyMoot { get; init; } = _ => null;

    public override string Title => Question.Title;
    public override bool IsOverlay => true;
    public override bool TakesText => true;
    public override bool IsTyping => Question.IsTyping;

    /// <summary>What was typed before it can have been read is no answer to it.</summary>
    public static Next Ask(Model model, QuestionScreen question) => new(model.Push(question), new Effect.ForgetTyped());

    protected override ImmutableArray<KeyBinding> KeysHere(Model model) => Of(Question);

    public override Next? OnKey(Key key, Model model)
    {
        var (question, answer, why) = Question.Press(key, model.Body);
        if (answer is { } isYes) return isYes ? Answer(Question, model.Pop()) : model.Pop();
        if (why is null && ReferenceEquals(question, Question)) return null;
        var asked = model.Replace(this with { Question = question });
        return why is null ? asked : asked.Warn(why);
    }

    public override Next OnPaste(string text, Model model) =>
        Question.IsTyping ? model.Replace(this with { Question = Question with { Field = Question.Field.Paste(text) } }) : model;

    public override Screen Hear(Msg news, Model model) =>
        Said is null ? this : this with { Question = Question with { Lines = Said(model) } };

    public override string? WhyGone(Msg news, Model model) =>
        !IsAboutRun ? WhyMoot(model)
        : news is Msg.RunReported { Event: RunEvent.Closed } ? "The switch has ended, so there is nothing to answer any more."
        : news is Msg.RunLeft ? "The switch does not run any more, so there is nothing to answer."
        : WhyMoot(model);

    public override ScreenPanels Picture(Rect body, Model model) => Question.Picture(body);

    /// <summary>The keys of any question, for the bottom line.</summary>
    public static ImmutableArray<KeyBinding> Of(Question question)
    {
        var typing = question.IsTyping ? "Tab leaves the field first." : null;
        return
        [
            new KeyBinding(Key.Enter, question.IsTyping ? "to the buttons" : "choose", model => model,
                _ => question.Focus == QuestionPart.Yes ? question.WhyNoYes : null),
            new KeyBinding(Key.Tab, "next button", model => model),
            new KeyBinding(Key.Of('y'), question.Yes, model => model, _ => question.WhyNoYes ?? typing) { InBar = false },
            new KeyBinding(Key.Of('n'), question.No, model => model, _ => typing) { InBar = false },
            new KeyBinding(Key.Escape, question.No.ToLowerInvariant(), model => model) { IsPinned = true },
            question.IsTyping ? HelpScreen.KeyWhileTyping : HelpScreen.Key,
        ];
    }
}
