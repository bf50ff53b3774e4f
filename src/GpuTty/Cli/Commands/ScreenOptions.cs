using System.CommandLine;

namespace GpuTty.Cli.Commands;

/// <summary>Options of the full-screen program, on the real machine and on a simulated one.</summary>
internal sealed class ScreenOptions
{
    private readonly Option<bool> _ascii = new("--ascii") { Description = "Draw with ASCII characters only" };
    private readonly Option<string> _color = Color();
    private readonly Option<bool> _plain = new("--plain")
    {
        Description = "Ask and answer line by line instead of drawing a screen: for screen readers, braille displays and serial lines",
    };

    public IEnumerable<Option> All => [_ascii, _color, _plain];

    public ScreenSettings Of(ParseResult parse) => new(parse.GetValue(_ascii), parse.GetValue(_color) == "never", parse.GetValue(_plain));

    private static Option<string> Color()
    {
        var option = new Option<string>("--color")
        {
            Description = "Whether to use colours where the terminal has them",
            HelpName = "never|auto",
            DefaultValueFactory = _ => "auto",
        };
        return option.AcceptOnly("never", "auto");
    }
}
