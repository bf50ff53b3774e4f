using System.Diagnostics;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Tests.Linux.Commands;

namespace GpuTty.Tests.Linux.Systemd.Bus;

/// <summary>What systemd and logind tell on the system's bus, of versions
/// that are in use, and what is told of a bus that does not answer.</summary>
public sealed class BusReadersTests
{
    private const SnapshotSections Desktop = SnapshotSections.Desktop;

    [BusTheory]
    [InlineData(252)]
    [InlineData(257)]
    [InlineData(262)]
    public async Task Sessions_and_the_display_manager_are_told_on_the_bus_and_no_tool_is_run(int version)
    {
        using var machine = (await BusMachine.StartAsync(version)).WithGdm();
        machine.Logind
            .Session("2", 1000, "fernando", "seat0", 2, "wayland", "user", 0)
            .Session("5", 1000, "fernando", "", 0, "tty", "user", 0);
        if (version >= 256) machine.Logind.Session("1", 1000, "fernando", "", 0, "unspecified", "manager", 0);
        using var reader = machine.Reader();

        var host = await reader.ReadAsync(Desktop, null, default);

        Assert.Empty(host.Unknowns.Where(unknown => unknown.Code != UnknownFact.CallerLocation));
        Assert.Equal(
            (new UnitName("gdm.service"), "active", 1),
            (host.DisplayManager!.Unit.Name, host.DisplayManager.Unit.ActiveState, host.DisplayManager.Vt));
        Assert.Equal(
            new UnitTraits { WantedBy = "graphical.target", StopTimeout = TimeSpan.FromSeconds(90) }, host.DisplayManager.Unit.Traits);
        Assert.Equal(
            new LoginSession
            {
                Id = "2",
                Uid = 1000,
                User = "fernando",
                Seat = "seat0",
                Vt = 2,
                Type = "wayland",
                Class = "user",
                State = "active",
                Desktop = "KDE",
                IsIdle = false,
            },
            host.FindSession("2"));
        Assert.Equal((null, null, "tty"), (host.FindSession("5")!.Seat, host.FindSession("5")!.Vt, host.FindSession("5")!.Type));
        Assert.Equal(version >= 256 ? 4 : 3, host.Sessions.Length);
        Assert.Equal("", machine.ToolCalls);
    }

    [BusFact]
    public async Task A_session_that_ends_while_it_is_asked_for_is_not_there_and_everything_else_is_known()
    {
        using var machine = (await BusMachine.StartAsync()).WithGdm();
        machine.Logind.Gone.Add("7");
        using var reader = machine.Reader();
        var host = await reader.ReadAsync(Desktop, null, default);
        Assert.Equal(["c1"], host.Sessions.Select(session => session.Id));
        Assert.DoesNotContain(host.Unknowns, unknown => unknown.Code == UnknownFact.Sessions);
    }

    [BusFact]
    public async Task Who_lingers_and_the_delay_in_force_are_told_by_logind_also_where_no_file_says_so()
    {
        using var machine = await BusMachine.StartAsync();
        (machine.Logind.Lingering[1000], machine.Logind.Lingering[1001], machine.Logind.StopDelay) = (true, false, 3_000_000);
        using var reader = machine.Reader();
        var host = await reader.ReadAsync(Desktop, null, default);
        Assert.Equal((1000, TimeSpan.FromSeconds(3)), (host.Lingering.Single(), host.UserStopDelay));

        machine.Logind.StopDelay = ulong.MaxValue;
        Assert.Equal(Timeout.InfiniteTimeSpan, (await reader.ReadAsync(Desktop, null, default)).UserStopDelay);

        (machine.Logind.Lingering[1000], machine.Logind.StopDelay) = (false, null);
        host = await reader.ReadAsync(Desktop, null, default);
        Assert.Equal((0, TimeSpan.FromSeconds(10)), (host.Lingering.Length, host.UserStopDelay));
    }

    [BusFact]
    public async Task A_service_that_logs_in_itself_is_known_by_its_main_process()
    {
        using var machine = await BusMachine.StartAsync(257);
        machine.Tree
            .File("proc/810/stat", "810 (cage) S 1 1 1 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 1000 1 1 1\n")
            .File("proc/810/cgroup", "0::/user.slice/user-1000.slice/session-2.scope\n");
        machine.Systemd.Units["cups.service"] = new PretendedUnit("cups.service")
        {
            Own = new() { ["MainPID"] = 5u, ["Restart"] = "always" },
        };
        machine.Systemd.Units["kiosk.service"] = new PretendedUnit("kiosk.service")
        {
            Own = new()
            {
                ["MainPID"] = 810u,
                ["Restart"] = "always",
                ["ExecStart"] = PretendedUnit.Words("/usr/bin/cage"),
            },
        };
        machine.Logind.Session("2", 1000, "user", "seat0", 1, "wayland", "user", 810);
        using var reader = machine.Reader();
        var session = (await reader.ReadAsync(Desktop, null, default)).Sessions.Single();
        Assert.Equal((true, "kiosk.service"), (session.IsStarterTold, session.StartedBy));
    }

    [BusFact]
    public async Task What_names_may_not_hold_is_made_visible_and_what_is_no_name_is_left_out()
    {
        using var machine = (await BusMachine.StartAsync()).WithGdm();
        machine.Logind
            .Session("3", 1000, "evil\u001b[2J", "seat\u001b0", 3, "tty\n", "user", 0)
            .Session("../4", 1000, "x", "", 0, "tty", "user", 0);
        machine.Systemd.Aliases["display-manager.service"] = "gdm\u001b.service";
        machine.Systemd.Units["gdm\u001b.service"] = new PretendedUnit("gdm\u001b.service");
        using var reader = machine.Reader();
        var host = await reader.ReadAsync(Desktop, null, default);
        Assert.Equal(["c1", "3"], host.Sessions.Select(session => session.Id).OrderDescending());
        Assert.Equal(
            ("evil\\x1b[2J", "seat\\x1b0", "tty\\x0a"),
            host.FindSession("3") is { } three ? (three.User, three.Seat, three.Type) : default);
        Assert.Null(host.DisplayManager);
    }

    /// <summary>Properties that are not of the type they should be are those of a newer version, or of somebody who pretends.</summary>
    [BusFact]
    public async Task Values_of_the_wrong_type_harm_nothing_else()
    {
        using var machine = (await BusMachine.StartAsync()).WithGdm();
        machine.Logind.Session("3", 1000, "user", "seat0", 3, "tty", "user", 0);
        machine.Logind.Sessions["3"]["Leader"] = PretendedUnit.Words("many");
        machine.Logind.Sessions["3"]["VTNr"] = "three";
        machine.Logind.Sessions["3"]["User"] = 1.5;
        machine.Systemd.Units["gdm.service"].Unit["PartOf"] = 7;
        machine.Systemd.Units["gdm.service"].Own["TimeoutStopUSec"] = "soon";
        using var reader = machine.Reader();
        var host = await reader.ReadAsync(Desktop, null, default);
        Assert.Equal((-1, null, 0), host.FindSession("3") is { } three ? (three.Uid, three.Vt, three.Leader) : default);
        Assert.Equal(("7", null), (host.DisplayManager!.Unit.Traits!.PartOf, host.DisplayManager.Unit.Traits.StopTimeout));
    }

    [BusFact]
    public async Task A_bus_that_does_not_answer_is_told_within_its_limit_and_never_waited_for_longer()
    {
        using var machine = (await BusMachine.StartAsync()).WithGdm();
        using var reader = machine.Reader();
        await reader.ReadAsync(Desktop, null, default);
        machine.Bus.Freeze();
        var watch = Stopwatch.StartNew();

        var host = await reader.ReadAsync(Desktop, null, default);

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));
        Assert.Contains(
            host.Unknowns,
            unknown => unknown.Code == UnknownFact.Sessions && unknown.Reason.Contains("did not answer within", StringComparison.Ordinal));
        Assert.Contains(
            host.Unknowns,
            unknown =>
                unknown.Code == UnknownFact.DisplayManager
                && unknown.Reason.Contains("the system bus did not answer", StringComparison.Ordinal));
        // Nobody else is asked in its place: what hangs may be systemd itself.
        Assert.Equal("", machine.ToolCalls);
    }

    [BusFact]
    public async Task A_bus_that_has_gone_is_replaced_by_the_tools_which_say_so_and_by_itself_when_it_comes_back()
    {
        using var machine = (await BusMachine.StartAsync()).WithGdm();
        using var reader = machine.Reader();
        Assert.NotNull((await reader.ReadAsync(Desktop, null, default)).DisplayManager);
        machine.Bus.End();
        await Tool.UntilAsync(
            () => !reader.ReadAsync(Desktop, null, default).Result.Unknowns.Any(unknown =>
                unknown.Reason.Contains("gave no usable answer", StringComparison.Ordinal)),
            "the loss is over");

        var host = await reader.ReadAsync(Desktop, null, default);

        Assert.Contains("loginctl list-sessions", machine.ToolCalls, StringComparison.Ordinal);
        Assert.Contains(
            host.Unknowns,
            unknown => unknown.Reason.StartsWith("There is no system bus, and loginctl ended with status 1", StringComparison.Ordinal));
    }

    [BusFact]
    public async Task Without_logind_on_the_bus_of_a_machine_of_systemd_sessions_are_unknown()
    {
        using var machine = await BusMachine.StartAsync(withLogind: false);
        using var reader = machine.Reader();
        Assert.Contains((await reader.ReadAsync(Desktop, null, default)).Unknowns, unknown => unknown.Code == UnknownFact.Sessions);
        Directory.Delete(machine.Tree.At("run/systemd"), recursive: true);
        Assert.DoesNotContain((await reader.ReadAsync(Desktop, null, default)).Unknowns, unknown => unknown.Code == UnknownFact.Sessions);
    }

    /// <summary>sudo may keep the variable; whoever set it would tell root which sessions there are.</summary>
    [BusFact]
    public async Task The_callers_environment_names_no_bus()
    {
        using var machine = (await BusMachine.StartAsync()).WithGdm();
        using var other = await BusMachine.StartAsync();
        var before = Environment.GetEnvironmentVariable("DBUS_SYSTEM_BUS_ADDRESS");
        Environment.SetEnvironmentVariable("DBUS_SYSTEM_BUS_ADDRESS", other.Bus.Address);
        try
        {
            using var reader = machine.Reader();
            Assert.Single((await reader.ReadAsync(Desktop, null, default)).Sessions);
        }
        finally
        {
            Environment.SetEnvironmentVariable("DBUS_SYSTEM_BUS_ADDRESS", before);
        }
        Assert.Empty(other.Systemd.Calls);
    }

    /// <summary>What logind does instead of telling its sessions makes them unknown; what systemd tells is known anyway.</summary>
    [BusTheory]
    [InlineData("says nothing", "did not answer within 10 seconds")]
    [InlineData("says something else", "gave no usable answer")]
    [InlineData("goes away", "without an answer")]
    public async Task A_logind_that_does_not_tell_makes_sessions_unknown_and_nothing_else(string what, string why)
    {
        using var machine = (await BusMachine.StartAsync()).WithGdm();
        machine.Logind.Misbehaves = what;
        using var reader = machine.Reader();
        var host = await reader.ReadAsync(Desktop, null, default);
        var unknown = Assert.Single(host.Unknowns, unknown => unknown.Code is UnknownFact.Sessions or UnknownFact.DisplayManager);
        Assert.Equal(UnknownFact.Sessions, unknown.Code);
        Assert.Contains(why, unknown.Reason, StringComparison.Ordinal);
        Assert.Equal("gdm.service", host.DisplayManager?.Unit.Name.Name);
        Assert.Equal("", machine.ToolCalls);
    }

    /// <summary>A bus refuses the next call of whoever waits for 128 answers.</summary>
    [BusFact]
    public async Task Three_hundred_services_are_asked_about_one_after_the_other()
    {
        using var machine = await BusMachine.StartAsync();
        machine.Tree.File("proc/810/stat", "810 (cage) S 1 1 1 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 1000 1 1 1\n");
        for (var number = 1; number <= 300; number++)
            machine.Systemd.Units[$"s{number}.service"] = new PretendedUnit($"s{number}.service")
            {
                Own = new() { ["MainPID"] = number < 300 ? (uint)number : 810u, ["Restart"] = "always" },
            };
        machine.Logind.Session("2", 1000, "user", "seat0", 1, "wayland", "user", 810);
        using var reader = machine.Reader();
        Assert.Equal("s300.service", (await reader.ReadAsync(Desktop, null, default)).Sessions.Single().StartedBy);
    }

    [BusFact]
    public async Task What_started_a_session_is_asked_again_where_systemd_has_not_answered()
    {
        using var machine = await BusMachine.StartAsync();
        machine.Tree.File("proc/810/stat", "810 (cage) S 1 1 1 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 1000 1 1 1\n");
        machine.Systemd.Units["kiosk.service"] = new PretendedUnit("kiosk.service")
        {
            Own = new() { ["MainPID"] = 810u, ["Restart"] = "always" },
        };
        machine.Logind.Session("2", 1000, "user", "seat0", 1, "wayland", "user", 810);
        var answers = false;
        machine.Systemd.RefusesLists = () => !answers;
        using var reader = machine.Reader();
        Assert.False((await reader.ReadAsync(Desktop, null, default)).Sessions.Single().IsStarterTold);
        answers = true;
        Assert.Equal("kiosk.service", (await reader.ReadAsync(Desktop, null, default)).Sessions.Single().StartedBy);
    }

    /// <summary>Each answer comes in time, and there are many of them to wait for one after the other.</summary>
    [BusFact]
    public async Task A_systemd_that_answers_each_question_late_is_not_waited_for_as_often_as_it_is_asked()
    {
        using var machine = (await BusMachine.StartAsync()).WithGdm();
        for (var number = 1; number <= 8; number++)
        {
            machine.Tree.File(
                $"proc/{800 + number}/stat", $"{800 + number} (cage) S 1 1 1 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 1000 1 1 1\n");
            machine.Logind.Session($"{number}", 1000, "user", "seat0", (uint)number, "wayland", "user", (uint)(800 + number));
        }
        machine.Systemd.Delay = TimeSpan.FromSeconds(4);
        using var reader = machine.Reader();
        var watch = Stopwatch.StartNew();
        var host = await reader.ReadAsync(Desktop, null, default);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));
        Assert.Equal(9, host.Sessions.Length);
        Assert.False(host.FindSession("8")!.IsStarterTold);
    }
}
