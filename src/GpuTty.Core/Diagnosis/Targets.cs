using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Text;

namespace GpuTty.Diagnosis;

/// <summary>Whose devices a setting is about.</summary>
internal enum CardTie
{
    /// <summary>Nothing tells.</summary>
    Unknown,
    /// <summary>Of graphics cards alone.</summary>
    Card,
    /// <summary>Of graphics cards and of others.</summary>
    Mixed,
    /// <summary>Of others alone, or of no device of this machine.</summary>
    Other,
}

/// <summary>Devices of this machine that a setting is about, as far as that can be told from it.</summary>
/// <param name="Others">Those that no card contains.</param>
internal sealed partial record Targets(CardTie Tie, ImmutableArray<PciDevice> Others)
{
    public static Targets Unknown { get; } = new(CardTie.Unknown, []);

    /// <summary>What a sentence has to add: it is not about cards alone, or that cannot be told. Empty, or begins with a blank.</summary>
    public string Remark => Tie switch
    {
        CardTie.Unknown => " Whether this concerns a card cannot be told.",
        CardTie.Mixed when Others.Length > 0 =>
            $" This concerns {Counted.Names([.. Others.Select(device => device.Address.ShortName)], 4)} as well, which "
                + $"{Counted.Word(Others.Length, "is", "are")} no part of a card.",
        CardTie.Mixed => " This may concern other devices as well.",
        _ => "",
    };

    /// <param name="isCard">Something else tells that a card is meant.</param>
    public static Targets Of(HostSnapshot host, IEnumerable<PciDevice> devices, bool isCard = false)
    {
        var all = devices.DistinctBy(device => device.Address).ToList();
        var others = all.Where(device => !IsOfCard(host, device)).ToImmutableArray();
        var hasCard = isCard || others.Length < all.Count;
        return new(hasCard ? others.IsEmpty ? CardTie.Card : CardTie.Mixed : CardTie.Other, others);
    }

    public static bool IsOfCard(HostSnapshot host, PciDevice device) => Card.FindAll(host).Any(card => card.Contains(device.Address));

    /// <summary>Of a name of devices in modprobe.d(5), whoever has made the
    /// board: <c>pci:v000010DEd00002684sv*sd*bc03sc00i00</c>.</summary>
    public static Targets OfAlias(HostSnapshot host, string name)
    {
        var maker = name.IndexOf("sv", StringComparison.Ordinal);
        var code = name.IndexOf("bc", StringComparison.Ordinal);
        var pattern = maker < 0 ? name : $"{name[..maker]}*{(code > maker ? name[code..] : "")}";
        return Of(host, host.Devices.Where(device => Pattern.Fits(
            pattern,
            $"pci:v{device.Id.Vendor:X8}d{device.Id.Device:X8}"
                + $"bc{device.Class.Base:X2}sc{device.Class.Kind & 0xff:X2}i{device.Class.Code & 0xff:X2}")));
    }

    /// <summary>Of commands, and of those scripts of the machine that they name.</summary>
    public static Targets OfCommands(HostSnapshot host, SettingsFiles settings, IEnumerable<string> commands)
    {
        var texts = commands.ToList();
        return OfText(host, string.Join('\n', texts.Concat(settings.Scripts.Concat(settings.Boot).Concat(settings.Hooks)
            .DistinctBy(script => script.Path)
            .Where(script => texts.Exists(text => text.Contains(script.Path, StringComparison.Ordinal)))
            .Select(script => ScriptSigns.Code(script.Text)))));
    }

    /// <summary>Of a script, by addresses and ids of devices that are here, by drivers, and by words that only cards have.</summary>
    public static Targets OfText(HostSnapshot host, string text)
    {
        var named = host.Devices.Where(device => !device.IsBridge).ToList();
        var places = Places().Matches(text).Select(Place).ToHashSet();
        var ids = Ids().Matches(text).Select(match => $"{match.Groups[1].Value}:{match.Groups[2].Value}".ToLowerInvariant()).ToHashSet();
        var devices = named.Where(device => places.Contains(PlaceOf(device.Address)) || ids.Contains($"{device.Id}")).ToList();
        var isCard = Words().IsMatch(text);
        if (devices.Count > 0 || isCard) return Of(host, devices, isCard);
        // A driver that no card has is of something else, whatever address a variable brings.
        var drivers = Drivers().Matches(text)
            .Select(match => match.Groups[1].Value)
            .Where(name => !VfioSupport.IsVfioDriver(name))
            .ToHashSet();
        return drivers.Count > 0 && !named.Exists(device =>
            IsOfCard(host, device)
            && (device.Driver is { } driver && drivers.Contains(driver)
                || device.CandidateModules.Any(module => drivers.Contains(module.Replace('_', '-')) || drivers.Contains(module))))
            ? new(CardTie.Other, [])
            : Unknown;
    }

    private static (int Domain, int Bus, int Slot) PlaceOf(PciAddress address) => (address.Domain, address.Bus, address.Slot);

    private static (int Domain, int Bus, int Slot) Place(Match match)
    {
        return (match.Groups["domain"].Success ? Hex("domain") : 0, Hex("bus"), Hex("slot"));

        int Hex(string group) => int.Parse(match.Groups[group].ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    /// <summary>As sysfs and libvirt write them; in a script the function may be a variable.</summary>
    [GeneratedRegex(
        @"(?<![\w:.])((?<domain>[0-9a-fA-F]{4}):)?(?<bus>[0-9a-fA-F]{2}):(?<slot>[0-9a-fA-F]{2})\.[0-7*$\[{?]"
            + @"|pci_(?<domain>[0-9a-f]{4})_(?<bus>[0-9a-f]{2})_(?<slot>[0-9a-f]{2})_",
        RegexOptions.CultureInvariant)]
    private static partial Regex Places();

    [GeneratedRegex(@"(?<![\w:.])(?:0x)?([0-9a-fA-F]{4})[: ](?:0x)?([0-9a-fA-F]{4})(?![\w:.])", RegexOptions.CultureInvariant)]
    private static partial Regex Ids();

    [GeneratedRegex(@"\bpci/drivers/([^\s/""'$*]+)/", RegexOptions.CultureInvariant)]
    private static partial Regex Drivers();

    [GeneratedRegex(
        @"nvidia|nouveau|amdgpu|radeon|\bi915\b|boot_vga|/dev/dri|class/drm|vtconsole|-framebuffer|gpu(?!tty)|\bvga|0x03[0-9a-f]{4}\b",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Words();
}
