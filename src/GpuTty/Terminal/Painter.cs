using System.Buffers;

namespace GpuTty.Terminal;

/// <summary>Brings a terminal from the last frame to the next with few bytes: consoles without acceleration are slow.</summary>
internal sealed class Painter(TerminalTraits traits)
{
    // Writing a few cells again is shorter than moving over them.
    private const int ShortestJump = 4;

    private Cell[] _shown = [];
    private int _width;
    private Cursor? _cursor;
    private bool _known;

    /// <summary>What is on the screen is no longer known; the next frame is drawn from scratch.</summary>
    public void Forget() => _known = false;

    public void Paint(Surface frame, IBufferWriter<byte> output)
    {
        var writer = new ScreenWriter(output, synchronized: !traits.IsConsole);
        if (!_known || _width != frame.Width || _shown.Length != frame.Width * frame.Height) StartOver(frame, writer);
        for (var y = 0; y < frame.Height; y++) PaintRow(frame, y, writer);
        PlaceCursor(frame.Cursor, writer);
        writer.Finish();
    }

    private void StartOver(Surface frame, ScreenWriter writer)
    {
        (_width, _shown, _cursor, _known) = (frame.Width, new Cell[frame.Width * frame.Height], null, true);
        Array.Fill(_shown, Cell.Blank);
        writer.Clear();
    }

    private void PaintRow(Surface frame, int y, ScreenWriter writer)
    {
        var row = _shown.AsSpan(y * _width, _width);
        var end = -ShortestJump - 1;
        for (var x = 0; x < _width; x++)
        {
            var wanted = Adapt(frame[x, y]);
            if (wanted == row[x]) continue;
            if (x - end > ShortestJump) writer.MoveTo(x, y);
            else for (; end < x; end++) writer.Write(row[end]);
            writer.Write(row[x] = wanted);
            end = x + 1;
        }
    }

    private void PlaceCursor(Cursor wanted, ScreenWriter writer)
    {
        if (wanted == _cursor && writer.IsUntouched) return;
        writer.MoveTo(wanted.X, wanted.Y);
        if (wanted.Visible != _cursor?.Visible) writer.ShowCursor(wanted.Visible);
        _cursor = wanted;
    }

    private Cell Adapt(Cell cell)
    {
        var style = traits.HasColor ? cell.Style : cell.Style.WithoutColor;
        // The console draws the two together as dark grey on grey.
        if (traits.IsConsole && style.IsBold && style.IsReversed) style = style.WithoutBold;
        return new Cell(traits.Glyphs.Show(cell.Glyph), style);
    }
}
