using GpuTty.Terminal;

namespace GpuTty.Tui.Widgets;

/// <content>What has to have been on the screen before it can be agreed to.</content>
internal sealed partial record Dialog
{
    /// <summary>How many of the first lines only the safe button works without.</summary>
    public int MustBeSeen { get; init; }

    /// <summary>Why the key agrees to nothing yet: there is more to read; null where it is no such key, or all was in sight.</summary>
    /// <param name="room">Where the dialog is drawn.</param>
    public string? WhyUnread(Key key, Rect room) =>
        !IsTyping && Meant(key) is { IsSafe: false } && !IsRead(room) ? "There is more to read first: Down goes on." : null;

    public bool IsRead(Rect room)
    {
        var width = Math.Min(room.Width, Math.Clamp(Lines.Append(Title).Max(line => line.Width) + 4, 44, Widest));
        var inner = Math.Max(1, width - 4);
        int Rows(IEnumerable<Label> lines) => lines.Sum(line => WordWrap.Lines(line.Text, inner).Count());
        var below = ButtonRows(inner).Count + (MustType is null ? 0 : 2);
        var all = Rows(Lines);
        var sight = Math.Max(0, Math.Min(room.Height, all + below + 3) - 2 - below);
        return Rows(Lines.Take(MustBeSeen)) <= Math.Clamp(Scrolled, 0, Math.Max(0, all - sight)) + sight;
    }

    private DialogButton? Meant(Key key) =>
        key.Code == KeyCode.Enter ? Buttons.ElementAtOrDefault(FocusNow) : Buttons.FirstOrDefault(button => key.Is(button.Letter));
}
