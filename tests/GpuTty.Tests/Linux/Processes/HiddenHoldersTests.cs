using System.Collections.Immutable;
using System.Diagnostics;
using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux.Nodes;
using GpuTty.Linux.Processes;
using GpuTty.Tests.Linux.Commands;

namespace GpuTty.Tests.Linux.Processes;

/// <summary>A second user who keeps a device open where nobody looks for it,
/// or makes looking endless. /dev/zero plays the node of a card.</summary>
public sealed class HiddenHoldersTests : IDisposable
{
    private const string Node = "/dev/zero";
    private static readonly NodeIndex s_index = NodeIndex.Build(
        [
            new PciDevice
            {
                Address = new PciAddress(0, 1, 0, 0), Class = new PciClass(0x030000), Id = new PciId(1, 2), Name = "card",
                Nodes = [new DeviceNode("/dev/dri/card1", NodeKind.Card, 1, 5)],
            },
        ], [], NodeIndex.Empty);

    private readonly List<Process> _attackers = [];

    [AttackFact]
    public async Task A_thread_with_descriptors_of_its_own_is_found() => Assert.False((await HeldByAsync("thread")).Single().IsMapping);

    [AttackFact]
    public async Task A_process_whose_first_thread_has_ended_is_found_by_its_descriptors() =>
        Assert.False((await HeldByAsync("leader")).Single().IsMapping);

    [AttackFact]
    public async Task A_process_whose_first_thread_has_ended_is_found_by_its_mappings() =>
        Assert.True((await HeldByAsync("memory")).Single().IsMapping);

    [AttackFact]
    public async Task Such_a_process_has_not_ended_and_can_be_ended()
    {
        var attacker = await StartAsync("leader");
        var holder = Read([]).Single(holder => holder.Pid == attacker.Id);
        await new ProcessEnding([], TimeProvider.System, _ => { }).EndAsync(attacker.Id, holder.StartTime, EndSignal.Kill, default);
        Assert.True(attacker.WaitForExit(5000));
    }

    [AttackFact]
    public async Task A_mapping_is_found_behind_sixty_thousand_others() =>
        Assert.True((await HeldByAsync("behind", "30000")).Single().IsMapping);

    /// <summary>That it has it is told; how often it has copied it costs nobody anything.</summary>
    [AttackFact]
    public async Task A_descriptor_that_is_copied_ten_thousand_times_is_told_some_times() =>
        Assert.InRange((await HeldByAsync("copies", "10000")).Length, 16, 4096);

    /// <summary>In all a hundred times as much as can be looked at in the time, if each of them is.</summary>
    [AttackFact]
    public async Task Whoever_shares_one_table_of_descriptors_among_five_hundred_processes_hides_nobody_and_is_looked_at_once()
    {
        var other = await StartAsync("copies", "2");
        await StartCrowdAsync(descriptors: 15_000, processes: 500);
        List<Unknown> unknowns = [];
        var watch = Stopwatch.StartNew();
        var holders = Read(unknowns);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(8), $"{watch.Elapsed}");
        Assert.Contains(holders, holder => holder.Pid == other.Id);
        // Where not even root may look into everything, that is another matter.
        Assert.DoesNotContain(unknowns, IsOfAttack);
    }

    /// <summary>Nothing is said of those that share what is too much, and the others are looked at anyway.</summary>
    [AttackFact]
    public async Task Whoever_has_more_open_than_a_look_takes_time_for_hides_only_himself()
    {
        var other = await StartAsync("copies", "2");
        await StartCrowdAsync(descriptors: 15_000, processes: 300);
        List<Unknown> unknowns = [];
        Assert.Contains(
            new ProcHolders(FileSystemRoot.Live, mostOfLarge: 10_000).Read(s_index, unknowns), holder => holder.Pid == other.Id);
        var unknown = Assert.Single(unknowns, IsOfAttack);
        Assert.Equal(SecondUser.Uid, unknown.Uid);
        Assert.StartsWith("holders in 301 processes of ", unknown.Fact, StringComparison.Ordinal);
    }

    [Fact]
    public void Thousands_that_were_not_looked_at_are_one_line_with_whose_they_are_and_few_are_named_each()
    {
        var users = new Lazy<Dictionary<int, string>>(() => new() { [1001] = "mallory" });
        var said = LateProcesses.Of(
            [.. Enumerable.Range(5000, 3000).Select(pid => new LateProcess(pid, 1001)), new LateProcess(7, 0), new LateProcess(8, -1)],
            users).ToList();
        Assert.Equal(
            ["holders in 3000 processes of mallory", "holders in process 7", "holders in process 8"],
            said.Select(unknown => unknown.Fact).Order(StringComparer.Ordinal));
        Assert.All(said, unknown => Assert.True(unknown.Part.Overlaps(SnapshotPart.Holders)));
        Assert.Contains("-u 1001", said[0].Remedy, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        foreach (var attacker in _attackers)
        {
            if (!attacker.HasExited) attacker.Kill();
            attacker.WaitForExit();
            attacker.Dispose();
        }
    }

    /// <summary>Not of the place where the tests run, such as a container.</summary>
    private static bool IsOfAttack(Unknown unknown) =>
        !unknown.Reason.Contains("could not be looked into", StringComparison.Ordinal)
        && unknown.Reason != PidNamespace.Hides(FileSystemRoot.Live);

    private static ImmutableArray<Holder> Read(List<Unknown> unknowns) => new ProcHolders(FileSystemRoot.Live).Read(s_index, unknowns);

    private async Task<ImmutableArray<HeldNode>> HeldByAsync(string manner, string? count = null)
    {
        var attacker = await StartAsync(manner, count);
        var holder = Read([]).FirstOrDefault(holder => holder.Pid == attacker.Id);
        Assert.Equal(("hide", SecondUser.Uid), (holder?.Name, holder?.Uid));
        return holder!.Nodes;
    }

    private async Task<Process> StartAsync(string manner, string? count = null)
    {
        var attacker = await AttackProgram.StartReadyAsync("hide", [manner, Node, .. count is null ? (string[])[] : [count]]);
        _attackers.Add(attacker);
        return attacker;
    }

    /// <summary>Its begin is the end of a process, as in the lab that of the desktop.</summary>
    private async Task StartCrowdAsync(int descriptors, int processes)
    {
        var folder = Directory.CreateTempSubdirectory("gputty-crowd");
        File.SetUnixFileMode(folder.FullName, (UnixFileMode)0b111_111_111);
        using var victim = Process.Start("sleep", "1000");
        try
        {
            _attackers.Add(AttackProgram.Start(
                "crowd", $"{victim.Id}", $"{descriptors}", $"{processes}", $"{folder}/ready", $"{folder}/begun"));
            await Tool.UntilAsync(() => File.Exists($"{folder}/ready"), "the crowd is ready");
            victim.Kill();
            await Tool.UntilAsync(() => File.Exists($"{folder}/begun"), "the attack has begun");
        }
        finally
        {
            if (!victim.HasExited) victim.Kill();
            folder.Delete(recursive: true);
        }
    }
}
