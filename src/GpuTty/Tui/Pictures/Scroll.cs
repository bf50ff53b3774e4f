namespace GpuTty.Tui.Pictures;

/// <summary>
/// Which row comes first so that the selected one is in sight. It follows from the selection alone, so nothing goes stale when
/// the window or the list changes. It moves by half a window, because a console without acceleration is slow to scroll,
/// and keeps a quarter of the window as context on both sides.
/// </summary>
internal static class Scroll
{
    public static int First(int selected, int count, int height)
    {
        if (height <= 0 || count <= height) return 0;
        var context = height / 4;
        var stride = height - (2 * context);
        return Math.Clamp((selected - context) / stride * stride, 0, count - height);
    }
}
