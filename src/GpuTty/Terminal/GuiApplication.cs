using System.Drawing;
using System.Runtime.CompilerServices;
using Terminal.Gui.App;
using Terminal.Gui.Drawing;
using Terminal.Gui.Drivers;
using Terminal.Gui.ViewBase;
using Terminal.Gui.Views;

namespace GpuTty.Terminal;

/// <summary>A window of Terminal.Gui views, drawn into frames. Belongs to the thread that made it.</summary>
internal sealed class GuiApplication : IDisposable
{
    private readonly GuiBuffer _buffer = new();
    private readonly IApplication _app;
    private readonly Runnable _window;
    private readonly SessionToken _session;
    private bool _isDrawn;

    /// <param name="window">Made when the library is there; it fills the screen.</param>
    public GuiApplication(Func<Runnable> window, int width, int height)
    {
        _app = Start(new Size(width, height), _buffer);
        _window = window();
        _session = _app.Begin(_window) ?? throw new InvalidOperationException("Terminal.Gui did not begin.");
    }

    private static IApplication Start(Size size, GuiBuffer buffer)
    {
        var app = Create(new GuiDriver(new GuiOutput(size))) as IApplication
            ?? throw new InvalidOperationException("Terminal.Gui's application has changed.");
        app.Init(DriverRegistry.Names.ANSI);
        buffer.SetSize(size.Width, size.Height);
        BufferOf(app.Driver!) = buffer;
        return app;
    }

    /// <summary>The frame after whatever has changed in the views.</summary>
    public Surface Draw(int width, int height)
    {
        var isResized = _app.Screen.Size != new Size(width, height);
        if (isResized) _app.Driver!.SetScreenSize(width, height);
        if (isResized || !_isDrawn) _app.LayoutAndDraw(forceRedraw: true);
        else DrawChanges();
        _isDrawn = true;
        return _buffer.Frame;
    }

    /// <summary>
    /// Only views that have changed. The library would go through all of them, cutting each
    /// out of what may be drawn on, and that takes longer than to draw the few that matter.
    /// </summary>
    private void DrawChanges()
    {
        if (_window.NeedsLayout) _window.Layout(_app.Screen.Size);
        var screen = new Region(_app.Screen);
        if (_window.NeedsDraw) Draw(_window, screen);
        else
        {
            // What was added later lies over what was there.
            var views = _window.SubViews.Where(view => view.Visible).ToList();
            for (var top = views.Count - 1; top >= 0; top--)
            {
                var at = views[top].Frame;
                DrawChanged(views[top], screen);
                if (views.Take(top).Any(below => below.Frame.IntersectsWith(at))) screen.Exclude(at);
            }
        }
    }

    private void DrawChanged(View view, Region room)
    {
        if (!view.Visible) return;
        if (view.NeedsDraw) Draw(view, room);
        else
            foreach (var part in view.SubViews) DrawChanged(part, room);
    }

    private void Draw(View view, Region room)
    {
        _app.Driver!.Clip = room.Clone();
        view.Draw();
    }

    public void Dispose()
    {
        _app.End(_session);
        _window.Dispose();
        _app.Dispose();
    }

    /// <summary>
    /// The application with a driver of our own. Version 2.5.0 registers drivers, but makes only the three it
    /// names itself; the constructor that takes one is internal. GuiApplicationTests fail when it is gone.
    /// </summary>
    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    [return: UnsafeAccessorType("Terminal.Gui.App.ApplicationImpl, Terminal.Gui")]
    private static extern object Create(IComponentFactory factory);

    /// <summary>Where the driver lets views draw. Version 2.5.0 makes one itself and takes no other.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_outputBuffer")]
    private static extern ref IOutputBuffer BufferOf([UnsafeAccessorType("Terminal.Gui.Drivers.DriverImpl, Terminal.Gui")] object driver);
}
