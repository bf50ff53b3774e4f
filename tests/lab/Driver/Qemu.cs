using System.Diagnostics;

namespace GpuTty.Lab.Driver;

/// <summary>One running QEMU in a folder of its own, and the two lines into it.</summary>
public sealed class Qemu : IDisposable
{
    // QEMU must not outlive the tests, even when they are killed: its keeper waits for the end of the standard input that we hold.
    private const string Kept = """
        exec 3<&0
        { cat <&3 >/dev/null; tr '\0' ' ' </proc/$$/cmdline | grep -qF "$FOLDER" && kill -9 $$; rm -rf "$FOLDER"; } >/dev/null 2>&1 &
        exec "$@" </dev/null 3<&- >"$FOLDER/qemu.log" 2>&1
        """;

    private readonly Process _process;

    private Qemu(Process process, string folder, Monitor monitor, Shell shell)
    {
        _process = process;
        (Folder, Monitor, Shell) = (folder, monitor, shell);
    }

    /// <summary>Holds disk.qcow2, serial.log (the kernel's and the console's words), transcript.log and qemu.log.</summary>
    public string Folder { get; }
    public Monitor Monitor { get; }
    public Shell Shell { get; }

    /// <summary>Starts it with a disk laid over <paramref name="disk"/>; with
    /// a frozen memory, from there instead of from the firmware.</summary>
    public static async Task<Qemu> StartAsync(Hardware hardware, string disk, string format, string? memory = null)
    {
        var image = await LabHost.ImageAsync(hardware.Guest);
        var folder = Directory.CreateTempSubdirectory("gputty-lab-").FullName;
        await LabHost.RunAsync("qemu-img", "create", "-q", "-f", "qcow2", "-b", disk, "-F", format, Path.Combine(folder, "disk.qcow2"));
        string[] surroundings =
        [
            "-drive",
            $"if=none,id=disk,file={folder}/disk.qcow2,format=qcow2,cache=unsafe",
            "-chardev",
            $"socket,id=shell,path={folder}/shell,server=on,wait=off",
            "-chardev",
            $"socket,id=serial,path={folder}/serial,server=on,wait=off,logfile={folder}/serial.log",
            "-serial",
            "chardev:serial",
            "-qmp",
            $"unix:{folder}/monitor,server=on,wait=off",
            "-fsdev",
            $"local,id=share,path={await LabHost.ShareAsync()},security_model=none,readonly=on",
        ];
        string[] thaw = memory is null ? [] : ["-S", "-incoming", $"exec:cat {memory}"];
        var start = new ProcessStartInfo("sh", ["-c", Kept, "sh", "qemu-system-x86_64",
            .. hardware.Arguments(image), .. surroundings, .. thaw])
        { RedirectStandardInput = true };
        start.Environment["FOLDER"] = folder;
        var process = Process.Start(start)!;
        await Wait.ForAsync("QEMU to open its monitor", () => Task.FromResult(process.HasExited
            ? throw new LabException($"QEMU ended at once:\n{File.ReadAllText(Path.Combine(folder, "qemu.log"))}")
            : File.Exists(Path.Combine(folder, "monitor"))));
        return await ConnectAsync(process, folder, thawing: memory is not null);
    }

    private static async Task<Qemu> ConnectAsync(Process process, string folder, bool thawing)
    {
        var monitor = new Monitor(Path.Combine(folder, "monitor"));
        var shell = new Shell(Path.Combine(folder, "shell"), new StreamWriter(Path.Combine(folder, "transcript.log")) { AutoFlush = true });
        var qemu = new Qemu(process, folder, monitor, shell);
        await monitor.AskAsync("qmp_capabilities");
        if (!thawing) return qemu;
        await Wait.ForAsync("the frozen machine to be loaded", async () =>
            (string?)(await monitor.AskAsync("query-status"))!["status"] is "paused" or "prelaunch" or "postmigrate");
        await monitor.AskAsync("cont");
        return qemu;
    }

    /// <summary>Stops the guest where it is, writes its memory to a file and ends; disk.qcow2 is its disk at that moment.</summary>
    public async Task FreezeAsync(string memory)
    {
        await Monitor.AskAsync("stop");
        await Monitor.AskAsync("migrate-set-parameters", new Dictionary<string, object> { ["max-bandwidth"] = 4L << 30 });
        await Monitor.AskAsync("migrate", new { uri = $"exec:cat > {memory}" });
        await Wait.ForAsync("the memory to be written", async () => (string?)(await Monitor.AskAsync("query-migrate"))!["status"] switch
        {
            "completed" => true,
            "failed" => throw new LabException("QEMU could not freeze the machine."),
            _ => false,
        });
        await Monitor.AskAsync("quit");
        await _process.WaitForExitAsync().WaitAsync(Wait.Limit);
    }

    /// <summary>The guest is gone at once; its disk stays until this is disposed of.</summary>
    public void PullThePlug()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        PullThePlug();
        _process.StandardInput.Close(); // its keeper clears the folder away
        _process.Dispose();
        Monitor.Dispose();
        Shell.Dispose();
    }
}
