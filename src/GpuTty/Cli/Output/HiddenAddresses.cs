using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace GpuTty.Cli.Output;

/// <summary>Other words for addresses of hardware and of the network, UUIDs and serial numbers, the same by the same.</summary>
/// <param name="release">Of the kernel: its version may look like an address (6.6.87.2-microsoft-standard-WSL2).</param>
internal sealed partial class HiddenAddresses(string release)
{
    private readonly Dictionary<string, string> _seen = [];

    public string Hide(string text)
    {
        text = SixthVersion().Replace(text, found => OfSixthVersion(found.Value));
        text = Hardware().Replace(
            text,
            found => found.Groups["kind"] is { Success: true } kind
                ? string.Join(':', HardwareWord(found.Groups["to"].Value), HardwareWord(found.Groups["from"].Value), kind)
                : HardwareWord(found.Value));
        text = Interface().Replace(text, found =>
            found.Groups["kind"].Value
            + HardwareWord(string.Join(':', found.Groups["address"].Value.Chunk(2).Select(pair => new string(pair))))
                .Replace(":", "", StringComparison.Ordinal));
        text = Uuid().Replace(text, found => Word(found.Value, "00000000-0000-0000-0000-0000000000", "x2"));
        text = Network().Replace(
            text,
            found =>
                found.Value.StartsWith("127.", StringComparison.Ordinal)
                    || release == found.Value
                    || release.StartsWith($"{found.Value}-", StringComparison.Ordinal)
                    ? found.Value
                    : Word(found.Value, "192.0.2.", "0"));
        return Serial().Replace(text, "$1(removed)");
    }

    /// <summary>However it is written.</summary>
    private string HardwareWord(string address) =>
        Word(address.ToLowerInvariant().Replace('-', ':').Replace('_', ':'), "00:00:00:00:00:", "x2");

    /// <summary>What only looks like one (an address of PCI, a time) stays. A colon at its end is the sentence's own.</summary>
    private string OfSixthVersion(string text)
    {
        var end = text.EndsWith(':') && !text.EndsWith("::", StringComparison.Ordinal) ? ":" : "";
        return IPAddress.TryParse(text[..^end.Length], out var address) && address.AddressFamily == AddressFamily.InterNetworkV6
            // A group that many listen to tells nothing, but for those that are made of an address (RFC 4291, 2.7.1).
            && !(address.IsIPv6Multicast && !text.Contains(":ff", StringComparison.OrdinalIgnoreCase))
            ? Word(address.ToString(), "2001:db8::", "x") + end
            : text;
    }

    private string Word(string value, string begin, string format)
    {
        if (_seen.TryGetValue(value, out var known)) return known;
        var number = (_seen.Values.Count(word => word.StartsWith(begin, StringComparison.Ordinal)) + 1) & 0xff;
        return _seen[value] = begin + number.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>Global, of a site, of a link, of a group: all of them begin with four digits (RFC 4291), and <c>a::b</c>
    /// of a program does not.</summary>
    [GeneratedRegex(
        "(?<![0-9A-Za-z_:.])(?:[23][0-9a-f]{3}|f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]|ff[0-9a-f]{2})(?::[0-9a-f]{0,4}){2,7}(?![0-9A-Za-z_])",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex SixthVersion();

    /// <summary>
    /// Of the kernel's firewall: to whom, from whom, and the kind of the packet. Else six pairs or more, as wwns, InfiniBand
    /// and Bluetooth devices have them too; an address of PCI has no six pairs.
    /// </summary>
    [GeneratedRegex(
        "(?<=MAC=)(?<to>(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}):(?<from>(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}):"
            + "(?<kind>[0-9a-fA-F]{2}:[0-9a-fA-F]{2})(?![0-9a-fA-F:])|"
            + "(?<![0-9a-fA-F:])[0-9a-fA-F]{2}(?<between>[:_-])[0-9a-fA-F]{2}(?:\\k<between>[0-9a-fA-F]{2}){4,}(?![0-9a-fA-F:])",
        RegexOptions.CultureInvariant)]
    private static partial Regex Hardware();

    /// <summary>Interfaces that are named by their address (systemd.net-naming-scheme(7)).</summary>
    [GeneratedRegex("(?<![A-Za-z0-9])(?<kind>(?:en|wl|ww|ib|sl)x)(?<address>[0-9a-f]{12})(?![A-Za-z0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex Interface();

    [GeneratedRegex(
        "(?<![0-9a-fA-F])[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}(?![0-9a-fA-F])",
        RegexOptions.CultureInvariant)]
    private static partial Regex Uuid();

    [GeneratedRegex(
        "(?<![0-9.])(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\\.(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}(?!\\.?[0-9])",
        RegexOptions.CultureInvariant)]
    private static partial Regex Network();

    /// <summary>Also as udev has them: <c>ATTRS{serial}=="X"</c>, <c>ID_SERIAL_SHORT=X</c>.</summary>
    [GeneratedRegex(
        "((?:serial(?:[ _]?(?:number|short))?|S/N)\\}?\\s*[:=]=?\\s*\"?)[^\\s,;\"]+",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Serial();
}
