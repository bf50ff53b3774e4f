using GpuTty.Host;
using GpuTty.Host.Settings;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Systemd.DBus;
using GpuTty.Switching;
using GpuTty.Text;

namespace GpuTty.Linux.Systemd;

/// <summary>
/// Which CPUs a unit of the system may use (systemd.resource-control(5), AllowedCPUs=), until the machine restarts: asked of the
/// manager on the bus, and by systemctl(1) only where there is no bus, or it is lost on the way.
/// </summary>
internal sealed class UnitCpus(Buses buses, CommandRunner tools, TimeProvider clock, Action<LogLine> log)
{
    private readonly Systemctl _systemctl = new(tools, clock, log);

    /// <param name="cpus">A list of CPUs; an empty one takes every earlier one back.</param>
    /// <exception cref="HostException">The manager has refused it.</exception>
    public async Task LimitAsync(string unit, string cpus, CancellationToken cancel)
    {
        if (CpuList.Parse(cpus) is not { } set)
            throw new HostException($"'{Visible.Text(cpus, 60)}' is no list of CPUs.", "Report this; it should not happen.");
        try
        {
            if (await buses.SystemAsync(cancel) is { } link)
            {
                await new ManagerLink(link).LimitCpusAsync(unit, CpuList.Bits(set), cancel);
                Log(LogLevel.Info, $"systemd: SetUnitProperties {unit}: AllowedCPUs={cpus}");
                return;
            }
        }
        catch (BusException refused) when (refused.IsRefusal)
        {
            throw new HostException($"{Problem(unit)}: {Visible.Text(refused.Message.TrimEnd('.'), 200)}.", LookWhy(unit), refused);
        }
        catch (BusException lost)
        {
            Log(LogLevel.Warning, $"{lost.Message} Now systemctl is asked.");
        }
        await _systemctl.SetPropertyAsync(
            unit,
            $"AllowedCPUs={cpus}",
            Problem(unit),
            LookWhy(unit),
            $"Without systemd no CPUs can be kept free: take {ConfigurationKey.IsolateCpus.Name} out of /etc/gputty.conf.",
            cancel);
    }

    private static string Problem(string unit) => $"The CPUs of {unit} could not be set";

    private static string LookWhy(string unit) => $"Look why: systemctl status {unit}";

    private void Log(LogLevel level, string text) =>
        log(new LogLine(clock.GetUtcNow(), level, LogSource.Command, Visible.Text(text, 1000)));
}
