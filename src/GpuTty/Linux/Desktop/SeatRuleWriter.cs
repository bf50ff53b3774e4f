using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Interop;
using GpuTty.Linux.Commands;
using GpuTty.Switching;
using GpuTty.Text;

namespace GpuTty.Linux.Desktop;

/// <summary>Writes and removes the rules that keep the desktop off a card, and has udev act on them (udev(7), udevadm(8)).</summary>
internal sealed class SeatRuleWriter(FileSystemRoot root, CommandRunner tools, TimeProvider clock, Action<LogLine> log)
{
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(20);

    public async Task WriteAsync(SeatRule rule, CancellationToken cancel)
    {
        SystemFile.Write(PathOf(rule), rule.Text);
        await LookAgainAsync(rule, cancel);
    }

    public async Task RemoveAsync(SeatRule rule, CancellationToken cancel)
    {
        SystemFile.Delete(PathOf(rule));
        await LookAgainAsync(rule, cancel);
    }

    private string PathOf(SeatRule rule) => $"{(rule.IsPermanent ? root.Etc("udev/rules.d") : root.Run("udev/rules.d"))}/{rule.FileName}";

    private async Task LookAgainAsync(SeatRule rule, CancellationToken cancel)
    {
        await RunAsync(["control", "--reload"], cancel);
        if (Directory.Exists(root.Sys($"bus/pci/devices/{rule.Device}"))) await RunAsync(rule.LookAgain, cancel);
    }

    private async Task RunAsync(IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        var result = await tools.RunAsync("udevadm", arguments, s_settle, cancel);
        log(new LogLine(clock.GetUtcNow(), result.Succeeded ? LogLevel.Info : LogLevel.Warning, LogSource.Command,
            $"udevadm {string.Join(' ', arguments)}{(result.Succeeded ? "" : $": {Visible.Text(result.Problem("udevadm"))}")}"));
        if (!result.Succeeded)
            throw new HostException(
                $"udev did not take the rule: {Visible.Text(result.Problem("udevadm"), 200)}",
                "Look at: systemctl status systemd-udevd");
    }
}
