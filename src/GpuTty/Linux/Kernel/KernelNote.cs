using System.Text;
using GpuTty.Text;

namespace GpuTty.Linux.Kernel;

/// <summary>A line of ours in the kernel's log, for what can be written nowhere
/// else: it needs no disk (Documentation/ABI/testing/dev-kmsg).</summary>
internal static class KernelNote
{
    private const int Longest = 900;

    public static void Say(string text)
    {
        try
        {
            // One write is one line; <3> is the level of an error.
            using var log = new FileStream("/dev/kmsg", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            log.Write(Encoding.UTF8.GetBytes($"<3>gputty: {Visible.Text(text, Longest)}\n"));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // In a container; the log of the run has it too.
        }
    }
}
