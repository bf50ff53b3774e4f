namespace GpuTty.Terminal;

/// <summary>
/// Light box lines as sets of arms. Drawing one line over another unites their arms, so frames that share an edge
/// join by themselves: a corner drawn over a line becomes a tee.
/// </summary>
internal static class BoxLines
{
    public const int Up = 1;
    public const int Right = 2;
    public const int Down = 4;
    public const int Left = 8;

    // Indexed by arms. A single arm is drawn as the whole line: half lines are in no console font.
    private const string ByArms = " │─└││┌├─┘─┴┐┤┬┼";

    public static char Join(char existing, int arms) => ByArms[Arms(existing) | arms];

    public static bool Contains(char glyph) => Arms(glyph) != 0;

    private static int Arms(char glyph) => glyph switch
    {
        '│' => Up | Down,
        '─' => Left | Right,
        '└' => Up | Right,
        '┌' => Down | Right,
        '┘' => Up | Left,
        '┐' => Down | Left,
        '├' => Up | Down | Right,
        '┤' => Up | Down | Left,
        '┴' => Up | Left | Right,
        '┬' => Down | Left | Right,
        '┼' => Up | Down | Left | Right,
        _ => 0,
    };
}
