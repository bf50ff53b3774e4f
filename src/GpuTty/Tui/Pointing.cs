using System.Collections.Immutable;
using GpuTty.Terminal;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tui;

/// <summary>Which keys somebody means who points at the screen. Where nothing is under the mouse, none.</summary>
internal static class Pointing
{
    private const int RowsPerWheel = 3;

    public static ImmutableArray<Key> Keys(Model model, Msg.Pointed at)
    {
        if (ScreenPicture.IsTooSmall(model)) return [];
        if (at.Y == model.Height - 1) return at.Act == MouseAct.Press ? OfBar(model, at.X) : [];
        // What is asked lies over everything else.
        var picture = ScreenPicture.Pictures(model).Last();
        var (x, y) = (at.X, at.Y - 1);
        // Letters and digits go into the field then.
        var isTyping = model.Top.IsTyping;
        if (at.Act == MouseAct.Press && y == 0 && !isTyping && picture.TopKeys.FirstOrDefault(tab => x >= tab.X && x < tab.End) is { End: > 0 } top) return [top.Key];
        if (picture.Panels.LastOrDefault(panel => panel.At.Holds(x, y)) is not { } panel) return [];
        ImmutableArray<Key> focus = panel.Frame.Focused ? [] : panel.FocusKey is { } key && !isTyping ? [key] : default;
        return focus.IsDefault ? [] : at.Act == MouseAct.Press ? [.. focus, .. OfPress(panel, x - panel.Inside.X, y - panel.Inside.Y, at.IsDouble)]
            : [.. focus, .. Enumerable.Repeat(at.Act == MouseAct.WheelUp ? Key.Up : Key.Down, RowsPerWheel)];
    }

    private static ImmutableArray<Key> OfBar(Model model, int x)
    {
        var hint = new StatusBar(ScreenPicture.Hints(model)).At(x, model.Width);
        return hint is not null && model.Top.Keys(model).FirstOrDefault(binding => binding.InBar && binding.Key.ToString() == hint.Key) is { } meant ? [meant.Key] : [];
    }

    private static IEnumerable<Key> OfPress(PanelPicture panel, int x, int y, bool isDouble)
    {
        if (panel.Parts.FirstOrDefault(part => part.At.Holds(x, y)) is not { } part) return [];
        var line = part.Lines.First + y - part.At.Y;
        if (part.Buttons.FirstOrDefault(button => button.Line == line && x >= button.X && x < button.End) is { End: > 0 } button) return button.Keys;
        return line >= part.Lines.Count || !part.HasCursor ? [] : isDouble && panel.OpenKey is { } open && part.Lines.Selected == line ? [open] : part.Lines.KeysTo(line);
    }
}
