using System.Globalization;
using GpuTty.Interop;
using GpuTty.Linux.Systemd.DBus;

namespace GpuTty.Linux.Systemd;

/// <summary>
/// Where systemd and logind are asked: the system's bus, and the socket of each user's own service manager, which lets in that
/// user (systemd, src/core/dbus.c). <c>systemctl --user --machine=UID@.host</c> would open a login session for each question.
/// </summary>
internal sealed class Buses(FileSystemRoot root) : IDisposable
{
    private static readonly TimeSpan s_opens = TimeSpan.FromSeconds(10);
    private readonly SemaphoreSlim _gate = new(1);
    private BusLink? _system;

    /// <summary>When the bus last hung while it was opened, and how: one look asks it several things, and waits for it once.</summary>
    private (BusException Why, long At)? _hung;

    /// <summary>The connection to the system's bus, which all share and nobody closes; null where there is no bus.</summary>
    /// <exception cref="BusException">There is one, and it does not answer.</exception>
    public async Task<BusLink?> SystemAsync(CancellationToken cancel)
    {
        await _gate.WaitAsync(cancel);
        try
        {
            if (_system is not { IsClosed: false })
            {
                if (_hung is { } hung && TimeProvider.System.GetElapsedTime(hung.At) < s_opens) throw hung.Why;
                _hung = null;
                _system?.Dispose();
                _system = null;
                _system = await OwnSystemAsync(cancel);
            }
            return _system;
        }
        catch (BusException late) when (late.Failure == BusFailure.Late)
        {
            _hung ??= (late, TimeProvider.System.GetTimestamp());
            throw;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>A connection of the caller's own to the system's bus; null where there is no bus.</summary>
    public Task<BusLink?> OwnSystemAsync(CancellationToken cancel) =>
        OpenAsync(new BusPlace(root.Run("dbus/system_bus_socket"), null), cancel);

    /// <summary>A connection of the caller's own to a user's service manager; null where that does not run.</summary>
    public Task<BusLink?> UserAsync(int uid, CancellationToken cancel)
    {
        // To the kernel it would mean "as it is": root.
        if (uid < 0) throw new BusException(BusFailure.Denied, "The user of the service manager is unknown.");
        // Everybody sees whether there is one; only that user, or root in that user's place, may look into it.
        var folder = root.Run($"user/{uid.ToString(CultureInfo.InvariantCulture)}");
        return SysFiles.Exists(folder)
            ? OpenAsync(new BusPlace($"{folder}/systemd/private", uid), cancel)
            : Task.FromResult<BusLink?>(null);
    }

    public void Dispose()
    {
        _system?.Dispose();
        _gate.Dispose();
    }

    private static async Task<BusLink?> OpenAsync(BusPlace place, CancellationToken cancel)
    {
        try
        {
            return await BusLink.OpenAsync(place, s_opens, cancel);
        }
        catch (BusException nobody) when (nobody.Failure == BusFailure.NoBus)
        {
            return null;
        }
    }
}
