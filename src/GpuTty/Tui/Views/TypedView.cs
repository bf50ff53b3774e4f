using System.Drawing;
using GpuTty.Terminal;
using GpuTty.Tui.Pictures;
using Terminal.Gui.ViewBase;
using Cursor = GpuTty.Terminal.Cursor;
using Gui = Terminal.Gui.Views;

namespace GpuTty.Tui.Views;

/// <summary>A field of the library with its name, while it is typed in.</summary>
internal sealed class TypedView : View
{
    private readonly LinesView _name = LinesView.OfOne();
    private readonly Gui.TextField _field = new();

    public TypedView()
    {
        _field.SetScheme(Theme.Focus.ToScheme());
        Add(_name, _field);
    }

    /// <summary>Where the hardware cursor rests: the library knows how far it has scrolled the text.</summary>
    public Cursor Resting => new(Frame.X + _field.Frame.X + _field.InsertionPoint - _field.ScrollOffset, Frame.Y, Visible: true);

    public void Show(TypedField typed)
    {
        Frame = new Rectangle(typed.X, typed.Y, typed.Name.Length + typed.Width, 1);
        _name.Width = typed.Name.Length;
        _name.Show([new TextRun(0, typed.Name, typed.NameStyle)]);
        (_field.X, _field.Width) = (typed.Name.Length, typed.Width);
        _field.Text = typed.Field.Text;
        _field.InsertionPoint = typed.Field.Cursor;
    }
}
