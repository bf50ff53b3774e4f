using System.Diagnostics;
using GpuTty.Cli.Output;
using GpuTty.Diagnosis;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Linux;
using GpuTty.Planning.Checks;
using GpuTty.Tests.Linux;

namespace GpuTty.Tests.Figures;

/// <summary>How long a look takes on a server: the files of 4,000 functions
/// in 300 groups and of 5,000 processes, in a temporary folder.</summary>
internal static class BigMachineFigures
{
    private const int Functions = 4_000, Groups = 300, Processes = 5_000, Descriptors = 20, Rounds = 9, Settings = 600;

    public static void Print(TextWriter to)
    {
        using var machine = Build();
        using var reader = Readers.For(machine);
        var host = reader.ReadAsync(SnapshotSections.All, null, CancellationToken.None).GetAwaiter().GetResult();
        if (host.Devices.Length != Functions || host.Holders.Length != 1)
            throw new InvalidOperationException($"{host.Devices.Length} functions and {host.Holders.Length} holders were read.");
        foreach (var facts in new[]
        {
            SnapshotSections.All,
            SnapshotSections.Holders,
            SnapshotSections.Devices,
            SnapshotSections.Modules | SnapshotSections.State | SnapshotSections.Console,
        })
        {
            var times = Enumerable.Range(0, Rounds).Select(_ => Look(reader, facts, host)).Order().ToList();
            to.WriteLine(
                $"{Functions} functions, {Processes} processes, {facts,-24} {times[Rounds / 2].TotalMilliseconds,6:0} ms median  "
                    + $"{times[^1].TotalMilliseconds,6:0} ms worst of {Rounds}");
        }
        PrintDoctor(to, reader);
    }

    /// <summary>In turn, so that whatever else the machine does meets both.</summary>
    private static void PrintDoctor(TextWriter to, LinuxHostReader reader)
    {
        List<TimeSpan> status = [], doctor = [];
        for (var round = -1; round < Rounds; round++)
        {
            var looked = Took(
                reader,
                SnapshotSections.All,
                host => Card.FindAll(host).Select(card => NextSwitch.Of(host, card, Configuration.Empty)).Count());
            var examined = Took(reader, SnapshotSections.All | SnapshotSections.SettingsFiles, host =>
            {
                var findings = Findings.Of(host);
                foreach (var card in CardChoice.Candidates(host))
                    _ = (Answer.Of(host, card, findings, Configuration.Empty), CardDiagnosis.Of(host, card));
                return findings.Length;
            });
            // The first round fills caches.
            if (round < 0) continue;
            status.Add(looked);
            doctor.Add(examined);
        }
        var (plain, whole) = (status.Order().ElementAt(Rounds / 2), doctor.Order().ElementAt(Rounds / 2));
        to.WriteLine(
            $"the same with {Settings} files of settings: status {plain.TotalMilliseconds:0} ms, "
                + $"doctor {whole.TotalMilliseconds:0} ms median of {Rounds}, {whole / plain:0.00} times as long");
    }

    private static TimeSpan Took(LinuxHostReader reader, SnapshotSections facts, Func<HostSnapshot, int> work)
    {
        var began = Stopwatch.GetTimestamp();
        if (work(reader.ReadAsync(facts, null, CancellationToken.None).GetAwaiter().GetResult()) < 0) throw new InvalidOperationException();
        return Stopwatch.GetElapsedTime(began);
    }

    private static TimeSpan Look(LinuxHostReader reader, SnapshotSections facts, HostSnapshot before)
    {
        var began = Stopwatch.GetTimestamp();
        reader.ReadAsync(facts, facts == SnapshotSections.All ? null : before, CancellationToken.None).GetAwaiter().GetResult();
        return Stopwatch.GetElapsedTime(began);
    }

    private static MachineTree Build()
    {
        var machine = new MachineTree().File("proc/sys/kernel/osrelease", "6.12.0-test\n").File("proc/modules", "nvidia 1 0 - Live 0x0\n");
        for (var n = 0; n < Functions; n++)
        {
            var address = $"{n / 2048:x4}:{n / 8 % 256:x2}:{n / 2048 % 32:x2}.{n % 8}";
            machine
                .Pci(address, n == 8 ? "030000" : "020000", n == 8 ? "10de:2684" : "8086:1563")
                .Driver(address, n == 8 ? "nvidia" : "ixgbe", n == 8 ? "nvidia" : "ixgbe")
                .Group(n % Groups, address)
                .Attribute(address, "driver_override", "(null)\n")
                .Attribute(address, "subsystem_vendor", "0x8086\n")
                .Attribute(address, "subsystem_device", "0x0001\n")
                .Attribute(address, "reset_method", "flr bus\n")
                .Attribute(address, "power_state", "D0\n")
                .Attribute(address, "config", new string('\0', 64));
        }
        machine.Class("drm", "card0", "0000:01:00.0/drm/card0", "1:3", "dri/card0");
        for (var pid = 1; pid <= Processes; pid++)
        {
            machine
                .File($"proc/{pid}/stat", $"{pid} (worker) S 1 {pid} {pid} 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 {pid} 0 0\n")
                .File($"proc/{pid}/comm", "worker\n")
                .File($"proc/{pid}/cgroup", "0::/system.slice/worker.service\n")
                .File($"proc/{pid}/maps", "")
                .File($"proc/{pid}/status", "Name:\tworker\nUid:\t0\t0\t0\t0\n")
                .Folder($"proc/{pid}/fd");
            for (var fd = 0; fd < Descriptors; fd++)
                File.CreateSymbolicLink(machine.At($"proc/{pid}/fd/{fd}"), pid == 77 && fd == 9 ? "/dev/null" : "/dev/zero");
        }
        // As many as a server has, with a leftover in every tenth of them.
        for (var n = 0; n < Settings / 4; n++)
            machine.File(
                $"etc/modprobe.d/{n:000}.conf",
                n % 10 == 0 ? "blacklist nvidia\noptions vfio-pci ids=10de:2684\n" : "# a comment\noptions x y=1\n")
                .File(
                    $"usr/lib/udev/rules.d/{n:000}.rules",
                    string.Concat(Enumerable.Repeat(
                        "ACTION==\"add\", SUBSYSTEM==\"net\", ATTR{address}==\"00:11:22:33:44:55\", NAME=\"lan0\"\n", 40)))
                .File(
                    $"etc/systemd/system/s{n:000}.service",
                    "[Unit]\nDescription=s\n[Service]\nExecStart=/usr/bin/true\n[Install]\nWantedBy=multi-user.target\n")
                .File(
                    $"usr/local/bin/s{n:000}",
                    n % 10 == 0
                        ? "#!/bin/sh\necho vfio-pci > /sys/bus/pci/devices/0000:01:00.0/driver_override\n"
                        : "#!/bin/sh\necho hello\n");
        return machine;
    }
}
