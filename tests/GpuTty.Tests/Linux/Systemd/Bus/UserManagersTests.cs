using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Interop;
using GpuTty.Linux.Systemd;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tests.Linux.Commands;

namespace GpuTty.Tests.Linux.Systemd.Bus;

/// <summary>A user's service manager is asked on its own socket, with that
/// user's rights, and is believed about nothing but that user's units.</summary>
public sealed class UserManagersTests : IDisposable
{
    private readonly MachineTree _tree = new MachineTree()
        .Folder("run/systemd/system")
        .File("proc/modules", "")
        .File("proc/sys/kernel/tainted", "0\n");
    private readonly PretendedManager _manager = new(257);
    private readonly List<LogLine> _log = [];

    /// <summary>Whoever runs the tests; only root can be somebody else.</summary>
    private static int Me => (int)Native.EffectiveUser();

    [Fact]
    public async Task A_users_unit_is_told_by_that_users_manager_without_a_login()
    {
        using var socket = Listen(Me);
        _manager.Units["pipewire.service"] = new PretendedUnit("pipewire.service")
        {
            Unit = new()
            {
                ["WantedBy"] = PretendedUnit.Words("default.target", "x.target"),
                ["BindsTo"] = PretendedUnit.Words("dbus.service"),
                ["Before"] = PretendedUnit.Words("wireplumber.service", "shutdown.target"),
                ["Transient"] = true,
            },
            Own = new() { ["TimeoutStopUSec"] = ulong.MaxValue },
        };
        var host = await LookAsync(new UnitName("pipewire.service", Me), new UnitName("gone.service", Me));
        var unit = host.Units.Single(unit => unit.Name == new UnitName("pipewire.service", Me));
        Assert.Equal(
            ("active", new UnitTraits
            {
                IsTransient = true,
                WantedBy = "default.target x.target",
                PartOf = "dbus.service",
                Before = "shutdown.target",
            }),
            (unit.ActiveState, unit.Traits));
        // It was asked about, and is not there.
        Assert.Null(host.FindUnit(new UnitName("gone.service", Me)));
        Assert.DoesNotContain(host.Unknowns, unknown => unknown.Code == UnknownFact.Units);
        Assert.Equal([($"{Me}", Me)], socket.Callers.Distinct());
    }

    [Fact]
    public async Task A_users_unit_is_stopped_started_and_read_again_by_that_users_manager()
    {
        using var socket = Listen(Me);
        var unit = new UnitName("pipewire.service", Me);
        _manager.Units[unit.Name] = new PretendedUnit(unit.Name);
        var jobs = new UnitJobs(new Buses(_tree.Root), Readers.NoTools, TimeProvider.System, _log.Add);
        await jobs.StopAsync(unit, default);
        Assert.Equal("inactive", _manager.Units[unit.Name].ActiveState);
        await jobs.StartAsync(unit, default);
        await jobs.ReloadUserAsync(Me, default);
        Assert.Equal(
            ["StopUnit", "ResetFailedUnit", "StartUnit", "Reload"],
            _manager.Calls
                .Where(call => call.Interface.EndsWith("systemd1.Manager", StringComparison.Ordinal))
                .Select(call => call.Member));
        _manager.Ends = (_, _) => "timeout";
        var refused = await Assert.ThrowsAsync<HostException>(() => jobs.StopAsync(unit, default));
        Assert.Equal($"pipewire.service of user {Me} could not be stopped: it took longer than systemd allows.", refused.Message);
    }

    /// <summary>The kernel tells the other end who connects: that user, and not root.</summary>
    [RootFact]
    public async Task Root_asks_with_the_rights_of_the_user_and_is_root_again_afterwards()
    {
        const int user = 4242;
        _manager.Units["pipewire.service"] = new PretendedUnit("pipewire.service");
        OpenTo(user);
        using var socket = Listen(user, user);
        Assert.Single((await LookAsync(new UnitName("pipewire.service", user))).Units, unit => unit.Name.Name == "pipewire.service");
        Assert.Equal([($"{user}", user)], socket.Callers.Distinct());
        Assert.Equal(0, Me);
    }

    /// <summary>Otherwise a user who puts a link there would have root say to another manager what is meant for his.</summary>
    [RootFact]
    public async Task A_socket_of_somebody_else_in_its_place_is_told_nothing()
    {
        const int user = 4242;
        OpenTo(user);
        using var socket = Listen(user, owner: 0);
        var host = await LookAsync(new UnitName("pipewire.service", user));
        Assert.Contains(
            host.Unknowns,
            unknown =>
                unknown.Code == UnknownFact.Units
                && unknown.Of == $"{user}"
                && unknown.Reason.EndsWith("belongs to user 0, not to user 4242.", StringComparison.Ordinal));
        var jobs = new UnitJobs(new Buses(_tree.Root), Readers.NoTools, TimeProvider.System, _log.Add);
        await Assert.ThrowsAsync<HostException>(() => jobs.StopAsync(new UnitName("pipewire.service", user), default));
        Assert.Empty(_manager.Calls);
    }

    [RootFact]
    public async Task A_socket_that_the_user_may_not_open_is_not_opened_by_root_either()
    {
        const int user = 4242;
        OpenTo(user);
        using var socket = Listen(user, owner: user);
        // As sockets of the system are: for root, and for root's group.
        File.SetUnixFileMode(
            SocketOf(user), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        Assert.Contains((await LookAsync(new UnitName("pipewire.service", user))).Unknowns, unknown => unknown.Code == UnknownFact.Units);
        Assert.Empty(socket.Callers);
    }

    [Fact]
    public async Task Who_has_services_without_end_is_asked_about_some_and_the_others_are_unknown()
    {
        using var socket = Listen(Me);
        var units = Enumerable.Range(0, 2000).Select(number => new UnitName($"app-{number}.service", Me)).ToArray();
        var host = await LookAsync(units);
        Assert.InRange(_manager.Calls.Count, 1, 1000);
        Assert.Contains(host.Unknowns, unknown => unknown.Code == UnknownFact.Units && unknown.Of == $"{Me}");
    }

    /// <summary>The user's last connection has gone, and the manager with it.</summary>
    [Fact]
    public async Task What_a_manager_that_ends_in_the_middle_of_a_start_has_not_started_comes_with_the_next_login()
    {
        using var socket = Listen(Me);
        var unit = new UnitName("pipewire.service", Me);
        _manager.Units[unit.Name] = new PretendedUnit(unit.Name);
        _manager.IsSilent = member => member == "StartUnit";
        var start = new UnitJobs(new Buses(_tree.Root), Readers.NoTools, TimeProvider.System, _log.Add).StartAsync(unit, default);
        await Tool.UntilAsync(() => _manager.Asked.Contains("StartUnit"), "the manager is asked");
        socket.Dispose();
        foreach (var connection in _manager.Listeners) connection.Dispose();
        await start.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.EndsWith("does not run, so it comes with the next login.", _log[^1].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stopping", true)]
    [InlineData("running", false)]
    public async Task A_manager_that_is_about_to_end_is_asked_again_until_it_has(string state, bool isTransient)
    {
        using var socket = Listen(Me);
        var unit = new UnitName("pipewire.service", Me);
        _manager.Units[unit.Name] = new PretendedUnit(unit.Name, "inactive");
        _manager.SystemState = state;
        var jobs = new UnitJobs(new Buses(_tree.Root), Readers.NoTools, TimeProvider.System, _log.Add);
        _manager.Ends = (_, _) => "canceled";
        Assert.Equal(isTransient, (await Assert.ThrowsAsync<HostException>(() => jobs.StartAsync(unit, default))).IsTransient);
        _manager.Refuses = (_, _) => ("org.freedesktop.systemd1.TransactionIsDestructive", "Transaction is destructive.");
        Assert.Equal(isTransient, (await Assert.ThrowsAsync<HostException>(() => jobs.StartAsync(unit, default))).IsTransient);
    }

    [Fact]
    public async Task A_user_without_a_service_manager_has_no_units_and_that_is_a_fact()
    {
        var without = await LookAsync(new UnitName("pipewire.service", Me));
        Assert.DoesNotContain(without.Unknowns, unknown => unknown.Code == UnknownFact.Units);
        Assert.Equal([Me], without.UsersWithoutManager.AsEnumerable());
        Assert.True(new StartUnit(new UnitName("pipewire.service", Me), "").HasHappened(without));
        Assert.False(new StartUnit(new UnitName("pipewire.service", Me + 1), "").HasHappened(without));
        // It has crashed: its socket is a file that nobody has open.
        _tree.File($"run/user/{Me}/systemd/private", "");
        Assert.DoesNotContain(
            (await LookAsync(new UnitName("pipewire.service", Me))).Unknowns, unknown => unknown.Code == UnknownFact.Units);
    }

    /// <summary>A process whose owner could not be read, in a unit of a user: to the kernel that number would mean whoever asks.</summary>
    [Fact]
    public async Task A_unit_of_nobody_known_is_unknown_and_root_asks_no_socket_for_it()
    {
        using var socket = new ManagerSocket(SocketOf(-1), _manager);
        var host = await LookAsync(new UnitName("pipewire.service", -1));
        Assert.Contains(host.Unknowns, unknown => unknown.Code == UnknownFact.Units && unknown.Of == "-1");
        Assert.Empty(socket.Callers);
    }

    /// <summary>Whoever listens there is any program of that user.</summary>
    [Theory]
    [InlineData("says nothing")]
    [InlineData("hangs up")]
    [InlineData("is no D-Bus")]
    [InlineData("never stops")]
    [InlineData("says too long a message")]
    [InlineData("nests a property without end")]
    public async Task Whatever_listens_there_is_told_as_unknown_in_time_and_without_much_memory(string what)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(SocketOf(Me))!);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(SocketOf(Me)));
        listener.Listen();
        var served = AnswerAsync(listener, what);
        var watch = Stopwatch.StartNew();

        var host = await LookAsync(new UnitName("pipewire.service", Me));

        Assert.Contains(host.Unknowns, unknown => unknown.Code == UnknownFact.Units && unknown.Of == $"{Me}");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));
        listener.Dispose();
        // What the kernel keeps for the two of them, and what was read.
        Assert.InRange(await served, 0, 4 << 20);
    }

    /// <summary>connect(2) waits while the queue of a listener is full (unix(7)).</summary>
    [Fact]
    public async Task A_listener_that_accepts_nobody_is_not_waited_for()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(SocketOf(Me))!);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(SocketOf(Me)));
        listener.Listen(0);
        using var first = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        first.Connect(new UnixDomainSocketEndPoint(SocketOf(Me)));
        var watch = Stopwatch.StartNew();
        Assert.Contains((await LookAsync(new UnitName("pipewire.service", Me))).Unknowns, unknown => unknown.Code == UnknownFact.Units);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }

    public void Dispose() => _tree.Dispose();

    private async Task<HostSnapshot> LookAsync(params UnitName[] units)
    {
        using var reader =
            Readers.For(_tree, memory: OriginalState.Nothing with { Units = [.. units.Select(unit => new OriginalUnit(default, unit))] });
        return await reader.ReadAsync(SnapshotSections.State | SnapshotSections.Desktop, null, default);
    }

    private ManagerSocket Listen(int user, int? owner = null) => new(SocketOf(user), _manager, owner);

    private string SocketOf(int user) => _tree.At($"run/user/{user}/systemd/private");

    /// <summary>As /run is: everybody may pass. The socket itself may be opened by
    /// everybody, so that only the rule under test keeps anybody out.</summary>
    private void OpenTo(int user)
    {
        _tree.Folder($"run/user/{user}/systemd");
        for (var folder = _tree.At($"run/user/{user}/systemd"); folder.Length >= _tree.Path.Length; folder = Path.GetDirectoryName(folder)!)
            File.SetUnixFileMode(folder, (UnixFileMode)0x1ff);
    }

    private static async Task<long> AnswerAsync(Socket listener, string what)
    {
        var sent = 0L;
        try
        {
            while (true)
            {
                using var socket = await listener.AcceptAsync();
                if (what == "says nothing") await Task.Delay(TimeSpan.FromSeconds(15));
                else if (what == "is no D-Bus") await socket.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
                else if (what == "nests a property without end") sent += await NestAsync(socket);
                else if (what != "hangs up") sent += await FloodAsync(socket, what);
            }
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
        return sent;
    }

    /// <summary>A variant in a variant, and so on: three bytes a level, where each could cost who reads it a piece of its stack.</summary>
    private static async Task<long> NestAsync(Socket socket)
    {
        byte[] nested = [.. Enumerable.Repeat<byte[]>([1, (byte)'v', 0], 200_000).SelectMany(level => level), 1, (byte)'y', 0, 7];
        var sent = await socket.SendAsync("OK 0123456789abcdef0123456789abcdef\r\n"u8.ToArray());
        if (!await HearAsync("Hello")) return sent;
        sent += await socket.SendAsync(Reply(1, 's', [4, 0, 0, 0, .. ":1.1"u8, 0]));
        if (!await HearAsync("org.freedesktop.DBus.Properties")) return sent;
        // Whichever of the next two calls it was that asked.
        sent += await socket.SendAsync(Reply(2, 'v', nested)) + await socket.SendAsync(Reply(3, 'v', nested));
        while (await HearAsync("more"))
        {
        }
        return sent;

        async Task<bool> HearAsync(string what)
        {
            var (heard, buffer) = ("", new byte[4096]);
            while (!heard.Contains(what, StringComparison.Ordinal))
            {
                var length = await socket.ReceiveAsync(buffer);
                if (length == 0) return false;
                heard += Encoding.ASCII.GetString(buffer, 0, length);
            }
            return true;
        }

        static byte[] Reply(byte serial, char type, byte[] body) =>
        [
            (byte)'l', 2, 0, 1, .. BitConverter.GetBytes(body.Length), serial, 0, 0, 0, 15, 0, 0, 0,
            5, 1, (byte)'u', 0, serial, 0, 0, 0, 8, 1, (byte)'g', 0, 1, (byte)type, 0, 0, .. body,
        ];
    }

    private static async Task<long> FloodAsync(Socket socket, string what)
    {
        var sent = 0L;
        try
        {
            var chunk = new byte[64 * 1024];
            if (what == "says too long a message")
            {
                await socket.SendAsync("OK 0123456789abcdef0123456789abcdef\r\n"u8.ToArray());
                // A method return whose body has 120 MiB, which the protocol allows.
                byte[] header = [(byte)'l', 2, 0, 1, 0, 0, 0x80, 7, 1, 0, 0, 0, 8, 0, 0, 0, 5, 1, (byte)'u', 0, 1, 0, 0, 0];
                await socket.SendAsync(header);
            }
            else Array.Fill(chunk, (byte)'x');
            while (true) sent += await socket.SendAsync(chunk);
        }
        catch (SocketException)
        {
            // The other end has had enough.
            return sent;
        }
    }
}
