using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Linux;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Kernel;
using GpuTty.Linux.State;
using GpuTty.Linux.Worker;
using GpuTty.Linux.Writes;
using GpuTty.Planning.Plans;

namespace GpuTty.Tests.Linux.State;

public sealed class OriginalStateStoreTests : StateFixture
{
    [Fact]
    public void Two_cards_are_remembered_and_forgotten_apart()
    {
        var home = new OriginalStateStore(State.Run);
        Assert.Equal(OriginalState.Nothing, home.Read());

        home.Remember(Samples.Home("01:00.0"));
        home.Remember(Samples.Home("02:00.0"));
        home.Remember(Samples.Home("01:00.0", "nouveau"));

        var both = new OriginalStateStore(State.Run).Read();
        Assert.Equal(2, both.Devices.Length);
        Assert.Equal("nouveau", both.Devices.Single(d => d.Address == PciAddress.Parse("01:00.0")).Driver);

        home.Forget(Samples.Home("01:00.0", "nouveau"));
        Assert.Equal(Samples.Home("02:00.0"), new OriginalStateStore(State.Run).Read());
    }

    [Fact]
    public void What_a_card_is_for_stays_when_it_comes_home_and_older_files_know_nothing_of_it()
    {
        var home = new OriginalStateStore(State.Run);
        var use = new CardAccess(PciAddress.Parse("01:00.0"), new PciId(0x10de, 0x2684), DesktopAccess.Allowed);
        home.Remember(Samples.Home("01:00.0"));
        home.Remember(OriginalState.Nothing with { Uses = [use] });
        home.Forget(home.Read() with { Uses = [] });
        Assert.Equal(OriginalState.Nothing with { Uses = [use] }, new OriginalStateStore(State.Run).Read());
        home.Remember(OriginalState.Nothing with { Uses = [use with { Use = DesktopAccess.HiddenFromSeat }] });
        Assert.Equal(DesktopAccess.HiddenFromSeat, Assert.Single(home.Read().Uses).Use);

        State.Run.Replace("home.json", """{"devices":[],"modules":[],"units":[]}"""u8);
        Assert.Equal(OriginalState.Nothing, home.Read());
    }

    [Theory]
    [InlineData("{", "cannot be read")]
    [InlineData("""{"schema":2,"devices":[],"modules":[],"units":[]}""", "newer version of gputty")]
    public async Task M35_where_it_cannot_be_read_a_switch_is_refused_and_the_machine_is_shown_all_the_same(string content, string why)
    {
        State.Run.Replace("home.json", System.Text.Encoding.UTF8.GetBytes(content));
        using var machine = new MachineTree().Pci("0000:01:00.0", "030000", "10de:2684").Driver("0000:01:00.0", "nvidia", "nvidia");
        using var reader = new LinuxHostReader(
            machine.Root,
            new CommandRunner([]),
            () => new OriginalStateStore(State.Run).Read(),
            () => KernelIncidents.None,
            TimeProvider.System);

        var host = await reader.ReadAsync(SnapshotSections.All, null, default);

        var blocked =
            Assert.IsType<PlanResult.Blocked>(SwitchPlanner.Plan(host, new SwitchIntent(PciAddress.Parse("01:00.0"), Direction.ToVm)));
        var obstacle = Assert.Single(blocked.Obstacles, obstacle => obstacle.Code == "original-state-unknown");
        Assert.Contains(why, obstacle.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain(". ", obstacle.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("rm ", obstacle.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_named_and_left_as_it_is()
    {
        State.Run.Replace("home.json", "{"u8);

        var refused = Assert.Throws<HostException>(() => new OriginalStateStore(State.Run).Remember(Samples.Home("01:00.0")));

        Assert.Contains("home.json", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("rm ", refused.Remedy, StringComparison.Ordinal);
        Assert.Equal("{"u8.ToArray(), State.Run.Read("home.json"));
    }

    [Fact]
    public void What_is_written_says_in_which_format() =>
        Assert.All((Action[])[
            () => new OriginalStateStore(State.Run).Remember(Samples.Home("01:00.0")),
            () => new PendingWrite(1, 1, [], "x", default, false, new LockHolder(1, 1)).Keep(State.Run),
        ],
            write =>
            {
                write();
                foreach (var path in Directory.GetFiles(State.Run.Path))
                    Assert.Contains("\"schema\":1", File.ReadAllText(path), StringComparison.Ordinal);
            });
}
