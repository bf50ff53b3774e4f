using System.Collections.Immutable;
using System.IO.Hashing;
using GpuTty.Switching;

namespace GpuTty.Linux.State;

/// <summary>What a journal file says. Only a <see cref="Run"/> of this boot is ever acted on.</summary>
internal abstract record JournalContent
{
    private JournalContent() { }

    /// <summary>No file, or an empty one.</summary>
    public sealed record Nothing : JournalContent;

    /// <summary>There is a file, but not even its first line is whole.</summary>
    public sealed record Unreadable : JournalContent;

    /// <summary>Written by another version of the program.</summary>
    public sealed record OtherVersion(int Schema) : JournalContent;

    /// <param name="Events">The longest run of whole lines, from the first.</param>
    /// <param name="Length">How many bytes they take.</param>
    /// <param name="Sum">What the next line builds on.</param>
    /// <param name="IsTorn">Something follows that is not whole: a cut, a zeroed tail, a flipped bit.</param>
    public sealed record Run(ImmutableArray<RunEvent> Events, int Length, Crc32 Sum, bool IsTorn) : JournalContent
    {
        public RunEvent.Opened Opening => (RunEvent.Opened)Events[0];

        /// <summary>Bindings do not outlive a boot: a journal of another one is only history.</summary>
        public bool IsOf(string bootId) => Opening.BootId == bootId;

        public bool HasBegun => Events.Any(entry => entry is RunEvent.Begun);

        public bool IsClosed => Events.Any(entry => entry is RunEvent.Closed);
    }
}
