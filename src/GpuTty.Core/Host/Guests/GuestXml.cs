using System.Collections.Immutable;
using System.Globalization;
using GpuTty.Host.Pci;
using static GpuTty.Host.Guests.Markup;

namespace GpuTty.Host.Guests;

/// <summary>
/// The description of a guest with all functions of a card in it: managed='no', one slot of the guest for each slot of the host,
/// behind a root port that nothing else uses. What is right already stays as it is, so that a second time changes nothing.
/// </summary>
public static class GuestXml
{
    private const int DeviceDepth = 2;

    /// <summary>For a guest that is not known: without guest addresses, which depend on it.</summary>
    public static string Fragment(Card card, GuestOptions options) =>
        string.Join(
            '\n',
            card.Functions
                .Select(function => Write([HostDevice(function.Address, 0, Extras(card, function, options))]))
                .Concat(options.LookingGlass is { } size && !options.Kvmfr ? [Write([SharedMemory(size, 0)])] : []))
        + "\n";

    /// <param name="notes">What a person should know, a sentence each.</param>
    /// <exception cref="FormatException">It is no domain.</exception>
    public static string With(string text, Card card, GuestOptions options, out ImmutableArray<string> notes)
    {
        var document = Parse(text);
        if (document.OfType<Element>().FirstOrDefault() is not { Name: "domain" } domain)
            throw new FormatException("it is no description of a domain");
        var told = ImmutableArray.CreateBuilder<string>();
        var devices = domain.First("devices") ?? throw new FormatException("it has no devices");
        var isExpress = devices.Elements("controller").Any(controller => controller["model"] is "pcie-root" or "pcie-root-port")
            || (domain.First("os")?.First("type")?["machine"] ?? "").Contains("q35", StringComparison.Ordinal);
        if (!isExpress)
            told.Add(
                "Its machine is of the old kind (i440fx), which has no PCI Express: the functions get no place of their own. "
                    + "Drivers of graphics cards expect q35.");
        var after = devices;
        foreach (var slot in card.Functions.GroupBy(function => function.Address with { Function = 0 }))
            after = WithSlot(after, card, [.. slot.OrderBy(function => function.Address)], options, isExpress);
        after = Companions(after, options, told);
        var changed = domain.Replace(devices, after);
        if (options.HideKvm) changed = WithHiddenKvm(changed);
        notes = told.ToImmutable();
        return Write([.. document.Select(node => ReferenceEquals(node, domain) ? changed : node)]);
    }

    private static Element WithSlot(Element devices, Card card, ImmutableArray<PciDevice> functions, GuestOptions options, bool isExpress)
    {
        var existing = functions.Select(function => FindHostDevice(devices, function.Address)).ToList();
        int? bus = null;
        if (isExpress)
        {
            bus = BusOf(existing.FirstOrDefault(element => element is not null)) is { } there and > 0
                ? there
                : FreePort(devices, functions);
            if (bus is null) (devices, bus) = WithPort(devices);
        }
        var isMany = functions.Length > 1;
        foreach (var function in functions)
        {
            var place = bus is { } number ? Place(number, function.Address.Function, isMany && function == functions[0]) : null;
            var extras = Extras(card, function, options);
            if (FindHostDevice(devices, function.Address) is { } known) devices = devices.Replace(known, Mended(known, extras, place));
            else
            {
                var last = devices.Elements("hostdev").LastOrDefault();
                devices = devices.Append(
                    HostDevice(function.Address, DeviceDepth, place is null ? extras : [.. extras, place]), DeviceDepth, last);
            }
        }
        return devices;
    }

    private static Element Mended(Element device, IReadOnlyList<Element> extras, Element? place)
    {
        if (device["managed"] != "no") device = device.With("managed", "no");
        foreach (var wanted in place is null ? extras : [.. extras, place])
        {
            var known = device.First(wanted.Name);
            if (known is null) device = device.Append(wanted, DeviceDepth + 1);
            else if (wanted.Attributes.Any(pair => known[pair.Key] is not { } value || !Same(value, pair.Value)))
                device = device.Replace(known, wanted.Attributes.Aggregate(known, (all, pair) => all.With(pair.Key, pair.Value)));
        }
        return device;
    }

    private static bool Same(string one, string other) => one == other || (Number(one) is { } left && Number(other) == left);

    private static Element? FindHostDevice(Element devices, PciAddress address) => devices.Elements("hostdev").FirstOrDefault(device =>
        device["type"] == "pci" && device.First("source")?.First("address") is { } source
        && (
            Number(source["domain"]) ?? 0,
            Number(source["bus"]) ?? 0,
            Number(source["slot"]) ?? 0,
            Number(source["function"]) ?? 0) == (address.Domain, address.Bus, address.Slot, address.Function));

    private static int? BusOf(Element? device) =>
        device?.First("address") is { } place && place["type"] == "pci" ? Number(place["bus"]) : null;

    /// <summary>A root port with nothing behind it but what the card itself has there.</summary>
    private static int? FreePort(Element devices, ImmutableArray<PciDevice> functions)
    {
        var own = functions.Select(function => FindHostDevice(devices, function.Address)).ToList();
        var used = devices.Children
            .OfType<Element>()
            .Where(device => !own.Exists(known => ReferenceEquals(known, device)))
            .Select(BusOf)
            .OfType<int>()
            .ToHashSet();
        return devices
            .Elements("controller")
            .Where(controller => controller["model"] == "pcie-root-port")
            .Select(controller => Number(controller["index"]))
            .OfType<int>()
            .Order()
            .Cast<int?>()
            .FirstOrDefault(index => !used.Contains(index!.Value));
    }

    /// <summary>libvirt finds a place for the port itself.</summary>
    private static (Element, int) WithPort(Element devices)
    {
        var ports = devices.Elements("controller").Where(controller => controller["type"] == "pci").ToList();
        var index = ports.Select(controller => Number(controller["index"]) ?? 0).DefaultIfEmpty(0).Max() + 1;
        var port = Of(
            "controller",
            DeviceDepth,
            [("type", "pci"), ("index", index.ToString(CultureInfo.InvariantCulture)), ("model", "pcie-root-port")]);
        return (devices.Append(port, DeviceDepth, ports.LastOrDefault()), index);
    }

    private static List<Element> Extras(Card card, PciDevice function, GuestOptions options)
    {
        var extras = new List<Element>();
        if (options.Iommufd) extras.Add(Of("driver", 0, [("iommufd", "yes")]));
        if (options.Rom is { } rom && function == card.Display) extras.Add(Of("rom", 0, [("file", rom)]));
        return extras;
    }

    private static Element HostDevice(PciAddress address, int depth, IReadOnlyList<Element> children)
    {
        var source = Of(
            "source",
            depth + 1,
            [],
            Of(
                "address",
                0,
                [
                    ("domain", $"0x{address.Domain:x4}"),
                    ("bus", $"0x{address.Bus:x2}"),
                    ("slot", $"0x{address.Slot:x2}"),
                    ("function", $"0x{address.Function:x}"),
                ]));
        var drivers = children.Where(child => child.Name == "driver").ToList();
        return Of(
            "hostdev",
            depth,
            [("mode", "subsystem"), ("type", "pci"), ("managed", "no")],
            [.. drivers, source, .. children.Except(drivers)]);
    }

    private static Element Place(int bus, int function, bool isFirst)
    {
        var place = Of(
            "address",
            0,
            [("type", "pci"), ("domain", "0x0000"), ("bus", $"0x{bus:x2}"), ("slot", "0x00"), ("function", $"0x{function:x}")]);
        return isFirst ? place.With("multifunction", "on") : place;
    }

    private static Element Companions(Element devices, GuestOptions options, ImmutableArray<string>.Builder told)
    {
        if (options.LookingGlass is { } size)
        {
            if (options.Kvmfr)
                told.Add(
                    "For /dev/kvmfr0 the arguments that gputty guest qemu prints go into <qemu:commandline>, "
                        + "and the node into cgroup_device_acl of libvirt's qemu.conf.");
            else if (devices.Elements("shmem").FirstOrDefault(memory => memory["name"] == "looking-glass") is not { } known)
                devices = devices.Append(SharedMemory(size, DeviceDepth), DeviceDepth);
            else if (known.First("size") is { } now && (now["unit"] != "M" || now.Text != $"{size}"))
                devices = devices.Replace(known, known.Replace(now, SizeOf(size)));
        }
        if (options.NoBalloon && devices.First("memballoon") is var balloon && balloon?["model"] != "none")
        {
            var none = Of("memballoon", DeviceDepth, [("model", "none")]);
            devices = balloon is null ? devices.Append(none, DeviceDepth) : devices.Replace(balloon, none);
        }
        if (options.NoVideo && devices.First("video") is { } video && video.First("model")?["type"] != "none")
            devices = devices.Replace(video, Of("video", DeviceDepth, [], Of("model", 0, [("type", "none")])));
        return devices;
    }

    private static Element SharedMemory(int size, int depth) =>
        Of("shmem", depth, [("name", "looking-glass")], Of("model", 0, [("type", "ivshmem-plain")]), SizeOf(size));

    private static Element SizeOf(int size) =>
        new("size", [KeyValuePair.Create("unit", "M")], [new Words(size.ToString(CultureInfo.InvariantCulture))], false);

    private static Element WithHiddenKvm(Element domain)
    {
        var features = domain.First("features");
        var hidden = Of("kvm", 2, [], Of("hidden", 0, [("state", "on")]));
        if (features is null) return domain.Append(Of("features", 1, [], hidden), 1);
        if (features.First("kvm") is not { } kvm) return domain.Replace(features, features.Append(hidden, 2));
        var after = kvm.First("hidden") is { } known
            ? known["state"] == "on" ? kvm : kvm.Replace(known, known.With("state", "on"))
            : kvm.Append(Of("hidden", 0, [("state", "on")]), 3);
        return ReferenceEquals(after, kvm) ? domain : domain.Replace(features, features.Replace(kvm, after));
    }

    private static int? Number(string? text) => text is null ? null
        : text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? int.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex) ? hex : null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var plain) ? plain : null;
}
