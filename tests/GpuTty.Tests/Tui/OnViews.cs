using GpuTty.Terminal;
using GpuTty.Tui;
using GpuTty.Tui.Views;

namespace GpuTty.Tests.Tui;

/// <summary>The screen of Terminal.Gui's views, drawn for tests. The library has state for the whole process: one of it, one test at a time.</summary>
internal static class OnViews
{
    private static readonly Lock s_one = new();
    private static readonly Lazy<GuiScreen> s_screen = new(() => GuiScreen.Make(80, 25));

    /// <summary>What is seen, how it looks, and where the cursor rests.</summary>
    public static string Picture(Model model)
    {
        lock (s_one) return Told(s_screen.Value.Draw(model));
    }

    public static T With<T>(Func<IFrames, T> use)
    {
        lock (s_one) return use(s_screen.Value);
    }

    /// <summary>The views show what the picture does; the rows that differ are told.</summary>
    public static void AssertSame(Model model)
    {
        var (wanted, seen) = (Told(ScreenPicture.Draw(model)).Split('\n'), Picture(model).Split('\n'));
        var rows = Enumerable.Range(0, Math.Max(wanted.Length, seen.Length)).Where(row => wanted.ElementAtOrDefault(row) != seen.ElementAtOrDefault(row))
            .Select(row => $"{row,3} {wanted.ElementAtOrDefault(row)}\n    {seen.ElementAtOrDefault(row)}").ToList();
        Assert.True(rows.Count == 0, $"{model.Width}x{model.Height}, {rows.Count} rows: as the picture has it, and as the views do:\n{string.Join('\n', rows.Take(12))}");
    }

    public static string Told(Surface frame) => $"{frame.ToText()}{frame.ToStyleText()}cursor {frame.Cursor}\n";

    /// <summary>For a loop of its own: it draws on the one that all share.</summary>
    public sealed class Shared : IFrames
    {
        public Surface Draw(Model model)
        {
            lock (s_one)
            {
                var frame = s_screen.Value.Draw(model);
                var own = new Surface(frame.Width, frame.Height);
                for (var y = 0; y < frame.Height; y++)
                    for (var x = 0; x < frame.Width; x++) own[x, y] = frame[x, y];
                own.PlaceCursor(frame.Cursor.X, frame.Cursor.Y, frame.Cursor.Visible);
                return own;
            }
        }

        public void Dispose()
        {
        }
    }
}
