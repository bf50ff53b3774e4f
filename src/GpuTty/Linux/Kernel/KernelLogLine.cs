using System.Globalization;
using System.Text;
using GpuTty.Switching;
using GpuTty.Text;

namespace GpuTty.Linux.Kernel;

/// <summary>A record of /dev/kmsg: <c>priority,sequence,microseconds,flags;text</c> and
/// lines of keys, which begin with a space (Documentation/ABI/testing/dev-kmsg).</summary>
/// <param name="Priority">0 (emergency) to 7 (debug).</param>
/// <param name="IsFromKernel">False for what a program has written to /dev/kmsg:
/// the kernel gives such lines another facility, whatever they ask for.</param>
/// <param name="SinceBoot">By the kernel's own clock.</param>
internal sealed record KernelLogLine(int Priority, bool IsFromKernel, long Sequence, TimeSpan SinceBoot, string Text)
{
    // A hundred years; whatever claims more must not break our arithmetic.
    private const long LongestMicroseconds = 3_155_760_000_000_000;

    public LogLevel Level => IsFromKernel ? KernelLogClassifier.LevelOf(Text, Priority) : LogLevel.Info;

    public KernelEvent Event => IsFromKernel ? KernelLogClassifier.Of(Text) : KernelEvent.None;

    /// <summary>For the log of a run, with what it means.</summary>
    public LogLine At(DateTimeOffset at) => new(at, Level, LogSource.Kernel, Text) { Event = Event };

    /// <summary>Null for what is no record. Never throws.</summary>
    public static KernelLogLine? Parse(ReadOnlySpan<byte> record)
    {
        var semicolon = record.IndexOf((byte)';');
        if (semicolon < 0) return null;
        var fields = Encoding.ASCII.GetString(record[..semicolon]).Split(',');
        if (fields.Length < 3 || !int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var priority)
            || !long.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            || !long.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)) return null;
        var text = record[(semicolon + 1)..];
        var end = text.IndexOf((byte)'\n');
        var isFromKernel = priority >> 3 == 0;
        // The kernel writes what is not printable as an escape, the backslash too.
        var words = Visible.Text(EscapedBytes.Hexadecimal(end < 0 ? text : text[..end]), 1000);
        // Whoever reads the log must not take it for the kernel's word either.
        return new KernelLogLine(
            priority & 7,
            isFromKernel,
            sequence,
            TimeSpan.FromTicks(Math.Min(microseconds, LongestMicroseconds) * 10),
            isFromKernel ? words : $"(from a program) {words}");
    }
}
