using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Text;

namespace GpuTty.Planning.Checks;

/// <summary>What the ways to reset a function mean (Documentation/ABI/testing/sysfs-bus-pci, reset_method).</summary>
public static class ResetMeaning
{
    /// <summary>One of the kernel's words, as the rest of "can be reset by".</summary>
    public static string Of(string method) => method switch
    {
        "device_specific" => "a method for this device (device_specific)",
        "acpi" => "the firmware (acpi)",
        "flr" => "a function-level reset (flr)",
        "af_flr" => "a function-level reset (af_flr)",
        "pm" => "a power transition (pm), which keeps most of its state",
        "bus" => "a reset of its slot (bus), with everything in it",
        "cxl_bus" => "a reset of its slot (cxl_bus)",
        _ => Visible.Text(method, 30),
    };

    /// <summary>One function alone begins as if it had just got power.</summary>
    public static bool IsClean(string method) => method is "flr" or "af_flr" or "device_specific" or "acpi";

    /// <summary>The kernel's words for this card, without those that would reset somebody else's device.</summary>
    public static ImmutableArray<string> Harmless(HostSnapshot host, Card card) =>
        [.. card.Display.ResetMethods.Where(method => method is not ("bus" or "cxl_bus") || Neighbours(host, card).IsEmpty)];

    /// <summary>A sentence about one function of a card: what a guest that crashes leaves behind.</summary>
    public static string Verdict(HostSnapshot host, Card card, PciDevice function)
    {
        var name = function.Address.ShortName;
        var neighbours = Neighbours(host, card);
        if (function.ResetMethods.FirstOrDefault(IsClean) is { } clean) return $"{name} resets cleanly, by {Of(clean)}.";
        if (function.ResetMethods.Any(method => method is "bus" or "cxl_bus"))
            return neighbours.Length == 0 ? $"{name} resets with its slot (bus); nothing else is in it."
                : $"{name} resets only with its slot (bus), which would hit {neighbours[0].Address.ShortName} ({neighbours[0].Driver}) "
                    + "too.";
        if (function.ResetMethods.Contains("pm"))
            return $"{name} only sleeps and wakes (pm), and many cards keep their state through that: "
                + "after a guest that crashed it may need a restart, or to be without power.";
        return card.Functions.Length > 1 && neighbours.Length == 0
            ? $"{name} has no reset of its own; vfio resets the whole slot when a guest has all of it. If that fails, "
                + "the card needs to be without power."
            : $"{name} cannot be reset: after a guest that crashed it needs a restart, or to be without power.";
    }

    /// <summary>The products of AMD that the module vendor-reset knows a way to reset (its src/device-db.h): Polaris, Vega, Navi 1x, and
    /// a few that are newer.</summary>
    private static readonly (int First, int Last)[] s_vendorReset =
    [
        (0x67c0, 0x67df), (0x67e0, 0x67ff), (0x6980, 0x699f), (0x6fdf, 0x6fdf), (0x6860, 0x686f), (0x687f, 0x687f), (0x66a0, 0x66af),
        (0x7310, 0x731f), (0x7340, 0x734f), (0x7360, 0x7362), (0x73ff, 0x73ff), (0x738c, 0x738c), (0x15bf, 0x15bf), (0x15dd, 0x15de),
        (0x15e7, 0x15e7), (0x1636, 0x1636), (0x1638, 0x1638), (0x164c, 0x164c),
    ];

    /// <summary>What to do about a card without a good reset, as sentences.</summary>
    public static string Advice(PciDevice display) =>
        "Try it with a guest that you can afford to lose."
        + (display.Id.Vendor == PciId.Amd && s_vendorReset.Any(range => display.Id.Device >= range.First && display.Id.Device <= range.Last)
            ? " The module vendor-reset knows a way to reset this card."
            : "");

    /// <summary>Functions on the same bus that are no part of the card and
    /// that somebody uses: a reset of the bus is one of theirs.</summary>
    public static ImmutableArray<PciDevice> Neighbours(HostSnapshot host, Card card) => card.Display.Parent is not { } bridge ? []
        : [.. host.Devices.Where(other =>
            other.Parent == bridge && !other.IsBridge && !card.Contains(other.Address) && other.Driver is not null)];
}
