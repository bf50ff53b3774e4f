using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Terminal;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tui.Screens;

/// <summary>What a page of details is about; looked up anew in every snapshot, so the page stays true.</summary>
internal abstract record Subject
{
    private Subject() { }

    public sealed record Device(PciAddress Address) : Subject;
    public sealed record Group(int Number) : Subject;
    public sealed record Process(int Pid, long StartTime) : Subject;
}

/// <summary>Everything there is to know about one thing.</summary>
internal sealed record DetailScreen(Subject Subject) : Screen
{
    public Page Page { get; init; } = new();

    public override string Title => "Details";

    public override ImmutableArray<KeyBinding> Keys(Model model) =>
    [
        new KeyBinding(Key.Escape, "back", m => m.Pop()) { Aliases = [Key.Of('q'), Key.Enter], IsPinned = true },
        Machine.Look with { InBar = true },
        HelpScreen.Key,
    ];

    public override Next? OnKey(Key key, Model model) =>
        Page.On(key, Lines(model), new Rect(0, 0, model.Width - 4, model.Height - 4)) is { } page ? model.Replace(this with { Page = page }) : null;

    public override void Draw(Surface on, Model model) =>
        Page.Draw(new FrameView(Heading, Focused: true).Draw(on, on.Bounds), Lines(model));

    private string Heading => Subject switch
    {
        Subject.Device device => $"Device {device.Address}",
        Subject.Group group => $"IOMMU group {group.Number}",
        Subject.Process process => $"Process {process.Pid}",
        _ => "",
    };

    private ImmutableArray<Label> Lines(Model model) => model.Host is not { } host ? ["not looked at yet"] : Subject switch
    {
        Subject.Device { Address: var address } => host.Find(address) is { } device ? Details.OfDevice(host, device) : Gone,
        Subject.Group { Number: var number } => host.Groups.FirstOrDefault(group => group.Number == number) is { } group ? Details.OfGroup(host, group) : Gone,
        Subject.Process process => host.Holders.FirstOrDefault(h => h.Pid == process.Pid && h.StartTime == process.StartTime) is { } holder
            ? Details.OfHolder(host, holder) : Gone,
        _ => Gone,
    };

    private static ImmutableArray<Label> Gone => [new Label("It is gone.", Look.Warn)];
}
