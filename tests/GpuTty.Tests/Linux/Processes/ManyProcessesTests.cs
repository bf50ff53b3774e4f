using System.Collections.Immutable;
using System.Diagnostics;
using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Linux.Nodes;
using GpuTty.Linux.Processes;
using GpuTty.Tests.Linux.State;

namespace GpuTty.Tests.Linux.Processes;

/// <summary>A /proc of plain files and links with more in it than any machine
/// has. The bounds catch what is quadratic or hangs, not what is slow.</summary>
public sealed class ManyProcessesTests : IDisposable
{
    private const int Processes = 10_000, Files = 100_000, First = 1000, Big = 5_000, Mapping = 9_999;
    private static readonly PciAddress s_card = new(0, 1, 0, 0);
    private static readonly NodeIndex s_index = NodeIndex.Build(
        [new PciDevice
        {
            Address = s_card,
            Class = new PciClass(0x030000),
            Id = new PciId(1, 2),
            Name = "card",
            Nodes = [new DeviceNode("/dev/dri/card1", NodeKind.Card, 1, 5)],
        }],
        [],
        NodeIndex.Empty);

    // In memory where that is: a hundred thousand links on a busy disk take longer than the test.
    private readonly MachineTree _machine = new(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath());

    [Fact]
    public async Task M31_D4_ten_thousand_processes_and_a_hundred_thousand_files_are_read_whole_and_in_time()
    {
        // Alike but for their numbers, most are links to one of two.
        Add(First, "/dev/zero");
        Add(First + 1, "/dev/null");
        for (var pid = First + 2; pid < First + Processes; pid++)
        {
            if (pid is Big or Mapping || pid % 100 == 50) Add(pid, pid == Big ? "/dev/zero" : "/dev/null");
            else File.CreateSymbolicLink(_machine.At($"proc/{pid}"), $"{(pid % 100 == 0 ? First : First + 1)}");
        }
        for (var descriptor = 1; descriptor < Files; descriptor++)
            File.CreateSymbolicLink(_machine.At($"proc/{Big}/fd/{descriptor}"), descriptor % 1000 == 0 ? "/dev/zero" : "/dev/null");
        _machine.File(
            $"proc/{Mapping}/maps",
            string.Concat(Enumerable.Range(1, 60_000).Select(n => $"{n:x8}000-{n + 1:x8}000 rw-s 00000000 00:05 {n} /some/file\n"))
                + "7f0000000000-7f0000001000 rw-s 00000000 00:05 1 /dev/dri/card1\n");
        File.CreateSymbolicLink(
            Directory.CreateDirectory(_machine.At($"proc/{Mapping}/map_files")).FullName + "/7f0000000000-7f0000001000",
            "/dev/zero");
        // Gone between listing and reading, or going just then.
        File.CreateSymbolicLink(_machine.At("proc/20001"), "20002");
        _machine.File("proc/20003", "").Folder("proc/20004").File("proc/20005/fd", "");
        var leaving = Enumerable.Range(First, Processes).Where(pid => pid % 100 == 50).ToList();
        var unknowns = new List<Unknown>();
        using var begins = new ManualResetEventSlim();
        var going = Task.Run(() =>
        {
            begins.Wait();
            foreach (var pid in leaving) Directory.Delete(_machine.At($"proc/{pid}"), recursive: true);
        });

        begins.Set();
        var watch = Stopwatch.StartNew();
        var holders = new ProcHolders(_machine.Root).Read(s_index, unknowns);
        var took = watch.Elapsed;
        await going;

        Assert.Empty(unknowns);
        Assert.Equal(
            Enumerable.Range(First, Processes).Where(pid => pid % 100 == 0 || pid == Mapping),
            holders.Select(holder => holder.Pid));
        Assert.Equal(Files / 1000, holders.Single(holder => holder.Pid == Big).Nodes.Length);
        Assert.True(holders.Single(holder => holder.Pid == Mapping).Nodes.Single().IsMapping);
        Assert.True(took < TimeSpan.FromSeconds(10), $"{took}");
    }

    /// <summary>As for somebody who is not root, and as under hidepid=.</summary>
    [RootFact]
    public void M31_processes_that_may_not_be_looked_into_are_counted_and_hide_nobody_else()
    {
        const UnixFileMode everybody = UnixFileMode.GroupRead
            | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead
            | UnixFileMode.OtherExecute;
        for (var pid = First; pid < First + 300; pid++)
        {
            Add(pid, "/dev/zero");
            if (pid % 3 == 1) File.SetUnixFileMode(_machine.At($"proc/{pid}/fd"), UnixFileMode.None);
            if (pid % 3 == 2) File.SetUnixFileMode(_machine.At($"proc/{pid}"), UnixFileMode.None);
        }
        foreach (var folder in (string[])["", "proc"])
            File.SetUnixFileMode(_machine.At(folder), File.GetUnixFileMode(_machine.At(folder)) | everybody);
        var unknowns = new List<Unknown>();
        ImmutableArray<Holder> holders = [];
        OrdinaryUser.Do(() => holders = new ProcHolders(_machine.Root).Read(s_index, unknowns));

        Assert.Equal(Enumerable.Range(First, 300).Where(pid => pid % 3 == 0), holders.Select(holder => holder.Pid));
        Assert.Equal("200 processes could not be looked into; run as root.", Assert.Single(unknowns).Reason);
    }

    public void Dispose() => _machine.Dispose();

    private void Add(int pid, string opens)
    {
        _machine
            .File($"proc/{pid}/stat", $"{pid} (worker) S 1 {pid} {pid} 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 {pid} 0 0\n")
            .File($"proc/{pid}/maps", "")
            .Folder($"proc/{pid}/fd");
        File.CreateSymbolicLink(_machine.At($"proc/{pid}/fd/0"), opens);
    }
}
