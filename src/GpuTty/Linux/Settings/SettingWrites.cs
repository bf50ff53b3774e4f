using System.Globalization;
using GpuTty.Host;
using GpuTty.Host.Settings;
using GpuTty.Interop;
using GpuTty.Linux.Systemd;
using GpuTty.Linux.Writes;
using GpuTty.Switching;
using GpuTty.Text;

namespace GpuTty.Linux.Settings;

/// <summary>Changes settings of the machine until it restarts.</summary>
internal sealed class SettingWrites(
    FileSystemRoot root, SupervisedWrite write, UnitCpus cpus, TimeProvider clock, Action<LogLine> log)
{
    private const string Module = "kvmfr";
    private const string RootOnly = "0:0:600";

    public async Task ChangeAsync(HostSetting setting, string value, CancellationToken cancel)
    {
        switch (setting.Kind)
        {
            case SettingKind.AllowedCpus: await SetCpusAsync(setting.Of, value, cancel); break;
            case SettingKind.Kvmfr: await LoadKvmfrAsync(value, cancel); break;
            case SettingKind.SharedMemory: ShareMemory(value); break;
            default: await write.SettingAsync(root.Any(setting.File![1..]), value, cancel); break;
        }
    }

    /// <summary>
    /// A group with processes in it cannot go back to no list (cpuset.c, validate_change: ENOSPC), and systemd only notes that:
    /// all CPUs that there can be are the same, as long as the kernel keeps lists at all.
    /// </summary>
    private async Task SetCpusAsync(string unit, string value, CancellationToken cancel)
    {
        if (value.Length == 0 && SysFiles.Word(root.Sys("devices/system/cpu/possible")) is { } all)
            await cpus.LimitAsync(unit, all, cancel);
        await cpus.LimitAsync(unit, value, cancel);
    }

    private async Task LoadKvmfrAsync(string value, CancellationToken cancel)
    {
        var (size, owner) = value.Split(',') is [var first, var second] ? (first, second) : ("", "");
        var node = root.Any(HostSetting.Kvmfr.Of[1..]);
        var isLoaded = SysFiles.Exists(root.Sys($"module/{Module}"));
        if (isLoaded && (size.Length == 0 || KvmfrMemory.MebibytesOf(node) != Number(size)))
        {
            var (status, errors) = await write.ToolAsync("rmmod", Module, cancel);
            if (status != 0 && size.Length == 0)
            {
                // A viewer that still shows the last picture keeps it loaded, and must not keep the card away.
                log(new LogLine(
                    clock.GetUtcNow(),
                    LogLevel.Warning,
                    LogSource.Command,
                    $"{Module} stays loaded: {KernelErrors.OfUnloading(Module, errors).Message}"));
                Own(node, RootOnly);
                return;
            }
            if (status != 0) throw KernelErrors.OfUnloading(Module, errors);
            isLoaded = false;
        }
        if (size.Length == 0) return;
        if (!isLoaded)
        {
            var (status, errors) = await write.LoadAsync(Module, $"static_size_mb={size}", cancel);
            if (status != 0) throw KernelErrors.OfLoading(Module, errors);
        }
        // udev makes the node; until it has, there is nothing to own.
        if (!SysFiles.Exists(node))
            throw new HostException($"{HostSetting.Kvmfr.Of} is not there yet.", "Look at: dmesg | grep kvmfr") { IsTransient = true };
        Own(node, owner);
    }

    /// <summary>Made anew for nobody but root, and given away then; a link in its place is never
    /// followed. In /dev/shm anybody makes files: whoever made one would go on seeing the picture.</summary>
    private void ShareMemory(string owner)
    {
        var path = root.Any(HostSetting.SharedMemory.Of[1..]);
        try
        {
            if (owner.Length == 0)
            {
                File.Delete(path);
                return;
            }
            if (!SysFiles.Exists(path))
                new FileStream(
                    path,
                    new FileStreamOptions
                    {
                        Mode = FileMode.CreateNew,
                        Access = FileAccess.Write,
                        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                    }).Dispose();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new HostException(
                $"{HostSetting.SharedMemory.Of} cannot be changed: {Visible.Text(refused.Message, 200)}",
                "See what is there: ls -l /dev/shm",
                refused);
        }
        Own(path, owner, onlyOwn: true);
    }

    private void Own(string path, string owner, bool onlyOwn = false)
    {
        if (owner.Split(':') is not [var user, var group, var mode]
            || Number(user) is not { } uid
            || Number(group) is not { } gid
            || mode.Any(digit => digit is < '0' or > '7'))
            throw new HostException($"'{Visible.Text(owner, 60)}' names no owner.", "Report this; it should not happen.");
        // Back to root it may come from whom it was given.
        if (SysFiles.Own(path, uid, gid, Convert.ToInt32(mode, 8), onlyOwn && uid != 0) is { } why)
            throw new HostException(
                $"The owner of {root.Shown(path)} cannot be changed: {why}.",
                onlyOwn
                    ? $"If no virtual machine uses it, remove it: rm {root.Shown(path)}"
                    : $"See what it is: ls -l {root.Shown(path)}");
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
