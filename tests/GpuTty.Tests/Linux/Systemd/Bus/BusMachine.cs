using GpuTty.Host;
using GpuTty.Linux;
using GpuTty.Linux.Commands;
using Tmds.DBus.Protocol;

namespace GpuTty.Tests.Linux.Systemd.Bus;

/// <summary>A machine whose system's bus has systemd and logind on it.
/// Its systemctl and loginctl only note that they were called.</summary>
internal sealed class BusMachine : IDisposable
{
    private readonly List<DBusConnection> _connections = [];

    private BusMachine(int version) => (Bus, Systemd) = (new MessageBus(Tree), new PretendedManager(version));

    public MachineTree Tree { get; } = new();
    public MessageBus Bus { get; }
    public PretendedManager Systemd { get; }
    public PretendedLogind Logind { get; } = new();

    public CommandRunner Tools => new([Tree.At("tools")]);

    /// <summary>Lines of what systemctl and loginctl were called with.</summary>
    public string ToolCalls => File.Exists(Tree.At("tools/called")) ? File.ReadAllText(Tree.At("tools/called")) : "";

    public static async Task<BusMachine> StartAsync(int version = 252, bool withLogind = true)
    {
        var machine = new BusMachine(version);
        machine.Tree.Folder("run/systemd/system").File("proc/modules", "").File("proc/sys/kernel/tainted", "0\n");
        // As / is: users look for their managers with their own rights.
        File.SetUnixFileMode(machine.Tree.Path, (UnixFileMode)0x1ed);
        foreach (var tool in (string[])["systemctl", "loginctl", "systemd-run"]) machine.Tool(tool, "exit 1");
        machine.Systemd.Listeners.Add(await machine.ServeAsync(PretendedManager.Name, machine.Systemd));
        if (withLogind) machine.Logind.Listener = await machine.ServeAsync(PretendedLogind.Name, machine.Logind);
        return machine;
    }

    /// <summary>A desktop as systemd tells of one: gdm behind the alias, with its greeter.</summary>
    public BusMachine WithGdm()
    {
        Systemd.Units["gdm.service"] = new PretendedUnit("gdm.service")
        {
            Unit = new() { ["WantedBy"] = PretendedUnit.Words("graphical.target"), ["Transient"] = false, ["DefaultDependencies"] = true },
            Own = new() { ["TimeoutStopUSec"] = 90_000_000ul, ["MainPID"] = 700u, ["Restart"] = "always" },
        };
        Systemd.Aliases["display-manager.service"] = "gdm.service";
        Logind.Session("c1", 42, "gdm", "seat0", 1, "wayland", "greeter", 0);
        return this;
    }

    public LinuxHostReader Reader(OriginalState? memory = null) => Readers.For(Tree, Tools, memory);

    public void Tool(string name, string script)
    {
        Tree.File($"tools/{name}", $"#!/bin/sh\necho \"{name} $*\" >>{Tree.At("tools/called")}\n{script}\n");
        File.SetUnixFileMode(Tree.At($"tools/{name}"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Somebody else on the same bus.</summary>
    public async Task<DBusConnection> StrangerAsync()
    {
        var connection = new DBusConnection(Bus.Address);
        _connections.Add(connection);
        await connection.ConnectAsync();
        return connection;
    }

    public async Task RestartLogindAsync()
    {
        Logind.Listener!.Dispose();
        Logind.Listener = await ServeAsync(PretendedLogind.Name, Logind);
    }

    public void Dispose()
    {
        foreach (var connection in _connections) connection.Dispose();
        Bus.Dispose();
        Tree.Dispose();
    }

    private async Task<DBusConnection> ServeAsync(string name, IPathMethodHandler service)
    {
        var connection = await StrangerAsync();
        connection.AddMethodHandler(service);
        await connection.RequestNameAsync(name);
        return connection;
    }
}
