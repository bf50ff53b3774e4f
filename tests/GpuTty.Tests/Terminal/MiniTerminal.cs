using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using GpuTty.Terminal;

namespace GpuTty.Tests.Terminal;

/// <summary>A terminal that knows what every kernel's console knows, and nothing else: any other sequence is an error.</summary>
internal sealed partial class MiniTerminal(int width, int height, bool knowsPrivateModes = false)
{
    private readonly Surface _screen = new(width, height);
    private int _x;
    private int _y;
    private Style _style;

    public bool CursorIsVisible { get; private set; } = true;

    public (int X, int Y) Cursor => (_x, _y);

    public string Text => _screen.ToText() + _screen.ToStyleText();

    public void Write(ReadOnlySpan<byte> bytes)
    {
        for (var text = Encoding.UTF8.GetString(bytes).AsSpan(); !text.IsEmpty;)
        {
            if (text[0] == '\e')
            {
                var match = Sequence().Match(text.ToString());
                Assert.True(
                    match.Success,
                    $"A sequence the console need not know: {text[..Math.Min(12, text.Length)].ToString().Replace('\e', '^')}");
                Obey(match.Groups["parameters"].Value, match.Groups["final"].Value[0]);
                text = text[match.Length..];
                continue;
            }
            // As with ?7l: the last column is written over and over.
            _screen[_x, _y] = new Cell(text[0], _style);
            _x = Math.Min(_x + 1, width - 1);
            text = text[1..];
        }
    }

    private void Obey(string parameters, char final)
    {
        if (parameters == "?25") CursorIsVisible = final == 'h';
        else if (parameters.StartsWith('?'))
            Assert.True(knowsPrivateModes || parameters == "?7", $"The console gets private mode {parameters}");
        else if (final == 'm') SetStyle(parameters);
        else if (final == 'H') (_y, _x) = parameters.Length == 0 ? (0, 0) : (Number(parameters, 0) - 1, Number(parameters, 1) - 1);
        else _screen.Fill(_screen.Bounds(), new Cell(' ', _style));
    }

    private void SetStyle(string parameters)
    {
        foreach (var number in parameters.Split(';').Select(text => int.Parse(text, CultureInfo.InvariantCulture)))
            _style = number switch
            {
                0 => Style.Default,
                1 => _style.Bold,
                7 => _style.Reversed,
                >= 30 and <= 37 => Merge((Color)(number - 29), _style.Background),
                >= 40 and <= 47 => Merge(_style.Foreground, (Color)(number - 39)),
                39 => Merge(Color.Default, _style.Background),
                49 => Merge(_style.Foreground, Color.Default),
                _ => throw new ArgumentException($"The console shows SGR {number} as something else."),
            };
    }

    private Style Merge(Color foreground, Color background)
    {
        var merged = Style.Of(foreground, background);
        if (_style.IsBold) merged = merged.Bold;
        return _style.IsReversed ? merged.Reversed : merged;
    }

    private static int Number(string parameters, int index) => int.Parse(parameters.Split(';')[index], CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\e\[(?<parameters>\?\d+(?=[hl])|2(?=J)|[\d;]*(?=[Hm]))(?<final>[hlJHm])")]
    private static partial Regex Sequence();
}
