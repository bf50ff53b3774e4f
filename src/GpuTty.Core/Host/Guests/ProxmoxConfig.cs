using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using GpuTty.Host.Pci;

namespace GpuTty.Host.Guests;

/// <summary>A guest of Proxmox VE (qm.conf(5), hostpci[n]): functions by
/// address; those that a mapping names are told by nobody here.</summary>
public static partial class ProxmoxConfig
{
    /// <summary>Highest function of a slot.</summary>
    private const int LastFunction = 7;

    /// <param name="vmid">Number of the guest.</param>
    /// <param name="mapping">A resource mapping that it uses, which only the
    /// cluster's configuration resolves; null where there is none.</param>
    public static GuestDescription Read(string text, string vmid, out string? mapping)
    {
        var devices = ImmutableArray.CreateBuilder<GuestDevice>();
        string? name = null;
        mapping = null;
        foreach (var line in text.Split('\n').Select(line => line.Trim()))
        {
            // What follows are its snapshots.
            if (line.StartsWith('[')) break;
            if (line.StartsWith("name:", StringComparison.Ordinal)) name = line[5..].Trim();
            if (!HostPci().IsMatch(line)) continue;
            foreach (var part in line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Split(',', StringSplitOptions.TrimEntries))
            {
                if (part.StartsWith("mapping=", StringComparison.Ordinal)) mapping = part[8..];
                else if (part.StartsWith("host=", StringComparison.Ordinal)) Add(part[5..]);
                else if (!part.Contains('=', StringComparison.Ordinal)) Add(part);
            }
        }
        return new GuestDescription(
            name is null ? $"guest {vmid}" : $"{name} ({vmid})", Identity(vmid), devices.ToImmutable());

        void Add(string addresses)
        {
            foreach (var text in addresses.Split(';', StringSplitOptions.TrimEntries))
            {
                if (PciAddress.TryParse(text, out var one)) devices.Add(new GuestDevice(one, false));
                // Without a function: all of the slot.
                else if (PciAddress.TryParse($"{text}.0", out var first))
                    devices.AddRange(Enumerable.Range(
                        0, LastFunction + 1).Select(function => new GuestDevice(first with { Function = function }, false)));
            }
        }
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
