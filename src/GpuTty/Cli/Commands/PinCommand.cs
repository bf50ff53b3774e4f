using System.CommandLine;
using GpuTty.Cli.Json;
using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Desktop;

namespace GpuTty.Cli.Commands;

/// <summary><c>gputty pin on|off|status</c>: which graphics drivers a desktop
/// may ask, where the seat alone does not keep it off a card.</summary>
internal static class PinCommand
{
    public static Command Create(CommandContext world) =>
        new OnOffCommand((host, json) => Status(world, host, json), OffIsForAll: true).Create(
        world, "pin", "Keep the desktop from opening NVIDIA's nodes past the seat rules, from its next start on",
        "Name the drivers that the desktop may ask, undo that, or show the current setting",
        "Keep it across reboots, not only until the next one");

    private static void Status(CommandContext world, HostSnapshot host, bool json)
    {
        if (json)
        {
            JsonText.Print(world.Out, PinDocument.Of(host), context => context.PinDocument);
            return;
        }
        foreach (var pin in host.Pinned)
            world.Page.Line(
                $"/{pin.Path}: {pin.Unit ?? "every desktop"} asks only "
                    + $"{pin.Egl}{(pin.Egl.Length > 0 && pin.Vulkan.Length > 0 ? " and " : "")}{pin.Vulkan}");
        if (host.Pinned.IsEmpty) world.Page.Line("No pin is set; desktops may load every installed driver.");
        foreach (var card in Card.FindAll(host))
            foreach (var holder in NodesOutsideSeat.Of(host, card))
                world.Page.Line(new Part("!! ", Ink.Warn), NodesOutsideSeat.Sentence(holder, card));
    }
}
