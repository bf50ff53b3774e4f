using GpuTty.Terminal;

namespace GpuTty.Tui.Screens;

/// <summary>Keys that do the same on every screen where the machine is in sight.</summary>
internal static class Machine
{
    public static KeyBinding Desktop { get; } = new(Key.Of('d'), "desktop",
        model => new Next(model, new Effect.ShowTerminal(Header.DesktopVt(model.Host!)!.Value)), WhyNoDesktop)
    {
        Help = "Go to the desktop's console. Ctrl+Alt+F3 (or whichever you are on) comes back.",
    };

    public static KeyBinding Look { get; } = new(Key.Of('r'), "refresh", model => new Next(model.Tell("Looking again."), new Effect.ReadHost()))
    {
        Aliases = [Key.F(5)],
        Help = "Look at the machine again. It is looked at anyway whenever it changes.",
        InBar = false,
    };

    public static KeyBinding Report { get; } = new(Key.Of('w'), "report",
        model => new Next(model.Tell("Writing the report."), new Effect.WriteReport()),
        model => model.Can.HasFlag(Abilities.WriteReport) ? null : "No report can be written from here.")
    {
        Help = "Write everything that a bug report needs into one file.",
    };

    private static string? WhyNoDesktop(Model model) =>
        !model.Can.HasFlag(Abilities.ShowTerminal) ? "There is no console to switch to from here."
        : model.Host is not { } host ? "The machine has not been looked at yet."
        : Header.DesktopVt(host) is not { } vt ? "No desktop is running."
        : host.Viewer.Vt is null ? $"You are not on a console, so your screen cannot be switched to tty{vt}."
        : host.Viewer.IsRoot ? null
        : "Only root may switch consoles; press Ctrl+Alt+F" + vt + ".";
}
