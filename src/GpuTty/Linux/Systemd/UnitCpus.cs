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
    private static readonly TimeSpan s_asks = TimeSpan.FromSeconds(20);

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
            throw Refused(unit, refused.Message.TrimEnd('.'), refused);
        }
        catch (BusException lost)
        {
            Log(LogLevel.Warning, $"{lost.Message} Now systemctl is asked.");
        }
        string[] arguments = ["--no-ask-password", "set-property", "--runtime", "--", unit, $"AllowedCPUs={cpus}"];
        var result = await tools.RunAsync("systemctl", arguments, s_asks, cancel);
        Log(
            result.Succeeded ? LogLevel.Info : LogLevel.Warning,
            $"systemctl {string.Join(' ', arguments)}{(result.Succeeded ? "" : $": {result.Problem("systemctl")}")}");
        if (!result.Succeeded) throw Refused(unit, result.Problem("systemctl").TrimEnd('.'));
    }

    private static HostException Refused(string unit, string why, Exception? cause = null)
    {
        var (problem, remedy) = ($"The CPUs of {unit} could not be set: {Visible.Text(why, 200)}.", $"Look why: systemctl status {unit}");
        return cause is null ? new HostException(problem, remedy) : new HostException(problem, remedy, cause);
    }

    private void Log(LogLevel level, string text) =>
        log(new LogLine(clock.GetUtcNow(), level, LogSource.Command, Visible.Text(text, 1000)));
}
