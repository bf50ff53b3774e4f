namespace GpuTty.Tui.Widgets;

/// <summary>A column of a list. Addresses and states are shown whole or not at all; names may be cut.</summary>
internal sealed record Column
{
    private Column()
    {
    }

    public bool MayBeCut { get; private init; }

    public bool AlignsRight { get; private init; }

    /// <summary>As wide as its widest cell.</summary>
    public static Column Whole() => new();

    /// <summary>Shares the room the others leave; what does not fit ends with <c>~</c>.</summary>
    public static Column Cut() => new() { MayBeCut = true };

    public static Column Number() => new() { AlignsRight = true };
}
