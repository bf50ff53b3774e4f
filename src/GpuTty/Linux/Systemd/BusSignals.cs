using System.Threading.Channels;
using GpuTty.Linux.Systemd.DBus;
using Tmds.DBus.Protocol;

namespace GpuTty.Linux.Systemd;

/// <summary>
/// What systemd and logind say by themselves: sessions that come, go or become active, a shutdown
/// that begins, and the states of the units in view. Where there is no bus nothing comes.
/// </summary>
internal sealed class BusSignals(Buses buses, TimeProvider clock) : IDisposable
{
    private const string Changed = "PropertiesChanged", Properties = "org.freedesktop.DBus.Properties";
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_tryAgain = TimeSpan.FromSeconds(30);

    /// <summary>A signal that came while nobody waited is kept, however many there were.</summary>
    private readonly Channel<bool> _heard =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Dictionary<string, IDisposable> _units = [];
    private BusLink? _link;
    private Task _listening = Task.CompletedTask;
    private long? _failed;

    /// <summary>True while sessions are told of, and nobody need look for them.</summary>
    public bool IsListening => _link is { IsClosed: false };

    /// <summary>Returns at the next signal, or at one that came since the
    /// last return; where there is no bus, only when cancelled.</summary>
    /// <param name="units">Units of the system whose state is of interest.</param>
    public async Task WaitAsync(IReadOnlyCollection<string> units, CancellationToken cancel)
    {
        // What one wait has begun goes on when that wait is over: waits may be shorter than a slow bus takes.
        if (_listening.IsCompleted) _listening = ListenAsync(units);
        await _listening.WaitAsync(cancel);
        await _heard.Reader.ReadAsync(cancel);
    }

    /// <summary>Forgets what was heard: one look answers a whole burst.</summary>
    public void Drain() => _heard.Reader.TryRead(out _);

    public void Dispose() => _link?.Dispose();

    private async Task ListenAsync(IReadOnlyCollection<string> units)
    {
        if (_failed is { } when && clock.GetElapsedTime(when) < s_tryAgain) return;
        _failed = clock.GetTimestamp();
        try
        {
            if (_link is not { IsClosed: false }) _link = await OpenAsync();
            if (_link is null) return;
            _link.AllowMore();
            foreach (var gone in _units.Keys.Except(units).ToList())
            {
                _units[gone].Dispose();
                _units.Remove(gone);
            }
            foreach (var unit in units.Where(unit => !_units.ContainsKey(unit)))
                _units[unit] = await WatchAsync(
                    _link,
                    ManagerLink.Service,
                    new MatchRule { Path = ManagerLink.PathOf(unit), Interface = Properties, Member = Changed });
            _failed = null;
        }
        catch (Exception lost) when (lost is BusException or ObjectDisposedException)
        {
            // There is the slower way: to look now and then.
            _link?.Dispose();
        }
    }

    private async Task<BusLink?> OpenAsync()
    {
        _units.Clear();
        if (await buses.OwnSystemAsync(CancellationToken.None) is not { } link) return null;
        try
        {
            const string logind = "/org/freedesktop/login1";
            await WatchAsync(link, LogindLink.Service, new MatchRule { Path = logind, Interface = "org.freedesktop.login1.Manager" });
            await WatchAsync(link, LogindLink.Service, new MatchRule { PathNamespace = logind, Interface = Properties, Member = Changed });
            await new ManagerLink(link).SubscribeAsync(CancellationToken.None);
            return link;
        }
        catch
        {
            link.Dispose();
            throw;
        }
    }

    private Task<IDisposable> WatchAsync(BusLink link, string service, MatchRule rule) =>
        link.WatchAsync(service, rule, static (_, _) => true, _ => Hear(), () => Lose(link), s_limit, CancellationToken.None);

    /// <summary>
    /// The end of a connection, or of the service at its other end, is a signal too: nobody knows what was missed. What was
    /// subscribed to ends with a service that is started again, and only the next wait subscribes anew.
    /// </summary>
    private void Lose(BusLink link)
    {
        if (!link.IsClosed) link.Dispose();
        Hear();
    }

    private void Hear() => _heard.Writer.TryWrite(true);
}
