using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Interop;
using GpuTty.Tests.Linux.Commands;
using Tmds.DBus.Protocol;

namespace GpuTty.Tests.Linux.Systemd.Bus;

/// <summary>
/// Looking changes nothing: no login session, no line in the journal, no program that is started, nothing that systemd or logind would do.
/// </summary>
public sealed class LookingTests
{
    private const string Card = "0000:01:00.0";
    private static readonly string[] s_harmless =
    [
        "org.freedesktop.DBus Hello", "org.freedesktop.DBus AddMatch", "org.freedesktop.DBus RemoveMatch",
        "org.freedesktop.DBus GetNameOwner", "org.freedesktop.login1 ListSessions", "org.freedesktop.login1 ListUsers",
        "org.freedesktop.login1 Get", "org.freedesktop.login1 GetAll",
        "org.freedesktop.systemd1 ListUnitsByPatterns", "org.freedesktop.systemd1 Get", "org.freedesktop.systemd1 GetAll",
    ];

    private static int Me => (int)Native.EffectiveUser();

    [BusFact]
    public async Task A_hundred_looks_with_a_users_sound_server_on_the_card_leave_nothing_new()
    {
        using var machine = (await BusMachine.StartAsync(257)).WithGdm();
        var users = new PretendedManager(257) { Units = { ["pipewire.service"] = new PretendedUnit("pipewire.service") } };
        using var socket = new ManagerSocket(machine.Tree.At($"run/user/{Me}/systemd/private"), users);
        Furnish(machine);
        var observer = await machine.StrangerAsync();
        using var enough = new CancellationTokenSource();
        var (calls, ends) = (new List<string>(), new List<string>());
        var watching = WatchAsync(machine.Bus, observer.UniqueName!, calls, ends, enough.Token);
        // A monitor hears only what comes after it has begun.
        while (!ends.Contains("Begin")) await SayAsync(observer, "Begin");
        var before = (Files: FilesOf(machine.Tree), Names: await NamesAsync(observer));

        using (var screen = machine.Reader())
        {
            for (var look = 0; look < 50; look++) Check(await screen.ReadAsync(SnapshotSections.All, null, default));
        }
        // As status is, which looks once and ends.
        for (var look = 0; look < 50; look++)
        {
            using var status = machine.Reader();
            Check(await status.ReadAsync(SnapshotSections.All, null, default));
        }

        while (!ends.Contains("End")) await SayAsync(observer, "End");
        await enough.CancelAsync();
        await watching;
        Assert.Equal(s_harmless.Intersect(calls).Order(), calls.Distinct().Order());
        // They were seen: each look asks for sessions once.
        Assert.Equal(100, calls.Count(call => call == "org.freedesktop.login1 ListSessions"));
        Assert.NotEmpty(users.Calls);
        Assert.All(users.Calls, call => Assert.Contains(call.Member, (string[])["Hello", "Get", "GetAll"]));
        Assert.Equal("", machine.ToolCalls);
        Assert.Equal(before.Files, FilesOf(machine.Tree));
        await Tool.UntilAsync(
            () => NamesAsync(observer).Result.SequenceEqual(before.Names), "nobody of the readers is on the bus any more");
    }

    private static void Furnish(BusMachine machine)
    {
        machine.Logind.Session("2", (uint)Me, "user", "seat0", 2, "wayland", "user", 0);
        machine.Tree.Pci(Card, "030000", "10de:2684").Driver(Card, "nouveau", "nouveau")
            .Class("drm", "card1", $"{Card}/drm/card1", "1:5", "zero")
            .File("proc/900/stat", "900 (pipewire) S 1 900 900 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 900 0 0\n").File("proc/900/maps", "")
            .File("proc/900/status", $"Name:\tpipewire\nUid:\t{Me}\t{Me}\t{Me}\t{Me}\n")
            .File("proc/900/cgroup", $"0::/user.slice/user-{Me}.slice/user@{Me}.service/session.slice/pipewire.service\n")
            // /dev/zero plays the node.
            .LinkText("proc/900/fd/5", "/dev/zero")
            .File("run/utmp", "user").File($"run/systemd/sessions/2", "ACTIVE=1\n").File($"run/systemd/users/{Me}", "STATE=active\n")
            .File("var/log/wtmp", "user").File("var/log/journal/system.journal", "lines");
    }

    private static void Check(HostSnapshot host)
    {
        var holder = Assert.Single(host.Holders);
        Assert.Equal((900, "pipewire.service", Me), (holder.Pid, holder.UserUnit, holder.Uid));
        Assert.Equal("active", host.FindUnit(new UnitName("pipewire.service", Me))?.ActiveState);
        Assert.Equal(["2", "c1"], host.Sessions.Select(session => session.Id).Order());
        Assert.DoesNotContain(
            host.Unknowns, unknown => unknown.Code is UnknownFact.Units or UnknownFact.Sessions or UnknownFact.DisplayManager);
    }

    /// <summary>Whom every call on the bus was for, and what it asked. One that may start a service says so.</summary>
    /// <param name="observer">Whose calls do not count.</param>
    private static async Task WatchAsync(
        MessageBus bus, string observer, List<string> calls, List<string> ends, CancellationToken cancel)
    {
        try
        {
            await foreach (var heard in DBusConnection.MonitorBusAsync(bus.Address, null, cancel))
            {
                using (heard)
                {
                    var message = heard.Message;
                    var (type, whom) = (message.MessageType, message.DestinationAsString);
                    if (type == MessageType.Signal && message.InterfaceAsString == "test.Marks") ends.Add(message.MemberAsString!);
                    if (type != MessageType.MethodCall || message.SenderAsString == observer || ends is [] or [.., "End"]) continue;
                    var mayStart = whom != "org.freedesktop.DBus" && !message.MessageFlags.HasFlag(MessageFlags.NoAutoStart);
                    calls.Add($"{whom} {message.MemberAsString}{(mayStart ? " (starts it)" : "")}");
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The test has seen enough.
        }
    }

    private static async Task SayAsync(DBusConnection connection, string mark)
    {
        var writer = connection.GetMessageWriter();
        writer.WriteSignalHeader(null, "/", "test.Marks", mark);
        Assert.True(connection.TrySendMessage(writer.CreateMessage()));
        await Task.Delay(20);
    }

    private static async Task<string[]> NamesAsync(DBusConnection connection) => [.. (await connection.ListServicesAsync()).Order()];

    private static string[] FilesOf(MachineTree tree) =>
    [
        .. new DirectoryInfo(tree.Path).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
            .Select(file => $"{file.FullName} {file.LastWriteTimeUtc:O} {(file as FileInfo)?.Length}").Order(),
    ];
}
