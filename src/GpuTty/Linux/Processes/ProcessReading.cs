using System.Collections.Immutable;
using GpuTty.Host.Holders;

namespace GpuTty.Linux.Processes;

/// <summary>How far one process could be looked into.</summary>
internal enum ReadingEnd
{
    /// <summary>To the end: what was found is all.</summary>
    Whole,

    /// <summary>It is there, and not everything of it may be looked at.</summary>
    Refused,

    /// <summary>It has much open, while another like it is being looked at: to be tried again.</summary>
    Later,

    /// <summary>It has more open than a look takes time for.</summary>
    TooMuch,
}

/// <summary>What was found of one process.</summary>
/// <param name="Nodes">What it holds, as far as it was looked into.</param>
internal readonly record struct ProcessReading(ImmutableArray<HeldNode> Nodes, ReadingEnd End)
{
    public static ProcessReading Whole(ImmutableArray<HeldNode> nodes) => new(nodes, ReadingEnd.Whole);

    public static ProcessReading Not(ReadingEnd end) => new([], end);

    /// <summary>Two parts of one process: as far as the worse of them.</summary>
    public ProcessReading And(ProcessReading other) => new(Nodes.AddRange(other.Nodes), (ReadingEnd)Math.Max((int)End, (int)other.End));
}
