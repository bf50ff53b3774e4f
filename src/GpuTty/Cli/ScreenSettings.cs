using System.Collections.Immutable;

namespace GpuTty.Cli;

/// <summary>How the full-screen program shall look; the command line says
/// it, and the process that draws is told in words of its own.</summary>
/// <param name="Plain">Questions and answers, a line each, instead of a screen.</param>
internal sealed record ScreenSettings(bool IsAscii = false, bool IsWithoutColor = false, bool Plain = false)
{
    private const string Ascii = "--ascii";
    private const string WithoutColor = "--color=never";

    /// <summary>What the supervisor passes on; a program without a screen has none.</summary>
    public ImmutableArray<string> Arguments =>
        [.. IsAscii ? [Ascii] : ImmutableArray<string>.Empty, .. IsWithoutColor ? [WithoutColor] : ImmutableArray<string>.Empty];

    /// <summary>The settings among the arguments that were passed on, and the rest of these.</summary>
    public static (ScreenSettings Settings, ImmutableArray<string> Others) From(IReadOnlyList<string> arguments) =>
        (new ScreenSettings(arguments.Contains(Ascii), arguments.Contains(WithoutColor)), [.. arguments.Except([Ascii, WithoutColor])]);
}
