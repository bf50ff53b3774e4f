using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using Xunit.Abstractions;

namespace GpuTty.Tests.Planning;

/// <summary>
/// Names that somebody without root chooses, on every simulated machine: whatever they are, a plan touches what it would have
/// touched, only who asked for it in so many words is ended, and nothing of a name becomes an option, a path or a second command.
/// </summary>
public sealed class HostileNamesTests(ITestOutputHelper output)
{
    private static readonly PciAddress s_card = Machines.Card;

    public static readonly ImmutableArray<string> Names =
    [
        "a/b",
        "../../etc/passwd",
        "..",
        ".",
        "/",
        "a b",
        "a\tb",
        "a\nb",
        "a\0b",
        "a;reboot",
        "$(reboot)",
        "`reboot`",
        "a|b",
        "a'b\"c",
        "a\\x2db",
        "\\",
        "%i",
        "${HOME}",
        "-rf",
        "--force",
        "--",
        "-",
        "\e[2J",
        "\u009b31m",
        "\u202eresu",
        "\ud800",
        "@",
        "#0",
        "*",
        "?",
        "",
        " ",
        "systemd",
        "init",
        "dbus-daemon",
        "Xorg",
        "gputty",
        "0000:01:00.0",
        "01:00",
        "vfio-pci",
        "nvidia",
        "dbus.service",
        "systemd-logind.service",
        "init.scope",
        "session-2.scope",
        "user@0.service",
        "user@1000.service",
        "lightdm.service",
        "gdm.service",
        "display-manager.service",
        "gputty-switch.service",
        "docker 0123456789ab",
        "machine -h",
        "root",
        "0",
        "seat0",
        "\u0430pt",
        new string('A', 300),
    ];

    public static TheoryData<string> MachineNames => [.. Machines.All.Select(machine => machine.Name)];

    /// <summary>The process's own name decides nothing: same steps, same refusals, whoever it pretends to be.</summary>
    [Theory, MemberData(nameof(MachineNames))]
    public void What_a_process_calls_itself_changes_no_decision(string machine)
    {
        var tried = 0;
        foreach (var name in Names)
            foreach (var (unit, userUnit, session) in Places("app-game.scope"))
                foreach (var intent in s_intents)
                {
                    Assert.Equal(
                        Decision(With(machine, Guest("game", unit, userUnit, session)), intent),
                        Decision(With(machine, Guest(name, unit, userUnit, session)), intent));
                    tried++;
                }
        Counts.Add(output, "plans of a machine with hostile names", tried);
    }

    /// <summary>Units and sessions that a user makes: only his own are stopped, by the manager of his, whatever they are called.</summary>
    [Theory, MemberData(nameof(MachineNames))]
    public void What_a_user_calls_his_units_reaches_no_unit_but_his(string machine)
    {
        var tried = 0;
        foreach (var name in Names)
            foreach (var suffix in (string[])[".service", ".scope"])
                foreach (var intent in s_intents)
                {
                    var unit = name.EndsWith(suffix, StringComparison.Ordinal) ? name : $"{name}{suffix}";
                    // What the same program would cost in a unit that is called like nothing in particular.
                    var expected = Steps(SwitchPlanner.Plan(Machines.Find(machine)!.Machine.Snapshot(), intent))
                        .Concat(Touched(machine, $"app-game{suffix}", intent))
                        .ToHashSet();
                    foreach (var step in Touched(machine, unit, intent).Except(expected))
                        Assert.True(
                            step is EndProcess { Pid: 31337 }
                                or StopUnit { Unit.Uid: 1001 }
                                or EndUnit { Unit.Uid: 1001 }
                                or StartUnit { Unit.Uid: 1001 },
                            $"{machine} {unit}: {step.Describe()}");
                    tried++;
                }
        Counts.Add(output, "plans of a machine with hostile names", tried);
    }

    /// <summary>Without a yes nobody is ended, and a plan with one says so in a line of its own, with the user.</summary>
    [Theory, MemberData(nameof(MachineNames))]
    public void Nobody_is_ended_unasked_and_the_one_who_asks_reads_whose_program_it_is(string machine)
    {
        foreach (var name in Names)
            foreach (var (unit, userUnit, session) in Places("game.service"))
            {
                var host = With(machine, Guest(name, unit, userUnit, session));
                Assert.DoesNotContain(
                    Steps(SwitchPlanner.Plan(host, s_intents[0])),
                    step => step is EndProcess or StopUnit { Unit.Uid: 1001 } or EndUnit { Unit.Uid: 1001 });
                if (SwitchPlanner.Plan(host, s_intents[1]) is not PlanResult.Ready { Plan: var plan }
                    || !plan.Steps.Any(step => step is EndProcess { Pid: 31337 }))
                    continue;
                Assert.Contains(plan.Consequences, loss => loss.Text.Contains("(31337) of mallory will be", StringComparison.Ordinal));
            }
    }

    /// <summary>A container's name becomes an argument, or its container is left alone.</summary>
    [Fact]
    public void No_name_of_a_container_is_an_option_or_a_path()
    {
        foreach (var kind in (string[])["docker", "podman", "nerdctl", "lxc", "machine", "crio", "kubernetes", "nonsense"])
            foreach (var name in Names)
                foreach (var unit in (string?[])[null, "user@1001.service", "user@x;y.service"])
                {
                    if (ContainerCommand.Stop($"{kind} {name}", unit) is not { } command) continue;
                    Assert.Matches("^[A-Za-z0-9][A-Za-z0-9_.-]*$", name);
                    Assert.All(
                        command.Arguments.SkipWhile(argument => argument != "stop"),
                        argument =>
                            Assert.False(argument.Contains('/', StringComparison.Ordinal) || argument.Any(char.IsControl), argument));
                }
    }

    /// <summary>Devices on USB tell their names themselves, network devices, disks and mounts have those
    /// that users give them: they are shown, and decide nothing. Names of monitors are not read.</summary>
    [Theory, MemberData(nameof(MachineNames))]
    public void No_name_of_a_device_on_USB_a_network_device_or_a_file_system_changes_a_plan(string machine)
    {
        var tried = 0;
        var host = Machines.Find(machine)!.Machine.Snapshot();
        foreach (var name in Names)
            foreach (var intent in s_intents)
            {
                var poisoned = host with
                {
                    HostName = name,
                    Devices = [.. host.Devices.Select(device =>
                        device with { Name = name, Uses = [.. device.Uses.Select(use => use with { Name = name })] })],
                };
                Assert.Equal(Decision(host, intent), Decision(poisoned, intent));
                tried++;
            }
        Counts.Add(output, "plans of a machine with hostile names", tried);
    }

    private static readonly SwitchIntent[] s_intents =
    [
        new(s_card, Direction.ToVm),
        new(s_card, Direction.ToVm) { EndSessions = true, EndHolders = HolderConsent.Kill, SingleGpu = true },
        new(s_card, Direction.ToHost) { EndSessions = true, EndHolders = HolderConsent.Terminate },
    ];

    private static (string?, string?, string?)[] Places(string userUnit) =>
        [("session-9.scope", null, "9"), ("user@1001.service", userUnit, null), (null, null, null)];

    private static Holder Guest(string name, string? unit, string? userUnit, string? session) => new()
    {
        Pid = 31337,
        StartTime = 8,
        Name = name,
        Uid = 1001,
        User = "mallory",
        Unit = unit,
        UserUnit = userUnit,
        Session = session,
        Nodes = [new HeldNode("/dev/dri/renderD129", NodeKind.Render, s_card, null, 5)],
    };

    private static HostSnapshot With(string machine, Holder guest)
    {
        var host = Machines.Find(machine)!.Machine.Snapshot();
        return host with { Holders = [.. host.Holders, guest] };
    }

    private static ImmutableArray<Step> Steps(PlanResult result) => result is PlanResult.Ready ready ? ready.Plan.Steps : [];

    private static ImmutableArray<Step> Touched(string machine, string userUnit, SwitchIntent intent) =>
        Steps(SwitchPlanner.Plan(With(machine, Guest("game", "user@1001.service", userUnit, null)), intent));

    /// <summary>Kinds of steps in their order and what each refusal is; not the words.</summary>
    private static string Decision(HostSnapshot host, SwitchIntent intent) => SwitchPlanner.Plan(host, intent) switch
    {
        PlanResult.Ready ready => string.Join('\n', ready.Plan.Steps.Select(step => step switch
        {
            EndProcess end => $"end {end.Pid} {end.Signal}",
            StopUnit stop => $"stop {stop.Unit}",
            EndUnit end => $"end {end.Unit}",
            StartUnit start => $"start {start.Unit}",
            EndSession end => $"end {end.Session}",
            _ => step.Code(),
        })),
        PlanResult.Blocked blocked => string.Join('\n', blocked.Obstacles.Select(obstacle => obstacle.Code)),
        var other => other.GetType().Name,
    };
}
