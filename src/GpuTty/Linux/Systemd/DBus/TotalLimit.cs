using GpuTty.Text;

namespace GpuTty.Linux.Systemd.DBus;

/// <summary>One limit for all that a reader asks in one look: a service that answers each question late must not add them up.</summary>
internal static class TotalLimit
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(15);

    /// <param name="who">Who is asked, as the subject of a sentence.</param>
    /// <exception cref="BusException">Not everything was answered in time.</exception>
    public static async Task<T> WithinAsync<T>(string who, Func<CancellationToken, Task<T>> ask, CancellationToken cancel)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        end.CancelAfter(s_limit);
        try
        {
            return await ask(end.Token);
        }
        catch (OperationCanceledException late) when (!cancel.IsCancellationRequested)
        {
            throw new BusException(BusFailure.Late, $"{who} did not answer everything within {Counted.Seconds(s_limit)}.", cause: late);
        }
    }
}
