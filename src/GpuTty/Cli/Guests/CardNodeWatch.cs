using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Switching;

namespace GpuTty.Cli.Guests;

/// <summary>Waits for news of a card that is away: that a virtual machine opens or closes its nodes, or that the machine changes.</summary>
internal sealed class CardNodeWatch(CommandContext world) : IDisposable
{
    /// <summary>Where nodes cannot be listened to.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(2);

    /// <summary>A look at every process costs more than it tells while nothing is heard.</summary>
    private static readonly TimeSpan s_rareLook = TimeSpan.FromSeconds(60);

    private string[] _paths = [];
    private INodeWatch? _watch;

    /// <returns>True where other nodes than before are listened to now: what was seen before that may be out of date.</returns>
    public bool Follow(Card card)
    {
        string[] paths = [.. card.Functions
            .SelectMany(function => function.Nodes)
            .Where(node => node.Kind == NodeKind.Vfio)
            .Select(node => node.Path)
            .Distinct()
            .Order(StringComparer.Ordinal)];
        if (paths.SequenceEqual(_paths)) return false;
        _watch?.Dispose();
        _paths = paths;
        _watch = paths.Length == 0 ? null : world.Watch.Hear(paths);
        return _watch is not null;
    }

    /// <returns>True where one of the nodes was opened since the last call.</returns>
    public async Task<bool> WaitAsync(CancellationToken cancel)
    {
        if (_watch is null)
        {
            await world.Reader().WaitForChangeAsync(s_look, cancel);
            return false;
        }
        using var first = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var heard = _watch.WaitAsync(s_rareLook, first.Token);
        var changed = world.Reader().WaitForChangeAsync(s_rareLook, first.Token);
        await Task.WhenAny(heard, changed);
        await first.CancelAsync();
        cancel.ThrowIfCancellationRequested();
        try
        {
            await changed;
            return await heard;
        }
        catch (OperationCanceledException)
        {
            return heard.IsCompletedSuccessfully && await heard;
        }
    }

    public void Dispose() => _watch?.Dispose();
}
