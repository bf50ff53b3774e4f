using System.Collections.Immutable;
using GpuTty.Planning.Desktop;
using GpuTty.Terminal;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>Keys that do the same on every screen where the machine is in sight.</summary>
internal static class CommonKeys
{
    public static KeyBinding Desktop { get; } = new(Key.Of('d'), "desktop",
        model => new Next(model, new Effect.ShowTerminal(SeatDesktop.Vt(model.Host!)!.Value)), WhyNoDesktop)
    {
        Help = "Go to the desktop's console. Ctrl+Alt+F3 (or whichever you are on) comes back.",
    };

    public static KeyBinding Look { get; } = new(
        Key.Of('r'), "refresh", model => new Next(model.Asked("Looking again.", NoticeUntil.Look), new Effect.ReadHost()))
    {
        Aliases = [Key.F(5), Key.Ctrl('r')],
        Help = "Read the machine again. That happens anyway whenever it changes.",
        InBar = false,
    };

    public static KeyBinding Report { get; } = new(Key.Of('w'), "report",
        model => new Next(model.Tell("Writing the report."), new Effect.WriteReport()),
        model => model.Can.HasFlag(Abilities.WriteReport) ? null : "No report can be written from here.")
    {
        Help = "Write everything that a bug report needs into one file.",
    };

    /// <summary>While a filter is typed.</summary>
    public static ImmutableArray<KeyBinding> WhileFiltering { get; } =
    [
        new(Key.Enter, "keep the filter", model => model),
        new(Key.Escape, "no filter", model => model) { IsPinned = true },
        HelpScreen.KeyWhileTyping,
    ];

    /// <summary>For who sits inside the desktop that a switch would end.</summary>
    public static KeyBinding Console { get; } = new(Key.Of('T'), "text console",
        model => QuestionScreen.Ask(model, ConsoleQuestion), WhyNoConsole)
    {
        Help = "Go on with this program on a text console, where the end of the desktop does not end it.",
        InBar = false,
    };

    /// <summary>It runs as root there without a login, so it is asked about.</summary>
    private static QuestionScreen ConsoleQuestion => new(
        new Question("Go on at a text console?",
            [
                "GpuTty starts again on a free console, which is then on your screen. Nothing is changed by that.",
                "",
                "It runs there as root for whoever sits at the keyboard, until q. Then your screen comes back.",
            ],
            "Open it"),
        (_, model) => new Next(
            model.Tell("Opening a text console."),
            new Effect.OpenConsole(model.Top is WizardScreen wizard ? wizard.Intent.Card : model.Card?.Address)));

    public static string? WhyNoConsole(Model model) =>
        !model.Can.HasFlag(Abilities.OpenConsole) ? "There is no console to open from here."
        : model.Host is not { } host ? Model.NotLooked
        : ConsoleOffer.WhyNot(host);

    private static string? WhyNoDesktop(Model model) =>
        !model.Can.HasFlag(Abilities.ShowTerminal) ? "There is no console to switch to from here."
        : model.Host is not { } host ? Model.NotLooked
        : SeatDesktop.Vt(host) is not { } vt
            ? SeatDesktop.IsUp(host) ? "It is unknown on which console the desktop is." : "No desktop is running."
        : host.Caller is { Vt: null, IsVtTold: false } ? $"It is unknown on which console you are; press Ctrl+Alt+F{vt}."
        : host.Caller.Vt is null ? $"You are not on a console, so your screen cannot be switched to tty{vt}."
        : host.Caller.IsRoot ? null
        : "Only root may switch consoles; press Ctrl+Alt+F" + vt + ".";
}
