using System.Diagnostics;
using System.Net.Sockets;
using GpuTty.Tests.Linux.Commands;

namespace GpuTty.Tests.Linux.Systemd.Bus;

/// <summary>A message bus of the test's own: a real dbus-daemon, which listens where the system's bus would in a machine's tree.</summary>
internal sealed class MessageBus : IDisposable
{
    private readonly Process _daemon;

    public MessageBus(MachineTree tree)
    {
        tree.Folder("run/dbus").File("bus.conf", $"""
            <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
            <busconfig>
              <type>system</type>
              <listen>unix:path={tree.At("run/dbus/system_bus_socket")}</listen>
              <auth>EXTERNAL</auth>
              <policy context="default"><allow user="*"/><allow own="*"/><allow send_type="*"/><allow receive_type="*"/></policy>
            </busconfig>
            """);
        Address = $"unix:path={tree.At("run/dbus/system_bus_socket")}";
        _daemon = Process.Start(new ProcessStartInfo(Daemon!, [$"--config-file={tree.At("bus.conf")}", "--nofork", "--nopidfile"])
        {
            RedirectStandardError = true,
        })!;
        Tool.UntilAsync(() => IsListening(tree.At("run/dbus/system_bus_socket")), "the bus listens").GetAwaiter().GetResult();
    }

    /// <summary>Null where none is installed.</summary>
    public static string? Daemon { get; } = ((string[])["/usr/bin/dbus-daemon", "/bin/dbus-daemon"]).FirstOrDefault(File.Exists);

    public string Address { get; }

    /// <summary>The file is there before anybody listens.</summary>
    public static bool IsListening(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Stops it in the middle of whatever it does: it is there, and says nothing.</summary>
    public void Freeze() => Tool.Run("kill", "-STOP", $"{_daemon.Id}");

    /// <summary>Ends it: whoever is connected is cut off.</summary>
    public void End()
    {
        _daemon.Kill();
        _daemon.WaitForExit();
    }

    public void Dispose()
    {
        if (!_daemon.HasExited) End();
        _daemon.Dispose();
    }
}

/// <summary>A test that needs a dbus-daemon.</summary>
internal sealed class BusFactAttribute : FactAttribute
{
    public BusFactAttribute()
    {
        if (MessageBus.Daemon is null) Skip = "dbus-daemon is not installed.";
    }
}

/// <summary>Likewise.</summary>
internal sealed class BusTheoryAttribute : TheoryAttribute
{
    public BusTheoryAttribute()
    {
        if (MessageBus.Daemon is null) Skip = "dbus-daemon is not installed.";
    }
}
