using System.Text.RegularExpressions;
using GpuTty.Host.Pci;
using GpuTty.Linux.Commands;
using GpuTty.Text;

namespace GpuTty.Linux.Pci;

/// <summary>Names of functions as lspci(8) tells them.</summary>
internal static partial class Lspci
{
    public static Task<CommandResult> RunAsync(CommandRunner commands, CancellationToken cancel) =>
        commands.RunAsync("lspci", ["-Dvmmnn"], TimeSpan.FromSeconds(20), cancel);

    /// <summary>Blocks of <c>Key:\tvalue</c>, one for each function, with the ids in brackets at the end of each value.</summary>
    public static Dictionary<(PciAddress Address, int Vendor, int Device), string> Parse(string text)
    {
        var names = new Dictionary<(PciAddress, int, int), string>();
        foreach (var block in text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = new Dictionary<string, string>();
            foreach (var line in block.Split('\n'))
            {
                if (line.Split(":\t", 2) is [var key, var value]) fields.TryAdd(key, value.Trim());
            }
            if (PciAddress.TryParse(fields.GetValueOrDefault("Slot"), out var address)
                && Named(fields.GetValueOrDefault("Vendor")) is { } vendor && Named(fields.GetValueOrDefault("Device")) is { } device)
            {
                names[(address, vendor.Id, device.Id)] = Name(vendor.Text, device.Text, device.Id);
            }
        }
        return names;
    }

    /// <summary>One text for people. Unknown products are called "Device" by lspci.</summary>
    public static string Name(string vendor, string device, int id) =>
        Visible.Text($"{vendor} {(device is "Device" or "" ? $"Device {id:x4}" : device)}", 200);

    private static (string Text, int Id)? Named(string? value) =>
        value is not null && Bracketed().Match(value) is { Success: true } match
            ? (match.Groups[1].Value, Convert.ToInt32(match.Groups[2].Value, 16))
            : null;

    [GeneratedRegex(@"^(.*?)\s*\[([0-9a-f]{4})\]$", RegexOptions.CultureInvariant)]
    private static partial Regex Bracketed();
}
