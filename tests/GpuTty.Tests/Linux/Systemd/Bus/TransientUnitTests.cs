using GpuTty.Host.Pci;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Systemd;
using GpuTty.Linux.Systemd.DBus;
using GpuTty.Linux.Vt;
using GpuTty.Linux.Worker;
using GpuTty.Tests.Linux.Commands;
using Tmds.DBus.Protocol;

namespace GpuTty.Tests.Linux.Systemd.Bus;

/// <summary>Units of our own, as systemd is given them, and as systemd-run is where there is no bus: the same unit.</summary>
public sealed class TransientUnitTests
{
    private static readonly OwnProgram s_program = new(["/opt/my gputty/gputty"], ["A=b", "PATH=/usr/bin"]);
    private static readonly TransientUnit s_home = AutoReturnUnit.Of(s_program, PciAddress.Parse("01:00.0"));

    [BusFact]
    public async Task A_unit_is_started_with_every_property_of_its_type_and_its_end_is_waited_for()
    {
        using var machine = await BusMachine.StartAsync();
        Assert.Equal(
            default,
            await Units(machine).StartAsync(
                ConsoleUnit.Of(s_program, vt: 4, former: 2, PciAddress.Parse("01:00.0")), TimeSpan.FromSeconds(20), default));
        var given = machine.Systemd.Started;
        Assert.Equal(("gputty-tty4.service", "fail"), (given["name"].GetString(), given["mode"].GetString()));
        Assert.Equal(
            ("GpuTty on tty4", "inactive-or-failed", "exec", "tty-fail", "/dev/tty4"),
            (
                given["Description"].GetString(),
                given["CollectMode"].GetString(),
                given["Type"].GetString(),
                given["StandardInput"].GetString(),
                given["TTYPath"].GetString()));
        Assert.True(given["TTYVHangup"].GetBool() && given["TTYReset"].GetBool() && given["TTYVTDisallocate"].GetBool());
        Assert.Equal(Convert.ToUInt32("077", 8), given["UMask"].GetUInt32());
        Assert.Equal(["A=b", "PATH=/usr/bin", "TERM=linux"], given["Environment"].GetArray<string>());
        Assert.Equal("/opt/my gputty/gputty: /opt/my gputty/gputty, console, 4, 0000:01:00.0 [must succeed]", Commands(given["ExecStart"]));
        Assert.Equal("/opt/my gputty/gputty: /opt/my gputty/gputty, leave-console, 4, 2 [may fail]", Commands(given["ExecStopPost"]));
        Assert.Equal("", machine.ToolCalls);
    }

    [BusFact]
    public async Task Spans_numbers_and_flags_are_what_systemd_counts_in()
    {
        using var machine = await BusMachine.StartAsync();
        Assert.True((await Units(machine).StartAsync(s_home, TimeSpan.FromSeconds(20), default)).Succeeded);
        var given = machine.Systemd.Started;
        Assert.Equal(
            (5_000_000ul, -900, "on-failure"),
            (given["RestartUSec"].GetUInt64(), given["OOMScoreAdjust"].GetInt32(), given["Restart"].GetString()));
        Assert.Equal(["TERM", "HOME"], given["UnsetEnvironment"].GetArray<string>());
        Assert.False(given.ContainsKey("ExecStopPost"));
    }

    [Fact]
    public void Without_a_bus_systemd_run_is_told_the_same() => Assert.Equal(
        [
            "--unit=gputty-home.service", "--description=GpuTty returns the only graphics card to the host", "--collect", "--quiet",
            "--no-ask-password",
            "--property=Restart=on-failure", "--property=RestartSec=5", "--property=OOMScoreAdjust=-900",
            "--property=IgnoreOnIsolate=yes",
            "--property=StandardInput=null", "--property=UMask=0077",
            "--property=UnsetEnvironment=TERM HOME", "--setenv=A=b",
            "--setenv=PATH=/usr/bin", "--", "/opt/my gputty/gputty", "home", "--card", "0000:01:00.0",
        ],
        s_home.Arguments());

    [BusFact]
    public async Task A_unit_that_is_still_there_is_told_from_one_that_cannot_be_started()
    {
        using var machine = await BusMachine.StartAsync();
        machine.Systemd.Refuses = (_, unit) => (BusException.UnitExists, $"Unit {unit} was already loaded or has a fragment file.");
        Assert.Equal(
            new UnitStart("systemd refused: Unit gputty-home.service was already loaded or has a fragment file.", Exists: true),
            await Units(machine).StartAsync(s_home, TimeSpan.FromSeconds(20), default));
        machine.Systemd.Refuses = (_, _) => ("org.freedesktop.DBus.Error.AccessDenied", "Permission denied");
        Assert.Equal(
            new UnitStart("systemd refused: Permission denied."),
            await Units(machine).StartAsync(s_home, TimeSpan.FromSeconds(20), default));
        machine.Systemd.Refuses = (_, _) => null;
        machine.Systemd.Ends = (_, _) => "failed";
        Assert.Equal(
            new UnitStart("gputty-home.service did not start: the unit failed."),
            await Units(machine).StartAsync(s_home, TimeSpan.FromSeconds(20), default));
        Assert.Equal("", machine.ToolCalls);
    }

    [BusTheory]
    [InlineData("active", true)]
    [InlineData("deactivating", true)]
    [InlineData("inactive", false)]
    [InlineData(null, false)]
    public async Task A_unit_is_active_as_long_as_it_clears_up(string? state, bool isActive)
    {
        using var machine = await BusMachine.StartAsync();
        if (state is not null) machine.Systemd.Units["gputty-home.service"] = new PretendedUnit("gputty-home.service", state);
        Assert.Equal(isActive, await Units(machine).IsActiveAsync("gputty-home.service", default));
        Assert.Equal("", machine.ToolCalls);
    }

    [Fact]
    public async Task Where_nobody_tells_whether_it_runs_it_is_not_said_to_have_ended()
    {
        using var tree = new MachineTree();
        var units = new TransientUnits(new Buses(tree.Root), new CommandRunner([tree.At("tools")]));
        Assert.Null(await units.IsActiveAsync("x.service", default));
    }

    [BusFact]
    public async Task Where_the_bus_is_lost_while_it_starts_systemd_run_finds_it_started()
    {
        using var machine = await BusMachine.StartAsync();
        machine.Systemd.Ends = (_, _) => null;
        machine.Tool("systemd-run", "echo 'Unit gputty-home.service was already loaded.' >&2; exit 1");
        var start = Units(machine).StartAsync(s_home, TimeSpan.FromSeconds(20), default);
        await Tool.UntilAsync(() => machine.Systemd.Calls.Any(call => call.Member == "StartTransientUnit"), "systemd was asked");
        machine.Bus.End();
        Assert.Equal(default, await start.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    private static TransientUnits Units(BusMachine machine) => new(new Buses(machine.Tree.Root), machine.Tools);

    /// <summary>a(sasb).</summary>
    private static string Commands(VariantValue value) =>
        string.Join("; ", Enumerable.Range(0, value.Count).Select(at => value.GetItem(at)).Select(command =>
        $"{command.GetItem(0).GetString()}: {string.Join(", ", command.GetItem(1).GetArray<string>())} "
            + $"[{(command.GetItem(2).GetBool() ? "may fail" : "must succeed")}]"));
}
