using System.Drawing;
using GpuTty.Terminal;
using GpuTty.Tui.Widgets;
using Terminal.Gui.ViewBase;
using Gui = Terminal.Gui.Views;

namespace GpuTty.Tui.Views;

/// <summary>A field of the library with its name, while it is typed in.</summary>
internal sealed class TypedView : View
{
    private readonly LineView _name = new();
    private readonly Gui.TextField _field = new();

    public TypedView()
    {
        _field.SetScheme(Look.Focus.ToScheme());
        Add(_name, _field);
    }

    public void Show(TypedField typed)
    {
        Frame = new Rectangle(typed.X, typed.Y, typed.Name.Length + typed.Width, 1);
        _name.Width = typed.Name.Length;
        _name.Show([new TextRun(0, typed.Name, typed.NameStyle)]);
        (_field.X, _field.Width) = (typed.Name.Length, typed.Width);
        _field.Text = typed.Field.Text;
        // From the left, wherever it was scrolled to: so the cursor stands where the model has it.
        _field.InsertionPoint = 0;
        _field.InsertionPoint = typed.Field.Cursor;
    }
}
