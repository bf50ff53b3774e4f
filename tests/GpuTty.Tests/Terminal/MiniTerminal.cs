using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using GpuTty.Terminal;

namespace GpuTty.Tests.Terminal;

/// <summary>A terminal that knows what every kernel's console knows, and nothing else: any other sequence is an error.</summary>
internal sealed partial class MiniTerminal(int width, int height, bool knowsPrivateModes = false)
{
    private readonly Surface screen = new(width, height);
    private int x;
    private int y;
    private Style style;

    public bool CursorIsVisible { get; private set; } = true;

    public (int X, int Y) Cursor => (x, y);

    public string Text => screen.ToText() + screen.ToStyleText();

    public void Write(ReadOnlySpan<byte> bytes)
    {
        for (var text = Encoding.UTF8.GetString(bytes).AsSpan(); !text.IsEmpty;)
        {
            if (text[0] == '\e')
            {
                var match = Sequence().Match(text.ToString());
                Assert.True(match.Success, $"A sequence the console need not know: {text[..Math.Min(12, text.Length)].ToString().Replace('\e', '^')}");
                Obey(match.Groups["parameters"].Value, match.Groups["final"].Value[0]);
                text = text[match.Length..];
                continue;
            }
            // As with ?7l: the last column is written over and over.
            screen[x, y] = new Cell(text[0], style);
            x = Math.Min(x + 1, width - 1);
            text = text[1..];
        }
    }

    private void Obey(string parameters, char final)
    {
        if (parameters == "?25") CursorIsVisible = final == 'h';
        else if (parameters.StartsWith('?')) Assert.True(knowsPrivateModes || parameters == "?7", $"The console gets private mode {parameters}");
        else if (final == 'm') SetStyle(parameters);
        else if (final == 'H') (y, x) = parameters.Length == 0 ? (0, 0) : (Number(parameters, 0) - 1, Number(parameters, 1) - 1);
        else screen.Fill(screen.Bounds(), new Cell(' ', style));
    }

    private void SetStyle(string parameters)
    {
        foreach (var number in parameters.Split(';').Select(text => int.Parse(text, CultureInfo.InvariantCulture)))
            style = number switch
            {
                0 => Style.Default,
                1 => style.Bold,
                7 => style.Reversed,
                >= 30 and <= 37 => Merge((Color)(number - 29), style.Background),
                >= 40 and <= 47 => Merge(style.Foreground, (Color)(number - 39)),
                39 => Merge(Color.Default, style.Background),
                49 => Merge(style.Foreground, Color.Default),
                _ => throw new ArgumentException($"The console shows SGR {number} as something else."),
            };
    }

    private Style Merge(Color foreground, Color background)
    {
        var merged = Style.Of(foreground, background);
        if (style.IsBold) merged = merged.Bold;
        return style.IsReversed ? merged.Reversed : merged;
    }

    private static int Number(string parameters, int index) => int.Parse(parameters.Split(';')[index], CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\e\[(?<parameters>\?\d+(?=[hl])|2(?=J)|[\d;]*(?=[Hm]))(?<final>[hlJHm])")]
    private static partial Regex Sequence();
}
