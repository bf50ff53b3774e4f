using System.Collections.Immutable;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>What each step writes or runs, exactly; c shows it wherever a plan or a run is on the screen.</summary>
internal static class StepCommands
{
    public static KeyBinding Key(bool areShown, Func<Model, Next> turn, Func<Model, string?>? whyNot = null) =>
        new(Terminal.Key.Of('c'), areShown ? "hide commands" : "show commands", turn, whyNot)
        { Help = "Show every write and command exactly as it is done." };

    public static IEnumerable<Label> Of(Step step) => step.Command() is { Length: > 0 } command
        ? command.Split('\n').Select(line => line.StartsWith('#') ? new Label($"  {line}") : new Label($"$ {line}", Theme.Accent))
        : [OnlyChecks];

    /// <summary>Of a step that writes nothing and runs nothing.</summary>
    public const string OnlyChecks = "changes nothing, only checks";

    /// <summary>How many lines stand above a step, of those of a run.</summary>
    public static int LineOf(RunState run, int step) => run.Steps.Take(step).Sum(before => 1 + Of(before.Step).Count());

    public static IEnumerable<Label> Under(Step step) => Of(step).Select(line => new Label($"       {line.Text}", line.Style));

    /// <summary>The same for a shell: what each step is stands in a comment above its commands.</summary>
    public static ImmutableArray<string> ToCopy(IEnumerable<Step> steps) =>
    [
        .. steps.SelectMany((step, index) => (step.Command() is { Length: > 0 } command ? command.Split('\n') : [$"# {OnlyChecks}"])
            .Prepend($"# {index + 1} {step.Describe()}")),
    ];

    /// <summary>Of a run, with what has become of each step.</summary>
    public static ImmutableArray<Label> Of(RunState run) => Of(run.Steps);

    /// <summary>Of a plan that was handed in, before its first step.</summary>
    public static ImmutableArray<Label> Of(IEnumerable<Step> steps) =>
        Of([.. steps.Select(step => new StepProgress(step, StepStatus.Waiting))]);

    private static ImmutableArray<Label> Of(ImmutableArray<StepProgress> steps) =>
        [.. steps.SelectMany((step, index) => Under(step.Step).Prepend(Heading(step, index)))];

    private static Label Heading(StepProgress step, int index)
    {
        var (sign, style) = StepLine.SignOf(step.Status);
        return new Label($"{index + 1,3} {sign} {step.Step.Describe()}", style);
    }
}
