using System.Text;
using GpuTty.Host.Desktop;
using GpuTty.Interop;
using GpuTty.Linux.Commands;
using GpuTty.Switching;
using GpuTty.Text;

namespace GpuTty.Linux.Systemd;

/// <summary>What a unit says from now on, as journalctl(1) follows it.</summary>
internal sealed class UnitLog(CommandRunner tools, TimeProvider clock, Action<LogLine> log)
{
    /// <summary>Ends when cancelled; silently at once where there is no journalctl.</summary>
    public async Task PumpAsync(UnitName unit, CancellationToken cancel)
    {
        if (unit.Uid is not null || tools.Find("journalctl") is not { } journalctl) return;
        var (output, outputEnd) = Spawn.Pipe();
        int pid;
        using (outputEnd)
            pid = Spawn.Start(
                [journalctl, "--follow", "--lines=0", "--output=json", "--output-fields=MESSAGE", $"--unit={unit.Name}"],
                ["LC_ALL=C.UTF-8", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"],
                output: outputEnd);
        using var process = Native.OpenProcess(pid);
        using var ending = cancel.Register(() => _ = process is not null && Native.Signal(process, 15));
        using var stream = new FileStream(output, FileAccess.Read, bufferSize: 1);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        await Task.Factory.StartNew(
            () => Read(reader, unit), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        _ = Spawn.ExitStatus(pid);
    }

    private void Read(StreamReader reader, UnitName unit)
    {
        while (reader.ReadLine() is { } line)
        {
            var entry = UnitLogLine.Parse(line) ?? new UnitLogLine(clock.GetUtcNow(), line);
            log(new LogLine(entry.At, LogLevel.Info, LogSource.Unit, Visible.Text($"{unit.Name}: {entry.Text}", 1000)));
        }
    }
}
