using System.Collections.Immutable;
using GpuTty.Terminal;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui;

/// <summary>Which keys somebody means who points at the screen. Where nothing is under the mouse, none.</summary>
internal static class Pointing
{
    private const int RowsPerWheel = 3;

    public static ImmutableArray<Key> Keys(Model model, Msg.Pointed at)
    {
        if (ScreenPicture.IsTooSmall(model)) return [];
        var isPress = at.Act == MouseAct.Press;
        if (at.Y == model.Height - 1) return isPress && StatusBar.Of(model).At(at.X, model.Width) is { } hint ? [hint.Key] : [];
        // What is asked lies over everything else.
        var picture = ScreenPicture.Pictures(model).Last();
        var (x, y) = (at.X, at.Y - 1);
        // Letters and digits go into the field while something is typed.
        var isTyping = model.Top.IsTyping;
        if (isPress && y == 0 && !isTyping && picture.TopKeys.FirstOrDefault(tab => x >= tab.X && x < tab.End) is { End: > 0 } top)
            return [top.Key];
        if (picture.Panels.LastOrDefault(panel => panel.At.Holds(x, y)) is not { } panel) return [];
        if (!panel.Frame.Focused && (panel.FocusKey is null || isTyping)) return [];
        ImmutableArray<Key> focus = panel.Frame.Focused ? [] : [panel.FocusKey!.Value];
        return isPress ? [.. focus, .. OfPress(panel, x - panel.Inside.X, y - panel.Inside.Y, at.IsDouble)]
            : [.. focus, .. Enumerable.Repeat(at.Act == MouseAct.WheelUp ? Key.Up : Key.Down, RowsPerWheel)];
    }

    private static IEnumerable<Key> OfPress(PanelPicture panel, int x, int y, bool isDouble)
    {
        if (panel.Parts.FirstOrDefault(part => part.At.Holds(x, y)) is not { } part) return [];
        var line = part.Lines.First + y - part.At.Y;
        var button = part.Buttons.FirstOrDefault(button => button.Line == line && x >= button.X && x < button.End);
        if (button.End > 0) return button.Keys;
        if (line >= part.Lines.Count || !part.HasCursor) return [];
        return isDouble && panel.OpenKey is { } open && part.Lines.Selected == line ? [open] : part.Lines.KeysTo(line);
    }
}
