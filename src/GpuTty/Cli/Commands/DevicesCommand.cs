using System.CommandLine;
using GpuTty.Cli.Json;
using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Devices;

namespace GpuTty.Cli.Commands;

/// <summary><c>gputty devices</c>: every PCI function, one a line.</summary>
internal static class DevicesCommand
{
    private static readonly string[] s_head = ["ADDRESS", "CLASS", "DRIVER", "GROUP", "ID", "NAME", "REMARKS"];

    public static Command Create(CommandContext world)
    {
        var cards = new Option<bool>("--cards") { Description = "Only graphics cards and what sits in their slots" };
        var json = Options.Json();
        var command = new Command("devices", "List PCI functions with driver and IOMMU group") { cards, json };
        command.SetAction(async (parse, cancel) =>
        {
            var host = await world.ReadAsync(cancel);
            var devices = parse.GetValue(cards) ? Card.FindAll(host).SelectMany(card => card.Functions) : host.Devices;
            if (parse.GetValue(json)) JsonText.Print(world.Out, DevicesDocument.Of(host, devices), context => context.DevicesDocument);
            else Print(world, host, [.. devices]);
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Print(CommandContext world, HostSnapshot host, List<PciDevice> devices)
    {
        if (devices.Count == 0)
        {
            world.Remarks.Line(host.Devices.Length == 0
                ? "This machine shows no PCI devices."
                : "This machine has no graphics card that Linux can see.");
            return;
        }
        foreach (var line in Table.Lines([s_head, .. devices.Select(device => Row(host, device))])) world.Page.Line(line);
        world.Remarks.Unknowns(host);
    }

    private static string[] Row(HostSnapshot host, PciDevice device) =>
    [
        device.Address.ToString(), device.Class.Name, device.Driver ?? "-", device.IommuGroup?.ToString() ?? "-",
        device.Id.ToString(), device.Name, string.Join(", ", DeviceMarks.Of(host, device)),
    ];
}
