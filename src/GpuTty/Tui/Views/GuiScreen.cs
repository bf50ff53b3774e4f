using GpuTty.Terminal;

namespace GpuTty.Tui.Views;

/// <summary>The screen made of Terminal.Gui's views: a model in, a frame out.</summary>
internal sealed class GuiScreen : IFrames
{
    private readonly ScreenWindow _window;
    private readonly GuiApplication _app;

    private GuiScreen(int width, int height)
    {
        ScreenWindow? window = null;
        _app = new GuiApplication(() => window = new ScreenWindow(), width, height);
        _window = window!;
    }

    /// <summary>Safe for root: not even a method that names the library is
    /// compiled before the caller's settings are out of its way.</summary>
    public static GuiScreen Make(int width, int height) => GuiStart.Safely(() => new GuiScreen(width, height));

    public Surface Draw(Model model)
    {
        _window.Show(model);
        var frame = _app.Draw(model.Width, model.Height);
        frame.PlaceCursor(_window.Resting.X, _window.Resting.Y, _window.Resting.Visible);
        return frame;
    }

    public void Dispose() => _app.Dispose();
}
