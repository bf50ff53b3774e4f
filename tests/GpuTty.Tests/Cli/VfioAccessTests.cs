using GpuTty.Cli;
using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Guests;
using GpuTty.Linux.Nodes;
using GpuTty.Linux.Settings;
using GpuTty.Linux.State;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tests.Linux;

namespace GpuTty.Tests.Cli;

/// <summary>A user without root who may open the card's node.</summary>
public sealed class VfioAccessTests : IDisposable
{
    private static readonly VfioAccess s_joes = new(PciAddress.Parse("0000:01:00.0"), 14, new VfioOwner(1000, 108, "joe and group kvm"));
    private readonly MachineTree _tree = new MachineTree().Folder("run").Folder("bin");

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void The_node_is_the_users_before_anybody_could_meet_another_owner_and_roots_again_at_home()
    {
        var gputty = On("VFIO_USER=joe\nVFIO_GROUP=kvm");
        Assert.Equal(ExitCodes.Done, gputty.Run("switch", "vm", "--yes").Code);
        Assert.Equal([new NodeOwner(1000, 108, 0b110_110_000)], Owners(gputty));
        var steps = ((RunEvent.Opened)gputty.SwitchService.LastRun()[0]).Steps;
        Assert.InRange(
            steps.IndexOf(steps.First(step => step is AllowVfio)), 0, steps.IndexOf(steps.First(step => step is BindDevice)) - 1);
        Assert.Contains(steps, step => step is CheckVfioAccess);
        var calls = gputty.Host.Calls.Length;
        Assert.Equal(ExitCodes.Done, gputty.Run("switch", "vm", "--yes").Code);
        Assert.Equal(calls, gputty.Host.Calls.Length);
        Assert.Equal(ExitCodes.Done, gputty.Run("switch", "host", "--yes").Code);
        Assert.Empty(gputty.Host.Machine.VfioAccesses);
    }

    [Fact]
    public void A_card_that_is_there_already_gets_its_new_owner_and_nothing_else()
    {
        var gputty = On("");
        gputty.Run("switch", "vm", "--yes");
        Assert.Equal([new NodeOwner(0, 0, 0b110_000_000)], Owners(gputty));
        Assert.Equal(ExitCodes.Done, gputty.With(configured: ConfigTests.Config("VFIO_USER=joe")).Run("switch", "vm", "--yes").Code);
        Assert.Equal([new NodeOwner(1000, 0, 0b110_000_000)], Owners(gputty));
        Assert.Equal(ExitCodes.Done, gputty.With(configured: ConfigTests.Config("VFIO_GROUP=kvm")).Run("switch", "vm", "--yes").Code);
        Assert.Equal([new NodeOwner(0, 108, 0b110_110_000)], Owners(gputty));
        Assert.Single(gputty.Host.Machine.VfioAccesses);
        // Somebody who wants nothing about it takes nothing away.
        gputty.With(configured: ConfigTests.Config("")).Run("switch", "vm", "--yes");
        Assert.Single(gputty.Host.Machine.VfioAccesses);
    }

    [Theory]
    [InlineData(nameof(Verb.Probe))]
    [InlineData(nameof(Verb.AllowVfio))]
    public void A_switch_that_is_taken_back_takes_the_rule_back_too(string verb)
    {
        var gputty = On("VFIO_USER=joe", new FaultPlan(new Fault(FaultKind.Refused, Enum.Parse<Verb>(verb))));
        Assert.Equal(ExitCodes.TakenBack, gputty.Run("switch", "vm", "--yes").Code);
        Assert.Empty(gputty.Host.Machine.VfioAccesses);
    }

    [Fact]
    public void An_undo_takes_it_away_as_well()
    {
        var gputty = On("VFIO_USER=joe");
        gputty.Run("switch", "vm", "--yes");
        Assert.Equal(ExitCodes.Done, gputty.Run("undo", "--yes").Code);
        Assert.Empty(gputty.Host.Machine.VfioAccesses);
    }

    [Fact]
    public void An_undo_gives_the_node_to_whom_it_was_before_and_leaves_the_card_where_it_was()
    {
        var gputty = On("");
        gputty.Run("switch", "vm", "--yes");
        gputty.With(configured: ConfigTests.Config("VFIO_USER=joe")).Run("switch", "vm", "--yes");
        gputty.With(configured: ConfigTests.Config("VFIO_GROUP=kvm")).Run("switch", "vm", "--yes");
        Assert.Equal(ExitCodes.Done, gputty.Run("undo", "--yes").Code);
        Assert.Equal([new NodeOwner(1000, 0, 0b110_000_000)], Owners(gputty));
        Assert.Equal(ExitCodes.Done, gputty.Run("switch", "host", "--yes").Code);
        Assert.Equal(ExitCodes.Done, gputty.Run("undo", "--yes").Code);
        Assert.Equal([new NodeOwner(1000, 0, 0b110_000_000)], Owners(gputty));
    }

    [Fact]
    public void A_card_that_was_away_before_a_command_stays_away_after_it()
    {
        var gputty = Gputty.On("kept-off").With(grants: new GrantStore(new StateDirectory(_tree.At("run/gputty"))));
        gputty.Run("switch", "vm", "--yes");
        Assert.Equal(0, gputty.Run("run", "--as", "joe", "--", "qemu").Code);
        Assert.Equal([new NodeOwner(1000, 0, 0b110_000_000)], Owners(gputty));
        Assert.Empty(gputty.Beside);
    }

    /// <summary>Another rule of the machine has the last word about a node:
    /// it is seen and set right, or the switch is rolled back.</summary>
    [Fact]
    public void A_node_that_is_not_theirs_afterwards_is_no_success()
    {
        var gputty = On("VFIO_USER=joe", new FaultPlan(new Fault(FaultKind.OnlySaysSo, Verb.AllowVfio, Times: Fault.ForEver)));
        Assert.Equal(ExitCodes.TakenBack, gputty.Run("switch", "vm", "--yes").Code);
    }

    [Fact]
    public void A_user_who_does_not_exist_is_one_sentence_and_nothing_is_changed()
    {
        var gputty = On("VFIO_USER=nobody-here");
        var said = gputty.Run("switch", "vm", "--yes");
        Assert.Equal((ExitCodes.Refused, 2), (said.Code, said.Error.Count(c => c == '\n')));
        Assert.Empty(gputty.Host.Calls);
        Assert.Equal(ExitCodes.Refused, gputty.Run("plan", "vm").Code);
    }

    [Fact]
    public void Whoever_a_command_is_run_as_can_open_the_node_meanwhile()
    {
        Gputty gputty = null!;
        var meanwhile = new List<NodeOwner?>();
        gputty = Gputty.On("kept-off").With(grants: new GrantStore(new StateDirectory(_tree.At("run/gputty"))), foreground: (_, _) =>
        {
            meanwhile.AddRange(Owners(gputty));
            return Task.FromResult(0);
        });
        Assert.Equal(0, gputty.Run("run", "--as", "joe", "--", "qemu").Code);
        Assert.Equal([new NodeOwner(1000, 0, 0b110_000_000)], meanwhile);
        Assert.Empty(gputty.Host.Machine.VfioAccesses);
    }

    /// <summary>Keys that own something count only in files that root owns (the reader is tested in ConfigurationFilesTests).</summary>
    [Theory]
    [InlineData("VFIO_USER")]
    [InlineData("VFIO_GROUP")]
    public void A_users_own_file_decides_nothing_about_it(string key) =>
        Assert.True(GpuTty.Host.Settings.ConfigurationKey.Find(key)!.IsSystemOnly);

    [Fact]
    public void A_rule_is_read_as_it_was_written_and_no_other()
    {
        foreach (var access in (VfioAccess[])[
            s_joes,
            s_joes with { Owner = new VfioOwner(1000, null, "joe") },
            s_joes with { Owner = new VfioOwner(null, 108, "group kvm") },
        ])
            Assert.Equal(access, VfioAccessText.Parse(VfioAccessText.Of(access)));
        Assert.Null(VfioAccessText.Parse(VfioAccessText.Of(s_joes)
            .Replace("1000", "0", StringComparison.Ordinal)
            .Replace("OWNER", "RUN", StringComparison.Ordinal)));
        Assert.Null(VfioAccessText.Parse(""));
        Snapshots.Verify(VfioAccessText.Of(s_joes));
    }

    [Fact]
    public void Users_and_groups_are_those_of_the_machine()
    {
        _tree
            .File("etc/passwd", "root:x:0:0::/root:/bin/sh\njoe:x:1000:1001::/home/joe:/bin/bash\nbroken:x\n")
            .File("etc/group", "kvm:x:108:joe\n");
        Assert.Null(VfioOwners.Of(_tree.Root, "", ""));
        Assert.Equal(new VfioOwner(1000, 108, "joe and group kvm"), VfioOwners.Of(_tree.Root, "joe", "kvm"));
        Assert.Equal(new VfioOwner(null, 108, "group kvm"), VfioOwners.Of(_tree.Root, "", "kvm"));
        Assert.Contains(
            "There is no user broken",
            Assert.Throws<HostException>(() => VfioOwners.Of(_tree.Root, "broken", "")).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "There is no group joe",
            Assert.Throws<HostException>(() => VfioOwners.Of(_tree.Root, "joe", "joe")).Message,
            StringComparison.Ordinal);
    }

    [RootFact]
    public async Task On_a_machine_the_rule_is_a_file_below_run_and_nodes_that_are_there_change_at_once()
    {
        _tree
            .File("bin/udevadm", $"#!/bin/sh\necho \"$@\" >> {_tree.At("asked")}\n")
            .File("dev/vfio/14", "")
            .File("dev/vfio/devices/vfio0", "")
            .File("dev/vfio/devices/vfio1", "")
            .File("dev/iommu", "")
            .Folder("sys/bus/pci/devices/0000:01:00.1/vfio-dev/vfio0")
            .Folder("sys/bus/pci/devices/0000:02:00.0/vfio-dev/vfio1");
        File.SetUnixFileMode(_tree.At("bin/udevadm"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var rules = new VfioAccessRules(_tree.Root, new CommandRunner([_tree.At("bin")]), TimeProvider.System, _ => { });
        await rules.AllowAsync(s_joes, default);
        List<Unknown> unknowns = [];
        Assert.Equal([s_joes], VfioAccessRules.Read(_tree.Root, unknowns).AsEnumerable());
        Assert.Equal((1000u, 108u, 0b110_110_000), Of("dev/vfio/14"));
        Assert.Equal((1000u, 108u, 0b110_110_000), Of("dev/vfio/devices/vfio0"));
        Assert.Equal((1000u, 108u, 0b110_110_000), Of("dev/iommu"));
        Assert.Equal((0u, 0u), (Of("dev/vfio/devices/vfio1").Item1, Of("dev/vfio/devices/vfio1").Item2));
        // Somebody else has another card, and needs /dev/iommu as long.
        var anns = new VfioAccess(PciAddress.Parse("0000:02:00.0"), 15, new VfioOwner(1001, null, "ann"));
        await rules.AllowAsync(anns, default);
        await rules.DenyAsync(s_joes, default);
        Assert.Equal((1001u, 0u, 0b110_000_000), Of("dev/iommu"));
        await rules.DenyAsync(anns, default);
        Assert.Equal((0u, 0u, 0b110_110_000), Of("dev/iommu"));
        Assert.Empty(VfioAccessRules.Read(_tree.Root, unknowns));
        Assert.Equal((0u, 0u, 0b110_000_000), Of("dev/vfio/14"));
        Assert.Empty(unknowns);
        Assert.Equal(4, (await File.ReadAllLinesAsync(_tree.At("asked"))).Count(line => line == "control --reload"));
        // A link in its place leads nowhere.
        _tree.File("victim", "").Link("dev/vfio/15", "victim");
        await Assert.ThrowsAsync<HostException>(() => rules.AllowAsync(s_joes with { Group = 15 }, default));
        Assert.Equal(0u, Of("victim").Item1);
    }

    private (uint, uint, int) Of(string path) =>
        SysFiles.Stat(_tree.At(path)) is { } facts ? (facts.Uid, facts.Gid, facts.Mode & 0b111_111_111) : default;

    private static Gputty On(string configured, FaultPlan? drill = null) =>
        Gputty.On("kept-off", drill).With(configured: ConfigTests.Config(configured));

    private static List<NodeOwner?> Owners(Gputty gputty) =>
        [.. Card.FindAt(gputty.Host.Machine.Snapshot(), Machines.Card)!.Functions
            .SelectMany(function => function.Nodes)
            .Where(node => node.Kind == NodeKind.Vfio)
            .Select(node => node.Owner)
            .Distinct()];
}
