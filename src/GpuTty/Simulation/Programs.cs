using System.Collections.Immutable;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;

namespace GpuTty.Simulation;

/// <summary>Processes start, open nodes, end.</summary>
internal static class Programs
{
    private static readonly TimeSpan s_moment = TimeSpan.FromSeconds(0.25);

    /// <param name="shape">Where the new process lives.</param>
    public static Machine Start(this Machine machine, Software software, Person user, Func<Process, Process> shape)
    {
        var process = shape(new Process(machine.NextPid, (machine.NextPid * 13L) + 1200, software, user));
        var started = machine with { Processes = machine.Processes.Add(process), NextPid = machine.NextPid + 7 };
        return software.PollsEvery is null ? OpenAll(started, process.Pid) : Poll(started, process.Pid);
    }

    /// <summary>Every node of a device that the software would open now.</summary>
    public static IEnumerable<(PciDevice Device, DeviceNode Node)> OpenableNodes(Machine machine, Software software) =>
        from device in machine.Devices
        where software.Only.Length == 0 || software.Only.Contains(device.Address)
        from node in device.Nodes
        where software.Opens.Contains(node.Kind)
        where node.Kind != NodeKind.Sound || software.Plays || node.Path.Contains("controlC", StringComparison.Ordinal)
        where !(software.IsOnSeat && node.Kind != NodeKind.Sound && machine.IsKeptOff(device))
            || (node.Kind == NodeKind.Nvidia
                && software.AsksEveryDriver
                && !machine.Pinned.Any(pin => pin.Unit is null || pin.Unit == software.UserUnit))
        select (device, node);

    public static Machine OpenAll(Machine machine, int pid)
    {
        if (Find(machine, pid) is not { } process) return machine;
        var descriptors = new Dictionary<string, int>();
        int Descriptor(string path) =>
            descriptors.TryGetValue(path, out var known) ? known : descriptors[path] = 11 + process.Open.Length + descriptors.Count;
        var nodes = OpenableNodes(machine, process.Software).Select(choice => new OpenNode(
            new HeldNode(choice.Node.Path, choice.Node.Kind, choice.Device.Address, null,
                process.Software.MapsOnly.Contains(choice.Node.Kind) ? null : Descriptor(choice.Node.Path)),
            Nodes.PinnedBy(machine, choice.Device, choice.Node.Kind))).ToList();
        var usesNvidia = process.Software.Opens.Length == 0 || nodes.Any(open => open.Node.Kind == NodeKind.Nvidia);
        var wholeDrivers = usesNvidia
            ? machine.Modules.Where(module => module.IsLoaded).SelectMany(module => module.Nodes.Where(process.Software.OpensAlso.Contains)
                .Select(path => new OpenNode(new HeldNode(path, NodeKind.Nvidia, null, module.Name, Descriptor(path)), module.Name)))
            : [];
        var fresh = nodes.Concat(wholeDrivers).Where(open => !process.Open.Any(held => held.Node.Path == open.Node.Path));
        return machine.With(process with { Open = process.Open.AddRange(fresh) });
    }

    /// <summary>plymouth quit: its unit stays as it is.</summary>
    public static Machine QuitSplash(Machine machine) => machine.End(process => process.Software.Name == "plymouthd");

    /// <summary>All of a container's programs end, whether they listen or not.</summary>
    public static Machine StopContainer(Machine machine, string container) => machine.End(process => process.Container == container) with
    {
        Stopped = [.. machine.Stopped, .. machine.Processes.Where(process => process.Container == container)],
    };

    public static Machine StartContainer(Machine machine, string container) =>
        (machine with { Stopped = machine.Stopped.RemoveAll(process => process.Container == container) })
        .Fold(
            machine.Stopped.Where(process => process.Container == container),
            (m, was) => m.Start(was.Software, was.User, process => process with { Unit = was.Unit, Container = container }));

    /// <summary>Ends processes; what they had open is closed by the kernel.</summary>
    public static Machine End(this Machine machine, Func<Process, bool> which) =>
        machine with { Processes = machine.Processes.RemoveAll(process => which(process)) };

    /// <summary>One process is gone by itself or by a signal: its session ends with it, its unit may start it again.</summary>
    public static Machine Gone(Machine machine, Process process)
    {
        var after = machine.End(other => other.Pid == process.Pid);
        if (process.Software.CarriesSession && process.Session is { } session) return SessionVerbs.Close(after, session);
        var service = machine.Services.FirstOrDefault(service => process.IsIn(service.Name));
        if (service is null || after.Processes.Any(other => other.IsIn(service.Name))) return after;
        return service.Restarts
            ? after
                .With(service with { State = "activating" })
                .After(
                    TimeSpan.FromSeconds(1),
                    m => m.FindService(service.Name)!.State == "activating" ? UnitVerbs.Run(m, service.Name) : m)
            : after.With(service with { State = process.Software.IgnoresTerm ? "failed" : "inactive" });
    }

    /// <summary>Opens, closes a moment later, and comes again: what a temperature display in a panel does.</summary>
    private static Machine Poll(Machine machine, int pid) =>
        Find(machine, pid) is not { Software.PollsEvery: { } every } ? machine
        : OpenAll(machine, pid).After(s_moment, m => CloseAll(m, pid)).After(every, m => Poll(m, pid));

    private static Machine CloseAll(Machine machine, int pid) =>
        Find(machine, pid) is { } process ? machine.With(process with { Open = [] }) : machine;

    private static Process? Find(Machine machine, int pid) => machine.Processes.FirstOrDefault(process => process.Pid == pid);
}
