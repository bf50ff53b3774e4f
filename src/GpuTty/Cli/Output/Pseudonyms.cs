using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using GpuTty.Host;

namespace GpuTty.Cli.Output;

/// <summary>
/// Other words for what is nobody's business: names of the host and of its people, hardware and network
/// addresses, serial numbers, UUIDs. The same word stands for the same thing everywhere in a report.
/// Names of programs, units, containers and guests stay: without them nothing can be explained.
/// </summary>
internal sealed partial class Pseudonyms
{
    /// <summary>Accounts below belong to services (login.defs(5), UID_MIN; nobody is 65534).</summary>
    private const int FirstPerson = 1000, Nobody = 65534;

    private readonly Dictionary<string, string> _seen = [];
    private readonly ImmutableArray<(string Name, string Word, Regex Pattern)> _names;

    /// <summary>Of the kernel: its version may look like an address (6.6.87.2-microsoft-standard-WSL2).</summary>
    private readonly string _release;

    private Pseudonyms(IEnumerable<(string Name, string Word)> names, string release = "") =>
        (_release, _names) = (
            release,
            [.. names
                .Where(one => one.Name.Length > 0 && one.Name != one.Word)
                .DistinctBy(one => one.Name)
                .OrderByDescending(one => one.Name.Length)
                .Select(one =>
                    (
                        one.Name,
                        one.Word,
                        new Regex($"(?<![A-Za-z0-9_]){Regex.Escape(one.Name)}(?![A-Za-z0-9_])", RegexOptions.CultureInvariant)))]);

    public static Pseudonyms None => new([]);

    public static Pseudonyms Of(HostSnapshot host) => new(
        host.Sessions
            .Select(session => (session.Uid, session.User))
            .Concat(host.Holders.Where(holder => holder.User is not null).Select(holder => (holder.Uid, User: holder.User!)))
            .Concat((host.Details?.SharedMemory ?? []).Select(node => (node.Uid, node.User)))
            .Where(person => person.Uid is >= FirstPerson and not Nobody)
            .DistinctBy(person => person.Uid)
            .OrderBy(person => person.Uid)
            .Select((person, index) => (person.User, $"user{(index + 1).ToString(CultureInfo.InvariantCulture)}"))
            .Append((host.HostName, "host"))
            .Append((host.HostName.Split('.')[0], "host")), host.Kernel);

    /// <summary>A text without a form of its own.</summary>
    public string Hide(string text) =>
        Addresses(Home().Replace(_names.Aggregate(text, (line, name) => name.Pattern.Replace(line, name.Word)), "$1someone"));

    /// <summary>Documents, also torn ones: only texts that are values change, so that the rest can
    /// still be read. One that is nothing but a name is one where its field says so.</summary>
    public string HideJson(string json)
    {
        var field = "";
        return JsonText().Replace(json, found =>
        {
            if (found.Groups["colon"].Success)
            {
                field = found.Groups["text"].Value;
                return found.Value;
            }
            var text = Decoded(found.Groups["text"].Value);
            if (!found.Groups["end"].Success) return $"\"{JsonEncodedText.Encode(Hide(text))}";
            if (field is not ("user" or "host_name") && _names.Any(name => name.Name == text)) return found.Value;
            var hidden = Hide(text);
            return hidden == text ? found.Value : $"\"{JsonEncodedText.Encode(hidden)}\"";
        });
    }

    private static string Decoded(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal)) return text;
        try
        {
            using var document = JsonDocument.Parse($"\"{text}\"");
            return document.RootElement.GetString()!;
        }
        catch (Exception torn) when (torn is JsonException or InvalidOperationException)
        {
            return text;
        }
    }

    private string Addresses(string text)
    {
        text = Mac().Replace(text, found => Word(found.Value, "00:00:00:00:00:", "x2"));
        text = Uuid().Replace(text, found => Word(found.Value, "00000000-0000-0000-0000-0000000000", "x2"));
        text = Network().Replace(
            text,
            found =>
                found.Value.StartsWith("127.", StringComparison.Ordinal)
                    || _release == found.Value
                    || _release.StartsWith($"{found.Value}-", StringComparison.Ordinal)
                    ? found.Value
                    : Word(found.Value, "192.0.2.", "0"));
        return Serial().Replace(text, "$1(removed)");
    }

    private string Word(string value, string begin, string format)
    {
        if (_seen.TryGetValue(value, out var known)) return known;
        var number = (_seen.Values.Count(word => word.StartsWith(begin, StringComparison.Ordinal)) + 1) & 0xff;
        return _seen[value] = begin + number.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>A text, or the name of a field; the last one of a torn line may have no end.</summary>
    [GeneratedRegex("\"(?<text>(?:[^\"\\\\\\n]|\\\\.)*)(?:(?<end>\")(?<colon>\\s*:)?|(?=\\n)|$)", RegexOptions.CultureInvariant)]
    private static partial Regex JsonText();

    /// <summary>Also as wwns and Bluetooth devices have them; an address of PCI has no six pairs.</summary>
    [GeneratedRegex("(?<![0-9a-fA-F:])(?:[0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}(?![0-9a-fA-F:])", RegexOptions.CultureInvariant)]
    private static partial Regex Mac();

    [GeneratedRegex(
        "(?<![0-9a-fA-F])[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}(?![0-9a-fA-F])",
        RegexOptions.CultureInvariant)]
    private static partial Regex Uuid();

    [GeneratedRegex(
        "(?<![0-9.])(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\\.(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}(?![0-9.])",
        RegexOptions.CultureInvariant)]
    private static partial Regex Network();

    /// <summary>Also as udev has them: <c>ATTRS{serial}=="X"</c>, <c>ID_SERIAL_SHORT=X</c>.</summary>
    [GeneratedRegex(
        "((?:serial(?:[ _]?(?:number|short))?|S/N)\\}?\\s*[:=]=?\\s*\"?)[^\\s,;\"]+",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Serial();

    /// <summary>Of somebody who is not logged in; names that are known are other words by then.</summary>
    [GeneratedRegex("((?<![A-Za-z0-9_])/home/)(?!user[0-9]+(?![A-Za-z0-9_]))[^/\\s\"':]+", RegexOptions.CultureInvariant)]
    private static partial Regex Home();
}
