using System.Collections.Immutable;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;

namespace GpuTty.Simulation;

/// <summary>From a list of parts to a machine that runs.</summary>
internal static class MachineBoot
{
    public static Machine Of(string name, IEnumerable<PciDevice> board, IEnumerable<Wiring> wirings, params GraphicsCard[] cards)
    {
        ImmutableArray<PciDevice> devices = [.. board.Concat(cards.SelectMany(card => card.Functions)).OrderBy(device => device.Address)];
        return new Machine
        {
            Name = name,
            Devices = devices,
            Wirings = [.. wirings, .. cards.SelectMany(card => card.Wirings)],
            Modules = KernelModules.For(devices),
            Services = Desktops.Basics,
            Sessions = [new LoginSession
            {
                Id = "1", Uid = 0, User = "root", Seat = "seat0", Vt = 3, Type = "tty", Class = "user", State = "active",
                Leader = 2790, IsIdle = false,
            }],
        };
    }

    public static Machine WithDesktop(this Machine machine, Desktop desktop) =>
        machine with { Desktop = desktop, Services = machine.Services.Add(Desktops.ManagerOf(desktop)) };

    public static Machine WithServices(this Machine machine, params IEnumerable<Service> services) =>
        machine with { Services = machine.Services.AddRange(services) };

    /// <summary>Nodes, consoles, services and sessions as some minutes after power-on.</summary>
    /// <param name="machine">Parts and what is installed.</param>
    /// <param name="user">Who is logged in at the desktop; null leaves the login screen.</param>
    public static Machine Booted(this Machine machine, Person? user)
    {
        // Firmware's framebuffer had card0 until the real drivers came.
        var powered = Nodes.Settle(machine, firstCard: 1);
        var init = powered with { NextPid = 1 };
        var running =
            init.Fold(machine.Services.Where(service => service.Name.Uid is null && service.IsActive), (m, service) => Start(m, service));
        running = running with { NextPid = 2101, NextSession = 2 };
        var desktop = user is null ? SessionVerbs.ShowLogin(running) : SessionVerbs.LogIn(running, user);
        var console = desktop.Framebuffers.FirstOrDefault(fb => desktop.Find(fb.Device!.Value)!.IsBootVga == true)?.Index
            ?? desktop.Console;
        return desktop with { Agenda = [], NextPid = 4711, Console = console, ActiveVt = machine.ActiveVt };
    }

    private static Machine Start(Machine machine, Service service)
    {
        var started = UnitVerbs.Run(machine, service.Name);
        return started with { NextPid = Math.Max(started.NextPid, 612), Agenda = [] };
    }
}
