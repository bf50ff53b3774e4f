using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using GpuTty.Host.Pci;

namespace GpuTty.Host.Guests;

/// <summary>A guest of Proxmox VE (qm.conf(5), hostpci[n]): functions by address, and
/// names of mappings, which <see cref="ProxmoxMappings"/> resolves.</summary>
public static partial class ProxmoxConfig
{
    /// <summary>Highest function of a slot.</summary>
    private const int LastFunction = 7;

    /// <param name="vmid">Number of the guest.</param>
    /// <param name="mappings">Resource mappings that it gets devices by.</param>
    public static GuestDescription Read(string text, string vmid, out ImmutableArray<string> mappings)
    {
        var (devices, mapped) = (ImmutableArray.CreateBuilder<GuestDevice>(), ImmutableArray.CreateBuilder<string>());
        string? name = null;
        foreach (var line in text.Split('\n').Select(line => line.Trim()))
        {
            // What follows are its snapshots.
            if (line.StartsWith('[')) break;
            if (line.StartsWith("name:", StringComparison.Ordinal)) name = line[5..].Trim();
            if (!HostPci().IsMatch(line)) continue;
            var parts = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Split(',', StringSplitOptions.TrimEntries);
            // A mediated device stays with the card's driver.
            if (parts.Any(part => part.StartsWith("mdev=", StringComparison.Ordinal))) continue;
            foreach (var part in parts)
            {
                if (part.StartsWith("mapping=", StringComparison.Ordinal)) mapped.Add(part[8..]);
                else if (part.StartsWith("host=", StringComparison.Ordinal)) devices.AddRange(DevicesOf(part[5..]));
                else if (!part.Contains('=', StringComparison.Ordinal)) devices.AddRange(DevicesOf(part));
            }
        }
        mappings = mapped.ToImmutable();
        return new GuestDescription(
            name is null ? $"guest {vmid}" : $"{name} ({vmid})", Identity(vmid), devices.ToImmutable());
    }

    /// <summary>Functions, with semicolons between; of an address without a function all of the slot.</summary>
    internal static ImmutableArray<GuestDevice> DevicesOf(string addresses)
    {
        var devices = ImmutableArray.CreateBuilder<GuestDevice>();
        foreach (var text in addresses.Split(';', StringSplitOptions.TrimEntries))
        {
            if (PciAddress.TryParse(text, out var one)) devices.Add(new GuestDevice(one, false));
            else if (PciAddress.TryParse($"{text}.0", out var first))
                devices.AddRange(Enumerable.Range(
                    0, LastFunction + 1).Select(function => new GuestDevice(first with { Function = function }, false)));
        }
        return devices.ToImmutable();
    }

    /// <summary>The number of the guest that cards were given to; null where it is none of Proxmox's.</summary>
    public static string? NumberOf(GuestGrant grant)
    {
        var number = grant.Guest.TrimEnd(')')[(grant.Guest.TrimEnd(')').LastIndexOfAny([' ', '(']) + 1)..];
        return IsNumber(number) && Identity(number) == grant.Uuid ? number : null;
    }

    private static string Identity(string vmid) => GuestIdentity.Of($"proxmox {vmid}");

    /// <summary>What Proxmox gives as the number of a guest.</summary>
    public static bool IsNumber(string vmid) =>
        vmid.Length is > 0 and < 10 && int.TryParse(vmid, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    [GeneratedRegex("^hostpci[0-9]+:")]
    private static partial Regex HostPci();
}
