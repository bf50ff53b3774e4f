using System.Globalization;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux.Pci;
using GpuTty.Text;

namespace GpuTty.Linux.HostUses;

/// <summary>Keyboards, pointers and other USB products by function. A keyboard is vital: its user would be locked out.</summary>
internal sealed class UsbUses(FileSystemRoot root)
{
    private const string HubClass = "09";
    private readonly HangTolerantScan<string> _scan = new();

    /// <param name="classes">Everything below functions.</param>
    /// <param name="others">Uses told already; a USB device that is one of them is not told twice.</param>
    /// <param name="unknowns">Gets the products that are silent.</param>
    public IEnumerable<(PciAddress Owner, HostUse Use)> Read(
        IReadOnlyCollection<ClassDevice> classes,
        IReadOnlyCollection<ClassDevice> others,
        List<Unknown> unknowns,
        CancellationToken cancel)
    {
        var products = Products(unknowns, cancel);
        var told = new HashSet<string>(others.SelectMany(other =>
            products.Where(product => IsBelow(other.Path, product.Path)).Select(product => product.Path)));
        var inputs = classes.Where(entry => entry.Class == "input" && entry.Name.StartsWith("input", StringComparison.Ordinal))
            .Select(entry =>
                (
                    entry.Owner,
                    Product: products.LastOrDefault(product => IsBelow(entry.Path, product.Path)),
                    Entry: entry,
                    Role: Role(entry)))
            .Where(input => input.Role != InputRole.None)
            .GroupBy(input => input.Product.Path ?? input.Entry.Path);
        foreach (var input in inputs)
        {
            told.Add(input.Key);
            var first = input.First();
            var name = first.Product.Name ?? SysFiles.Word($"{first.Entry.Path}/name") ?? first.Entry.Name;
            var isKeyboard = input.Any(part => part.Role == InputRole.Keyboard);
            yield return (
                first.Owner,
                new HostUse(HostUseKind.Input, Visible.Text($"{name} ({(isKeyboard ? "keyboard" : "pointer")})", 120), isKeyboard));
        }
        foreach (var product in products.Where(product => !told.Contains(product.Path)))
        {
            if (PciPath.Owner(product.Path) is { } owner)
                yield return (owner, new HostUse(HostUseKind.Usb, Visible.Text(product.Name, 120), false));
        }
    }

    public enum InputRole { None, Pointer, Keyboard }

    /// <summary>By the bit masks that the kernel offers: a keyboard has all letters, a pointer has an x axis.</summary>
    public static InputRole ParseRole(string? keys, string? relative, string? absolute)
    {
        // Keys q to p, a to l, z to m of linux/input-event-codes.h, all in the lowest 64 bits.
        const ulong letters = (0x3fful << 16) | (0x1fful << 30) | (0x7ful << 44);
        if ((Lowest(keys) & letters) == letters) return InputRole.Keyboard;
        return ((Lowest(relative) | Lowest(absolute)) & 1) != 0 ? InputRole.Pointer : InputRole.None;
    }

    private static InputRole Role(ClassDevice input) => ParseRole(
        SysFiles.Word($"{input.Path}/capabilities/key"),
        SysFiles.Word($"{input.Path}/capabilities/rel"),
        SysFiles.Word($"{input.Path}/capabilities/abs"));

    private static ulong Lowest(string? mask) =>
        ulong.TryParse(mask?.Split(' ')[^1], NumberStyles.AllowHexSpecifier, null, out var value) ? value : 0;

    /// <summary>USB devices that are no hubs, by path, so that the innermost comes last.</summary>
    private List<(string Path, string Name)> Products(List<Unknown> unknowns, CancellationToken cancel)
    {
        var folder = root.Sys("bus/usb/devices");
        var devices = (
            from name in SysFiles.Names(folder)
            where !name.Contains(':', StringComparison.Ordinal) && !name.StartsWith("usb", StringComparison.Ordinal)
            let path = SysFiles.Target(folder, SysFiles.Link($"{folder}/{name}"))
            where path is not null && SysFiles.Word($"{path}/bDeviceClass") != HubClass
            orderby path
            select (Path: path, Name: $"USB device {Visible.Text(name, 40)}")).ToList();
        var (names, late) = _scan.Read([.. devices.Select(device => device.Path)], NameOf, cancel: cancel);
        foreach (var (path, name) in devices.Where(device => late.Contains(device.Path)))
            new PartFiles(unknowns, UnknownFact.HostUses, $"the name of {name}", PciPath.Owner(path) is { } owner ? $"{owner}" : null)
                .Missing(HangTolerantScan.TimedOut);
        return [.. devices.Zip(names, (device, name) => (device.Path, name is { Length: > 0 } ? name : device.Name))];
    }

    /// <summary>Both take the lock of the device, which whoever resets it keeps (drivers/usb/core/sysfs.c, usb_string_attr).</summary>
    private static string NameOf(string device) => string.Join(
        ' ', new[] { SysFiles.Word($"{device}/manufacturer"), SysFiles.Word($"{device}/product") }.Where(word => word is not null));

    private static bool IsBelow(string path, string? parent) =>
        parent is not null && path.StartsWith($"{parent}/", StringComparison.Ordinal);
}
