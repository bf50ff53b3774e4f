using GpuTty.Linux.Commands;
using GpuTty.Linux.Systemd.DBus;

namespace GpuTty.Linux.Systemd;

/// <summary>Whether a transient unit runs.</summary>
/// <param name="Problem">Why it was not started, in a sentence; null when it was.</param>
/// <param name="Exists">There is one of that name, which has not been cleared up yet.</param>
internal readonly record struct UnitStart(string? Problem, bool Exists = false)
{
    public bool Succeeded => Problem is null;
}

/// <summary>Starts units of our own with the system's manager, by systemd-run(1) where there is no bus.</summary>
internal sealed class TransientUnits(Buses buses, CommandRunner tools)
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(5);

    /// <summary>systemd runs the machine (sd_booted(3)).</summary>
    public static bool RunsMachine => Directory.Exists("/run/systemd/system");

    /// <summary>False where systemd can be asked in neither way.</summary>
    public async Task<bool> CanStartAsync(CancellationToken cancel) => tools.Find("systemd-run") is not null || await HasBusAsync(cancel);

    /// <summary>Returns when the program was started, or could not be.</summary>
    public async Task<UnitStart> StartAsync(TransientUnit unit, TimeSpan limit, CancellationToken cancel)
    {
        BusException? lost = null;
        try
        {
            if (await buses.SystemAsync(cancel) is { } link)
            {
                var result = await new ManagerLink(link).StartTransientAsync(unit, limit, cancel);
                return result.IsDone ? default : new UnitStart($"{unit.Name} did not start: {result.Why}.");
            }
        }
        catch (BusException refused) when (refused.IsRefusal)
        {
            return new UnitStart($"systemd refused: {refused.Message.TrimEnd('.')}.", refused.Is(BusException.UnitExists));
        }
        catch (BusException failed)
        {
            lost = failed;
        }
        var started = await tools.RunAsync("systemd-run", unit.Arguments(), limit, cancel);
        if (started.Succeeded) return default;
        var exists = started.Errors.Contains("already", StringComparison.Ordinal);
        // The bus was lost after it had been asked: whoever waits for the unit sees whether it is the one that was wanted.
        if (exists && lost is not null) return default;
        return new UnitStart(lost is null || started.WasFound ? started.Problem("systemd-run") : lost.Message, exists);
    }

    /// <summary>True also while it clears up, or could be about to. Null where nobody tells.</summary>
    public async Task<bool?> IsActiveAsync(string unit, CancellationToken cancel)
    {
        try
        {
            if (await buses.SystemAsync(cancel) is { } link) return IsActive(await new ManagerLink(link).ActiveStateAsync(unit, cancel));
        }
        catch (BusException)
        {
            // systemctl finds the manager without it.
        }
        var told = await tools.RunAsync("systemctl", ["show", "--property=ActiveState", "--value", "--", unit], s_look, cancel);
        return told.Succeeded ? IsActive(told.Output.Trim()) : null;
    }

    private static bool IsActive(string state) => state is "active" or "activating" or "deactivating" or "reloading";

    private async Task<bool> HasBusAsync(CancellationToken cancel)
    {
        try
        {
            return await buses.SystemAsync(cancel) is not null;
        }
        catch (BusException)
        {
            return false;
        }
    }
}
