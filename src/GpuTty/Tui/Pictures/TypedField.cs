using GpuTty.Terminal;

namespace GpuTty.Tui.Pictures;

/// <summary>A field that is being typed in.</summary>
/// <param name="X">Where the name begins, on the screen between its first and last line.</param>
/// <param name="Y">The row of both.</param>
/// <param name="Width">Of the field, behind the name.</param>
internal sealed record TypedField(LineEdit Field, int X, int Y, string Name, int Width)
{
    public Style NameStyle { get; init; } = Theme.Strong;

    public int Start => X + Name.Length;

    /// <summary>What is searched for, in the first row of a panel.</summary>
    public static TypedField Search(LineEdit field, Rect inside)
    {
        const string name = "Search: ";
        return new TypedField(field, inside.X, inside.Y, name, Math.Max(0, inside.Width - name.Length)) { NameStyle = Theme.Plain };
    }

    /// <summary>The filter of a panel, in its lower edge.</summary>
    public static TypedField Filter(LineEdit field, Rect panel, int longest)
    {
        const string name = " Filter: ";
        return new TypedField(
            field,
            panel.X + 1,
            panel.Y + panel.Height - 1,
            name,
            Math.Max(0, Math.Min(longest, panel.Width - 2 - name.Length - 1)));
    }
}
