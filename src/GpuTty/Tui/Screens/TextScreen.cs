using System.Collections.Immutable;
using GpuTty.Terminal;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>A screen with a text to read, which is scrolled by lines and can be copied whole.</summary>
internal abstract record TextScreen : Screen
{
    public Page Page { get; init; } = new();

    /// <summary>The text as it is now.</summary>
    protected abstract ImmutableArray<Label> Lines(Model model);

    /// <summary>Where it is read: alone on the screen, unless something stands beside it.</summary>
    protected virtual Rect Room(Model model) => PanelFrame.Inside(model.Body);

    /// <summary>The title of the frame around it.</summary>
    protected virtual string Heading => Title;

    /// <summary>Where the text comes from, beside the title.</summary>
    protected virtual string Note => "";

    public override ImmutableArray<string> ToCopy(Model model) => [.. Lines(model).Select(line => line.Text)];

    public override Next? OnKey(Key key, Model model) =>
        Page.On(key, Lines(model), Room(model)) is { } page ? model.Replace(this with { Page = page }) : null;

    public override ScreenPanels Picture(Rect body, Model model)
    {
        var inside = PanelFrame.Inside(body);
        return ScreenPanels.Of(body, new PanelFrame(Heading, Focused: true, Note), Page.Shown(Lines(model), inside.Width, inside.Height));
    }
}
