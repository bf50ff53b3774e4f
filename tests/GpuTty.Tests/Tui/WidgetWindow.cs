using System.Drawing;
using GpuTty.Terminal;
using GpuTty.Tui.Pictures;
using GpuTty.Tui.Views;
using Terminal.Gui.ViewBase;
using Terminal.Gui.Views;
using Cursor = GpuTty.Terminal.Cursor;

namespace GpuTty.Tests.Tui;

/// <summary>A window with one thing in it.</summary>
internal sealed class WidgetWindow : Runnable
{
    private readonly LinesView _lines = new();
    private readonly PanelsView _panels = new() { Width = Dim.Fill(), Height = Dim.Fill() };
    private readonly TypedView _typed = new();

    public WidgetWindow()
    {
        Border.Settings = default;
        SetScheme(Style.Default.ToScheme());
        Add(_panels, _lines, _typed);
    }

    public Cursor Resting => _typed.Visible ? _typed.Resting : default;

    public void Show(object what, int width, int height)
    {
        (_lines.Visible, _panels.Visible, _typed.Visible) =
            (what is ShownLines, what is ScreenPanels, what is TypedField or ScreenPanels { Typed: not null });
        _lines.Frame = new Rectangle(0, 0, width, height);
        if (what is ShownLines lines) _lines.Show(lines);
        if (what is ScreenPanels panels) _panels.Show(panels);
        if ((what as TypedField ?? (what as ScreenPanels)?.Typed) is { } typed) _typed.Show(typed);
    }
}
