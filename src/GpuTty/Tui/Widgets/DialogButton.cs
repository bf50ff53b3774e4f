namespace GpuTty.Tui.Widgets;

/// <summary>A way out of a dialog.</summary>
/// <param name="Letter">Presses it from anywhere but the text field.</param>
/// <param name="IsSafe">It changes nothing: it has the focus at first, and Esc presses it.</param>
internal sealed record DialogButton(string Label, char Letter, bool IsSafe = false);
