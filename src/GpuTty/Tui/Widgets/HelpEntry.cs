namespace GpuTty.Tui.Widgets;

/// <summary>One line of the help: which keys, what they do, and under which heading.</summary>
internal sealed record HelpEntry(string Section, string Keys, string Text);
