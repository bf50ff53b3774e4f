using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Interop;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Settings;
using GpuTty.Linux.State;
using GpuTty.Linux.Systemd;
using GpuTty.Linux.Writes;

namespace GpuTty.Tests.Linux.Settings;

/// <summary>Settings of the machine, read from and written to a tree as the kernel and systemd show it.</summary>
public sealed class TunableSettingsTests : IDisposable
{
    private readonly MachineTree _tree = new MachineTree()
        .Folder("run")
        .Folder("dev/shm")
        .Folder("bin")
        .File("sys/devices/system/cpu/online", "0-3\n")
        .File("sys/devices/system/cpu/possible", "0-7\n")
        .File("sys/devices/system/cpu/cpu0/topology/thread_siblings_list", "0,2\n")
        .File("sys/devices/system/cpu/cpu1/topology/thread_siblings_list", "1,3\n")
        .File("sys/devices/system/cpu/cpu2/topology/thread_siblings_list", "0,2\n")
        .File("sys/devices/system/cpu/cpu3/topology/thread_siblings_list", "1,3\n")
        .File("sys/devices/system/cpu/cpufreq/policy0/scaling_governor", "powersave\n")
        .File("sys/devices/system/cpu/cpufreq/policy0/scaling_available_governors", "performance powersave\n")
        .File("sys/devices/system/cpu/cpufreq/policy0/energy_performance_preference", "balance_power\n")
        .File("sys/devices/system/cpu/cpufreq/policy0/energy_performance_available_preferences", "default performance power\n")
        .File("sys/devices/system/node/node0/hugepages/hugepages-2048kB/nr_hugepages", "16\n")
        .File("sys/devices/system/node/node0/hugepages/hugepages-2048kB/free_hugepages", "10\n")
        .File("sys/fs/cgroup/system.slice/cgroup.procs", "")
        .File("sys/fs/cgroup/system.slice/cpuset.cpus", "0-1\n")
        .File("sys/fs/cgroup/user.slice/cgroup.procs", "")
        .File("sys/fs/cgroup/init.scope/cgroup.procs", "1\n")
        .File("sys/fs/cgroup/init.scope/cpuset.cpus", "\n")
        .File("sys/fs/cgroup/system.slice/tuned.service/cgroup.procs", "800\n")
        .File("sys/bus/pci/devices/0000:01:00.0/numa_node", "1\n");

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void They_are_read_as_the_kernel_and_systemd_tell_them()
    {
        var settings = Read();
        Assert.Equal("0-3", settings.Online);
        Assert.Equal(["0,2", "1,3"], settings.Cores.AsEnumerable());
        Assert.Equal(
            ["", "0-1", ""],
            ((string[])["init.scope", "system.slice", "user.slice"]).Select(part =>
                settings.ValueOf(new HostSetting(SettingKind.AllowedCpus, part))));
        Assert.Equal("powersave", settings.ValueOf(new HostSetting(SettingKind.Governor, "policy0")));
        Assert.Equal("balance_power", settings.ValueOf(new HostSetting(SettingKind.EnergyPreference, "policy0")));
        Assert.Equal(
            new KnownSetting(new HostSetting(SettingKind.HugePages, "node0"), "16") { Free = 10 },
            settings.Values.Single(known => known.Setting.Kind == SettingKind.HugePages));
        Assert.Equal("", settings.ValueOf(HostSetting.Kvmfr));
        Assert.Equal("", settings.ValueOf(HostSetting.SharedMemory));
        Assert.Equal("tuned.service", settings.PowerDaemon);
        Assert.Equal([new NumaPlace(PciAddress.Parse("01:00.0"), 1)], settings.Nodes.AsEnumerable());
        Assert.Null(settings.HasKvmfr);
        _tree.File("lib/modules/6.12.0/modules.dep", "kernel/drivers/gpu/drm/drm.ko.xz:\n");
        Assert.False(Read().HasKvmfr);
        _tree.File("lib/modules/6.12.0/modules.dep", "updates/dkms/kvmfr.ko.xz:\n");
        Assert.True(Read().HasKvmfr);
    }

    [Fact]
    public void A_list_of_all_CPUs_is_no_limit()
    {
        _tree.File("sys/fs/cgroup/user.slice/cpuset.cpus", "0-7\n");
        Assert.Equal("", Read().ValueOf(new HostSetting(SettingKind.AllowedCpus, "user.slice")));
    }

    [Fact]
    public void A_machine_that_tells_nothing_of_its_CPUs_offers_nothing()
    {
        using var bare = new MachineTree();
        Assert.Empty(TunableSettingsReader.Read(bare.Root, Host()).Values);
    }

    [RootFact]
    public async Task They_are_written_where_they_were_read()
    {
        Script("systemctl", $"echo \"$@\" >> {_tree.At("asked")}");
        Script("tee", $"exec /usr/bin/tee \"$@\"");
        var writes = Writes();
        await writes.ChangeAsync(new HostSetting(SettingKind.AllowedCpus, "user.slice"), "0,2", default);
        await writes.ChangeAsync(new HostSetting(SettingKind.AllowedCpus, "user.slice"), "", default);
        // The kernel keeps the list of a group with processes when it is asked for none.
        Assert.Equal(
            "--no-ask-password set-property --runtime -- user.slice AllowedCPUs=0,2\n"
                + "--no-ask-password set-property --runtime -- user.slice AllowedCPUs=0-7\n"
                + "--no-ask-password set-property --runtime -- user.slice AllowedCPUs=\n",
            await File.ReadAllTextAsync(_tree.At("asked")));
        await writes.ChangeAsync(new HostSetting(SettingKind.Governor, "policy0"), "performance", default);
        await writes.ChangeAsync(new HostSetting(SettingKind.HugePages, "node0"), "32", default);
        Assert.Equal("performance", Read().ValueOf(new HostSetting(SettingKind.Governor, "policy0")));
        Assert.Equal("32", Read().ValueOf(new HostSetting(SettingKind.HugePages, "node0")));
        await writes.ChangeAsync(HostSetting.SharedMemory, "1000:108:660", default);
        Assert.Equal("1000:108:660", Read().ValueOf(HostSetting.SharedMemory));
        await writes.ChangeAsync(HostSetting.SharedMemory, "", default);
        Assert.Equal("", Read().ValueOf(HostSetting.SharedMemory));
        // A link in its place leads nowhere.
        _tree.File("victim", "").Link("dev/shm/looking-glass", _tree.At("victim"));
        await Assert.ThrowsAsync<HostException>(() => writes.ChangeAsync(HostSetting.SharedMemory, "1000:108:660", default));
        Assert.Equal(0u, SysFiles.Stat(_tree.At("victim"))!.Value.Uid);
    }

    [RootFact]
    public async Task A_file_of_somebody_else_in_place_of_the_shared_memory_stays_his()
    {
        var writes = Writes();
        var path = _tree.File("dev/shm/looking-glass", "").At("dev/shm/looking-glass");
        Assert.Null(SysFiles.Own(path, 1001, 1001, 0x1b6));
        var said = await Assert.ThrowsAsync<HostException>(() =>
            writes.ChangeAsync(HostSetting.SharedMemory, "1000:108:660", default));
        Assert.Contains("it belongs to user 1001", said.Message, StringComparison.Ordinal);
        Assert.EndsWith("remove it: rm /dev/shm/looking-glass", said.Remedy, StringComparison.Ordinal);
        Assert.Equal(1001u, SysFiles.Stat(path)!.Value.Uid);
        // Root's is given away, its new owner's stays his, and it comes back.
        Assert.Null(SysFiles.Own(path, 0, 0, 0x180));
        await writes.ChangeAsync(HostSetting.SharedMemory, "1000:108:660", default);
        await writes.ChangeAsync(HostSetting.SharedMemory, "1000:109:660", default);
        await writes.ChangeAsync(HostSetting.SharedMemory, "0:0:600", default);
        Assert.Equal(0u, SysFiles.Stat(path)!.Value.Uid);
    }

    [RootFact]
    public async Task What_is_refused_is_said_in_a_sentence_and_nothing_else_is_touched()
    {
        Script("systemctl", "echo 'Failed to set unit properties on user.slice: Access denied' >&2; exit 1");
        Script("modprobe", "echo 'modprobe: FATAL: Module kvmfr not found in directory /lib/modules/6.12.0' >&2; exit 1");
        var writes = Writes();
        var said = await Assert.ThrowsAsync<HostException>(() =>
            writes.ChangeAsync(new HostSetting(SettingKind.AllowedCpus, "user.slice"), "0", default));
        Assert.StartsWith("The CPUs of user.slice could not be set:", said.Message, StringComparison.Ordinal);
        said = await Assert.ThrowsAsync<HostException>(() => writes.ChangeAsync(HostSetting.Kvmfr, "64,1000:108:660", default));
        Assert.Contains("kvmfr", said.Message, StringComparison.Ordinal);
    }

    private static HostSnapshot Host() => new()
    {
        TakenAt = default,
        Kernel = "6.12.0",
        Devices = [new PciDevice
        {
            Address = PciAddress.Parse("01:00.0"),
            Class = new PciClass(0x030000),
            Id = new PciId(0x10de, 0x2684),
            Name = "card",
        }],
    };

    private TunableSettings Read() => TunableSettingsReader.Read(_tree.Root, Host());

    private SettingWrites Writes()
    {
        var tools = new CommandRunner([_tree.At("bin")]);
        return new SettingWrites(
            _tree.Root,
            new SupervisedWrite(new StateDirectory(_tree.At("run/gputty")), tools, TimeProvider.System, _ => { }),
            new UnitCpus(new Buses(_tree.Root), tools, TimeProvider.System, _ => { }),
            TimeProvider.System,
            _ => { });
    }

    private void Script(string name, string text)
    {
        _tree.File($"bin/{name}", $"#!/bin/sh\n{text}\n");
        File.SetUnixFileMode(_tree.At($"bin/{name}"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }
}
