using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Tui.Panels;

namespace GpuTty.Tui.Screens;

/// <summary>What a page of details is about; looked up anew in every snapshot, so the page stays true while the machine changes.</summary>
internal abstract record Subject
{
    private Subject() { }

    public sealed record Device(PciAddress Address) : Subject;
    public sealed record Group(int Number) : Subject;
    public sealed record Module(string Name) : Subject;
    public sealed record Process(int Pid, long StartTime) : Subject;
    public sealed record Session(string Id) : Subject;
    public sealed record DisplayManager : Subject;

    /// <summary>A row of the desktop's panel, whose sentence may be cut there.</summary>
    /// <param name="Card">The card that the panel is about; null without one.</param>
    public sealed record Line(PciAddress? Card, string Id) : Subject;

    /// <summary>What a row of a panel is about; null where it is about nothing else.</summary>
    public static Subject? Of(HostSnapshot host, Panel panel, string? id) => panel switch
    {
        Panel.Groups when CardsPanel.DeviceOf(host, id) is { } member => new Device(member.Address),
        Panel.Groups when GroupsPanel.GroupOf(host, id) is { } group => new Group(group.Number),
        Panel.Drivers when DriversPanel.ModuleOf(host, id) is { } module => new Module(module.Name),
        Panel.Cards or Panel.Drivers when CardsPanel.DeviceOf(host, id) is { } device => new Device(device.Address),
        Panel.Holders when HoldersPanel.HolderOf(host, id) is { } holder => new Process(holder.Pid, holder.StartTime),
        Panel.Desktop when DesktopPanel.SessionOf(host, id) is { } session => new Session(session.Id),
        Panel.Desktop when id == "manager" && host.DisplayManager is not null => new DisplayManager(),
        _ => null,
    };

    public string Heading => this switch
    {
        Device device => $"Device {device.Address}",
        Group group => $"IOMMU group {group.Number}",
        Module module => $"Module {module.Name}",
        Process process => $"Process {process.Pid}",
        Session session => $"Session {session.Id}",
        Line => "Desktop",
        _ => "Display manager",
    };
}
