using GpuTty.Host.Desktop;
using GpuTty.Interop;
using GpuTty.Linux.Commands;
using GpuTty.Steps;
using GpuTty.Switching;

namespace GpuTty.Linux.Desktop;

/// <summary>Writes and removes the rules that keep the desktop off a card, and has udev act on them (udev(7), udevadm(8)).</summary>
internal sealed class SeatRuleWriter(FileSystemRoot root, CommandRunner tools, TimeProvider clock, Action<LogLine> log)
{
    private readonly Udev _udev = new(tools, clock, log);

    public async Task WriteAsync(SeatRule rule, CancellationToken cancel)
    {
        SystemFile.Write(PathOf(rule), SeatRuleText.Of(rule));
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
        await _udev.ReloadAsync(cancel);
        if (Directory.Exists(root.Sys($"bus/pci/devices/{rule.Device}"))) await _udev.RunAsync(AllowDesktop.LookAgain(rule), cancel);
    }
}
