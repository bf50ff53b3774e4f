using GpuTty.Host;
using GpuTty.Interop;
using GpuTty.Linux;
using GpuTty.Linux.Kernel;
using GpuTty.Linux.Processes;
using GpuTty.Linux.Writes;
using GpuTty.Tests.Linux.State;

namespace GpuTty.Tests.Linux.FakeKernel;

/// <summary>Processes whose memory does not answer, as one that is stuck in the kernel with its lock.</summary>
[Collection("mounts")]
public sealed class SilentProcessTests : StateFixture
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly SilentFiles _files = new();
    private readonly string _mount;

    public SilentProcessTests() => _mount = Directory.CreateDirectory($"{Root}/machine").FullName;

    [FuseFact]
    public async Task M32_a_compositor_that_is_stuck_costs_its_own_settings_and_no_look()
    {
        Process(812, "kwin_wayland", "environ", SilentFiles.Silence);
        Process(900, "sway", "environ", () => "WLR_DRM_DEVICES=/dev/dri/card7\0");
        using var kernel = new FuseMount(_mount, _files.At);
        using var reader = new LinuxHostReader(
            new FileSystemRoot(_mount), Readers.NoTools, () => OriginalState.Nothing, () => KernelIncidents.None, TimeProvider.System);
        for (var look = 0; look < 3; look++)
        {
            var host = await reader.ReadAsync(SnapshotSections.Desktop, null, default).WaitAsync(s_patience);
            Assert.Equal("sway (900)", Assert.Single(host.CompositorDeviceSettings).Where);
            Assert.Single(host.Unknowns, unknown => unknown.Fact == "settings of process 812");
        }
    }

    [FuseFact]
    public async Task M32_a_lost_child_is_found_beside_processes_that_do_not_answer()
    {
        Process(50, "tee", "cmdline", SilentFiles.Silence);
        Process(51, "tee", "cmdline", () => "/usr/bin/tee\0/sys/x\0");
        Process(52, "someone", "cmdline", SilentFiles.Silence);
        using var kernel = new FuseMount(_mount, _files.At);
        var root = new FileSystemRoot(_mount);
        var commands = new ProcMemory(root, "cmdline");
        Assert.Equal(
            51,
            (await Task.Run(() => OrphanedWriter.Find(root, commands, ["/usr/bin/tee", "/sys/x"])).WaitAsync(s_patience))?.Pid);
        // Which of the two it is is unknown: the one that is silent may well be it.
        Assert.Equal(
            50,
            (await Task.Run(() => OrphanedWriter.Find(root, commands, ["/usr/bin/tee", "/sys/y"])).WaitAsync(s_patience))?.Pid);
        Assert.Null(await Task.Run(() => OrphanedWriter.Find(root, commands, ["/usr/bin/modprobe", "x"])).WaitAsync(s_patience));
    }

    private void Process(int pid, string name, string file, Func<string> read)
    {
        _files.File($"proc/{pid}/comm", () => $"{name}\n");
        _files.File($"proc/{pid}/status", () => $"Name:\t{name}\nUid:\t0\t0\t0\t0\n");
        _files.File(
            $"proc/{pid}/stat",
            () => $"{pid} ({name}) D 1 1 1 0 -1 4194304 {string.Join(' ', Enumerable.Repeat("0", 12))} {pid} 0 0\n");
        _files.File($"proc/{pid}/{file}", read);
    }
}
