using System.Reflection;
using System.Runtime.CompilerServices;
using GpuTty.Terminal;
using GpuTty.Tests.Terminal;
using GpuTty.Tui;
using GpuTty.Tui.Views;

namespace GpuTty.Tests.Tui;

/// <summary>The screen of Terminal.Gui's views, drawn for tests. The library
/// has state for the whole process: one of it, one test at a time.</summary>
internal static class OnViews
{
    private static readonly Lock s_one = new();
    private static readonly Lazy<GuiScreen> s_screen = new(() => GuiScreen.Make(80, 25));
    private static readonly Lazy<(GuiApplication App, WidgetWindow Window)> s_window = new(() =>
    {
        WidgetWindow? window = null;
        return (new GuiApplication(() => window = new WidgetWindow(), 80, 25), window!);
    });

    /// <summary>The library starts without the caller's PATH and HOME; that must not happen while other tests run.</summary>
    [ModuleInitializer]
    internal static void BeforeAllTests()
    {
        if (Assembly.GetEntryAssembly()?.GetName().Name == "testhost") _ = s_screen.Value;
    }

    /// <summary>The words on the screen.</summary>
    public static string Text(Model model, Glyphs? glyphs = null) => With(screen => screen.Draw(model).ToText(glyphs));

    /// <summary>What is seen, how it looks, and where the cursor rests.</summary>
    public static string Picture(Model model) => With(screen => Told(screen.Draw(model)));

    public static T With<T>(Func<IFrames, T> use)
    {
        lock (s_one) return use(s_screen.Value);
    }

    /// <summary>What was drawn of the changes alone is the same as all drawn anew; the rows that differ are told.</summary>
    public static void AssertWhole(Model model)
    {
        var (seen, wanted) = With(screen =>
        {
            var seen = Told(screen.Draw(model));
            // Another size, so that nothing is left of it.
            screen.Draw(model with { Width = model.Width + 1 });
            return (seen.Split('\n'), Told(screen.Draw(model)).Split('\n'));
        });
        var rows = Enumerable.Range(0, Math.Max(wanted.Length, seen.Length))
            .Where(row => wanted.ElementAtOrDefault(row) != seen.ElementAtOrDefault(row))
            .Select(row => $"{row,3} {wanted.ElementAtOrDefault(row)}\n    {seen.ElementAtOrDefault(row)}")
            .ToList();
        Assert.True(
            rows.Count == 0,
            $"{model.Width}x{model.Height}, {rows.Count} rows: drawn anew, and as the changes left it:\n"
                + string.Join('\n', rows.Take(12)));
    }

    /// <summary>Lines, panels or a field alone, in a room of this size.</summary>
    public static Surface Drawn(object what, int width, int height)
    {
        lock (s_one)
        {
            s_window.Value.Window.Show(what, width, height);
            // Another size first, so that nothing is left of what was shown before.
            s_window.Value.App.Draw(width + 1, height);
            var frame = Copy(s_window.Value.App.Draw(width, height));
            var resting = s_window.Value.Window.Resting;
            frame.PlaceCursor(resting.X, resting.Y, resting.Visible);
            return frame;
        }
    }

    private static Surface Copy(Surface frame)
    {
        var own = new Surface(frame.Width, frame.Height);
        for (var y = 0; y < frame.Height; y++)
            for (var x = 0; x < frame.Width; x++) own[x, y] = frame[x, y];
        own.PlaceCursor(frame.Cursor.X, frame.Cursor.Y, frame.Cursor.Visible);
        return own;
    }

    private static string Told(Surface frame) => $"{frame.ToText()}{frame.ToStyleText()}cursor {frame.Cursor}\n";

    /// <summary>For a loop of its own: it draws on the one that all share.</summary>
    public sealed class Shared : IFrames
    {
        public Surface Draw(Model model) => With(screen => Copy(screen.Draw(model)));

        public void Dispose()
        {
        }
    }
}
