using System.Security.Cryptography;
using System.Text;

namespace GpuTty.Lab.Driver;

/// <summary>A whole virtual computer with its desktop up: look at it, type at it, break it, throw it away.</summary>
public sealed class Machine : IDisposable
{
    /// <summary>What a post-mortem wants to read, and how to get it.</summary>
    private static readonly (string File, string Script)[] s_traces =
    [
        ("journal.log", "journalctl -b -o short-monotonic --no-pager"),
        ("tty3.txt", "iconv -f UTF-32LE -t UTF-8 /dev/vcsu3 | fold -w \"$(stty size </dev/tty3 | cut -d' ' -f2)\""),
        ("processes.txt", "ps -eo pid,ppid,stat,wchan:30,args; lspci -k"),
        ("gputty-state.txt", "tail -v -c 200000 /run/gputty/* /var/lib/gputty/* /var/log/gputty/* 2>&1"),
    ];

    /// <summary>The first desktop of an image makes its caches and settings; GNOME on a busy host took more than four minutes.</summary>
    private static readonly TimeSpan s_firstDesktop = TimeSpan.FromMinutes(10);

    private readonly Hardware _hardware;

    /// <summary>One a life of the machine: the disk of each lies over that of the one before.</summary>
    private readonly Stack<Qemu> _lives = [];

    private Machine(Hardware hardware, Qemu qemu)
    {
        _hardware = hardware;
        _lives.Push(qemu);
        Desktop = new Desktop(this, hardware.Guest);
        Gputty = new Gputty(this);
    }

    public Shell Shell => _lives.Peek().Shell;
    public Monitor Monitor => _lives.Peek().Monitor;
    public Pci Pci => new(Shell);
    public Desktop Desktop { get; }
    public Holders Holders => new(Shell);
    public Sysfs Sysfs => new(Shell);
    public NestedVm Vm => new(Shell);
    public Libvirt Libvirt => new(Shell);
    public Gputty Gputty { get; }

    public Guest Guest => _hardware.Guest;

    public Vt Vt(int number) => new(this, number);

    /// <summary>
    /// A machine with a desktop. The first of its kind boots and is frozen beside the image; every other one is thawed, which
    /// takes seconds and starts exactly where all the others start.
    /// </summary>
    public static async Task<Machine> StartAsync(Hardware hardware)
    {
        var frozen = await FrozenFolderAsync(hardware);
        if (!File.Exists(Path.Combine(frozen, "memory"))) await FreezeAsync(hardware, frozen);
        var qemu = await Qemu.StartAsync(hardware, Path.Combine(frozen, "disk.qcow2"), "qcow2", Path.Combine(frozen, "memory"));
        return await ReadyAsync(hardware, qemu);
    }

    /// <summary>A machine that starts at its firmware; the desktop comes some seconds later (Desktop.WhenUpAsync).</summary>
    public static async Task<Machine> BootAsync(Hardware hardware)
    {
        var image = await LabHost.ImageAsync(hardware.Guest);
        var qemu = await Qemu.StartAsync(hardware, Path.Combine(image, "disk.raw"), "raw");
        await qemu.Shell.WhenReadyAsync();
        return await ReadyAsync(hardware, qemu);
    }

    /// <summary>Leaves pictures and logs of this moment under artifacts/NAME for whoever has to find out what happened.</summary>
    public async Task<string> LeaveTracesAsync(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(LabHost.Artifacts, name)).FullName;
        foreach (var gpu in new[] { "host-gpu", "gpu" })
        {
            try { (await Monitor.LookAsync(gpu)).SavePng(Path.Combine(folder, $"{gpu}.png")); }
            catch (Exception e) when (e is LabException or IOException)
            {
                await File.WriteAllTextAsync(Path.Combine(folder, $"{gpu}.txt"), e.Message);
            }
        }
        foreach (var (file, script) in s_traces)
        {
            try
            {
                await File.WriteAllTextAsync(Path.Combine(folder, file), (await Shell.RunAsync(script, TimeSpan.FromSeconds(60))).Output);
            }
            catch (LabException unreachable) { await File.WriteAllTextAsync(Path.Combine(folder, file), unreachable.Message); }
        }
        foreach (var log in Directory.GetFiles(_lives.Peek().Folder, "*.log"))
            File.Copy(log, Path.Combine(folder, Path.GetFileName(log)), overwrite: true);
        return folder;
    }

    /// <summary>Restarts the guest as its user would, and waits for the desktop of the next boot.</summary>
    public async Task RebootAsync()
    {
        var next = Shell.WhenReadyAgainAsync();
        await Shell.DoAsync("systemctl --no-block reboot");
        await next;
        await Desktop.WhenUpAsync();
    }

    public void Dispose()
    {
        foreach (var qemu in _lives) qemu.Dispose();
    }

    /// <summary>The mains fail and come back: no goodbye, another boot. Scripts that ran then never answer.</summary>
    public async Task CutPowerAsync()
    {
        _lives.Peek().PullThePlug();
        _lives.Push(await Qemu.StartAsync(_hardware, Path.Combine(_lives.Peek().Folder, "disk.qcow2"), "qcow2"));
        await Shell.WhenReadyAsync();
        await ShareAsync(Shell);
        await Desktop.WhenUpAsync();
    }

    private static async Task<Machine> ReadyAsync(Hardware hardware, Qemu qemu)
    {
        await ShareAsync(qemu.Shell);
        return new Machine(hardware, qemu);
    }

    /// <summary>The share is mounted late on purpose: QEMU does not freeze a machine that has one mounted.</summary>
    private static Task<string> ShareAsync(Shell shell) => shell.DoAsync("""
        mountpoint -q /mnt || mount -t 9p -o trans=virtio,version=9p2000.L,ro,msize=262144 share /mnt
        cp /mnt/bin/* /usr/local/bin/
        """);

    private static async Task FreezeAsync(Hardware hardware, string frozen)
    {
        var image = await LabHost.ImageAsync(hardware.Guest);
        using var qemu = await Qemu.StartAsync(hardware, Path.Combine(image, "disk.raw"), "raw");
        await qemu.Shell.WhenReadyAsync();
        await new Machine(hardware, qemu).Desktop.WhenUpAsync(s_firstDesktop);
        if (hardware.Software is { } software) await InstallAsync(qemu, hardware, software);
        await qemu.Shell.UntilAsync("the boot to be over", "[ \"$(systemctl is-system-running)\" = running ]");
        var unfinished = Directory.CreateDirectory($"{frozen}.{Guid.NewGuid():N}").FullName;
        await qemu.FreezeAsync(Path.Combine(unfinished, "memory"));
        File.Copy(Path.Combine(qemu.Folder, "disk.qcow2"), Path.Combine(unfinished, "disk.qcow2"));
        try { Directory.Move(unfinished, frozen); }
        catch (IOException) when (Directory.Exists(frozen)) { Directory.Delete(unfinished, recursive: true); } // another run was first
    }

    /// <summary>The share is taken away again: see <see cref="ReadyAsync"/>.</summary>
    private static async Task InstallAsync(Qemu qemu, Hardware hardware, string software)
    {
        await LabHost.StageModulesAsync(await LabHost.ImageAsync(hardware.Guest));
        var machine = await ReadyAsync(hardware, qemu);
        await qemu.Shell.DoAsync(
            $"mkdir /run/software && cp /mnt/{software}/* /run/software && umount /mnt && sh /run/software/install.sh && rm -r "
                + "/run/software");
        await machine.Desktop.WhenUpAsync();
    }

    private static async Task<string> FrozenFolderAsync(Hardware hardware)
    {
        var image = await LabHost.ImageAsync(hardware.Guest);
        var version = await LabHost.RunAsync("qemu-system-x86_64", "--version");
        var kind = SHA256.HashData(Encoding.UTF8.GetBytes(version + string.Join('\n', hardware.Arguments(image))
            + (hardware.Software is { } software ? LabHost.Fingerprint(software) : "")));
        return Path.Combine(image, $"{hardware.Name}-{Convert.ToHexStringLower(kind)[..8]}");
    }
}
