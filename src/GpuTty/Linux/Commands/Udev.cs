using GpuTty.Host;
using GpuTty.Switching;
using GpuTty.Text;

namespace GpuTty.Linux.Commands;

/// <summary>Has udev act on the rules that are there (udevadm(8)).</summary>
internal sealed class Udev(CommandRunner tools, TimeProvider clock, Action<LogLine> log)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    public Task ReloadAsync(CancellationToken cancel) => RunAsync(["control", "--reload"], cancel);

    /// <exception cref="HostException">It did not do it in time, or said why not.</exception>
    public async Task RunAsync(IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        var result = await tools.RunAsync("udevadm", arguments, s_limit, cancel);
        log(new LogLine(clock.GetUtcNow(), result.Succeeded ? LogLevel.Info : LogLevel.Warning, LogSource.Command,
            $"udevadm {string.Join(' ', arguments)}{(result.Succeeded ? "" : $": {Visible.Text(result.Problem("udevadm"))}")}"));
        if (!result.Succeeded)
            throw new HostException(
                $"udev did not take the rule: {Visible.Text(result.Problem("udevadm"), 200)}",
                "Look at: systemctl status systemd-udevd");
    }
}
