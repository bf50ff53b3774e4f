using System.Globalization;
using System.Text;
using GpuTty.Host;
using GpuTty.Linux.State;
using GpuTty.Switching;
using GpuTty.Text;

namespace GpuTty.Linux.Kernel;

/// <summary>
/// The kernel's own words about its crash, kept in /run/gputty/crash until the next boot. Not every crash sets the taint
/// bit of a death ("scheduling while atomic" sets that of a warning, which others set too), and the kernel's log is a ring.
/// </summary>
/// <param name="Words">One line.</param>
/// <param name="TaintBefore">Taint bits that were set before, or that a WARNING has set; null where that is not known.</param>
internal sealed record KernelCrash(string Words, long? TaintBefore)
{
    private const string Name = "crash";
    private const string TaintLine = "\ntaint before: ";

    /// <summary>The first one counts: the others follow from it. A line that cannot be kept must not end what listens.</summary>
    /// <returns>True where this one is kept now.</returns>
    public bool Keep(StateDirectory run)
    {
        try
        {
            if (Find(run) is not null) return false;
            run.Replace(
                Name,
                Encoding.UTF8.GetBytes(TaintBefore is { } taint
                    ? string.Create(CultureInfo.InvariantCulture, $"{Words}{TaintLine}{taint}")
                    : Words));
            return true;
        }
        catch (HostException)
        {
            // It is in the log, and the taint bit tells most of these.
            return false;
        }
    }

    /// <summary>Null when there was none. Words that are no crash are none, whoever has taken them for one.</summary>
    /// <exception cref="HostException">The file is not ours to read.</exception>
    public static KernelCrash? Find(StateDirectory run)
    {
        if (run.Read(Name) is not { } content) return null;
        var text = Encoding.UTF8.GetString(content);
        var end = text.IndexOf(TaintLine, StringComparison.Ordinal);
        var words = Visible.Text(end < 0 ? text : text[..end], 1000);
        if (KernelLogClassifier.Of(words) != KernelEvent.Crash) return null;
        return new KernelCrash(
            words,
            end >= 0
                && long.TryParse(text.AsSpan(end + TaintLine.Length).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var taint)
                ? taint
                : null);
    }

    public static void Forget(StateDirectory run)
    {
        try
        {
            run.Delete(Name);
        }
        catch (HostException)
        {
            // It is believed for longer than it need be.
        }
    }
}
