using System.Collections.Immutable;
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
    /// <summary>Fields whose values are names, and nothing else can be meant; and objects whose name is a user's.</summary>
    private static readonly string[] s_ofNames = ["user", "closed_to", "host_name"], s_ofOwners = ["owner", "vfioOwner"];

    private readonly Dictionary<string, string> _words;
    private readonly HiddenAddresses _addresses;

    /// <summary>Null where there is no name.</summary>
    private readonly Regex? _anywhere, _alone;

    private Pseudonyms(IEnumerable<(string Name, string Word)> names, string release)
    {
        _addresses = new HiddenAddresses(release);
        _words = names.Where(one => one.Name.Length > 0).DistinctBy(one => one.Name).ToDictionary(one => one.Name, one => one.Word);
        if (_words.Count == 0) return;
        var (common, rare) = (OneOf(_words.Keys.Where(ReportWords.Has)), OneOf(_words.Keys.Where(name => !ReportWords.Has(name))));
        _alone = Pattern($"{Begin}{OneOf(_words.Keys)}{End}");
        // In one go: a word may be somebody else's name.
        _anywhere = Pattern($"{Begin}{rare}{End}|{Before}{common}{End}|{Begin}{common}{Behind}");
    }

    private const string Begin = "(?<![A-Za-z0-9_])", End = "(?![A-Za-z0-9_])";

    /// <summary>What says that a word which may mean anything is a user, or a host: before it, and behind it.
    /// A unit such as user@1000.service is neither.</summary>
    private const string
        Before =
            """
            (?<= \b[Uu]ser[ =]['"]? | \bUSER[ =]"? | \bacct="? | \bVFIO_USER\s+ | \bvfio_user="? | \bsession\ \S+\ ·\ | ~
            | \([0-9]+\)\ {2,20} | \.(?:service|scope|slice)\ of\ | \b(?:Accepted|Failed)\ \S+\ for\ | \bsudo(?:\[[0-9]+\])?:\ +
            | /home/ | /media/ | [\w.-]@ | [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?\ (?=\S+\ \S+:))
            """,
        Behind =
            """
            (?: (?=\(uid= | @(?!\S*\.(?:service|scope|slice|socket|device))[\w.-] | \ :\ TTY=) | (?<=^\S+)(?=:\ Linux\ ))
            """;

    /// <param name="host">Null where it could not be read.</param>
    /// <param name="local">Who is known on that machine, besides those that are seen on it.</param>
    /// <param name="files">The report, which may name others.</param>
    public static Pseudonyms Of(HostSnapshot? host, LocalNames? local = null, IReadOnlyCollection<ReportFile>? files = null)
    {
        local ??= LocalNames.None;
        var called = host?.HostName is { Length: > 0 } seen ? seen : local.HostName;
        var names = PersonNames.Of(host, local, (files ?? []).SelectMany(Texts));
        return new(
            names
                .SelectMany(one => (IEnumerable<(string, string)>)[one, (Account(one.Name), one.Word)])
                // A machine may know thousands.
                .Where(one => files is null || files.Any(file => Names(file, one.Item1)))
                .Append((called, "host"))
                .Append((called.Split('.')[0], "host")),
            host?.Kernel ?? "");
    }

    /// <summary>Without the domain that it may be of: <c>CORP\joe</c>, <c>joe@corp.example</c>; his folder is called by it alone.</summary>
    private static string Account(string name) => name[(name.LastIndexOf('\\') + 1)..].Split('@')[0];

    /// <summary>A document may write it in its own way.</summary>
    private static bool Names(ReportFile file, string name) =>
        file.Text.Contains(name, StringComparison.Ordinal)
        || (IsJson(file) && file.Text.Contains(JsonEncodedText.Encode(name).Value, StringComparison.OrdinalIgnoreCase));

    public string Hide(ReportFile file) => IsJson(file) ? HideJson(file.Text) : Hide(file.Text);

    /// <summary>A text without a form of its own.</summary>
    public string Hide(string text) =>
        _addresses.Hide(Home().Replace(_anywhere?.Replace(text, name => _words[name.Value]) ?? text, "$1someone"));

    /// <summary>Where every word that is somebody's name means him.</summary>
    public string HideNames(string text) => Hide(_alone?.Replace(text, name => _words[name.Value]) ?? text);

    /// <summary>Documents, also torn ones: only texts that are values change, so that the rest can still be read.</summary>
    private string HideJson(string json)
    {
        // Of each object that is open, the field that it is the value of.
        var (around, field) = (new Stack<string>(), "");
        return JsonText().Replace(json, found =>
        {
            switch (found)
            {
                case { Value: "{" }:
                    around.Push(field);
                    return found.Value;
                case { Value: "}" }:
                    field = around.TryPop(out var outer) ? outer : "";
                    return found.Value;
                case var _ when found.Groups["colon"].Success:
                    field = found.Groups["text"].Value;
                    return found.Value;
            }
            var text = Decoded(found.Groups["text"].Value);
            if (!found.Groups["end"].Success) return $"\"{JsonEncodedText.Encode(Hide(text))}";
            var isName = s_ofNames.Contains(field)
                || (field == "name" && around.TryPeek(out var whose) && s_ofOwners.Contains(whose))
                // joe:kvm is of a file; a card belongs to the host or to vfio.
                || (field == "owner" && text.Contains(':', StringComparison.Ordinal));
            var hidden = isName ? HideNames(text) : Hide(text);
            return hidden == text ? found.Value : $"\"{JsonEncodedText.Encode(hidden)}\"";
        });
    }

    /// <summary>What is said in a file, of a document each text with its field.</summary>
    private static IEnumerable<(string? Field, string Text)> Texts(ReportFile file)
    {
        if (!IsJson(file))
        {
            yield return (null, file.Text);
            yield break;
        }
        var field = "";
        foreach (Match found in JsonText().Matches(file.Text))
        {
            if (found.Groups["colon"].Success) field = found.Groups["text"].Value;
            else if (found.Groups["text"].Success) yield return (field, Decoded(found.Groups["text"].Value));
        }
    }

    private static bool IsJson(ReportFile file) => Path.GetExtension(file.Name) is ".json" or ".jsonl";

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

    /// <summary>The longest first; where there is none, what never matches.</summary>
    private static string OneOf(IEnumerable<string> names) =>
        names.OrderByDescending(name => name.Length).Select(Regex.Escape).ToList() is { Count: > 0 } all
            ? $"(?:{string.Join('|', all)})"
            : "(?!)";

    private static Regex Pattern(string pattern) =>
        new(pattern, RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.IgnorePatternWhitespace);

    /// <summary>A text, or the name of a field; the last one of a torn line may have no end.</summary>
    [GeneratedRegex("\"(?<text>(?:[^\"\\\\\\n]|\\\\.)*)(?:(?<end>\")(?<colon>\\s*:)?|(?=\\n)|$)|[{}]", RegexOptions.CultureInvariant)]
    private static partial Regex JsonText();

    /// <summary>Of somebody who is unknown here; names that are known are other words by then.</summary>
    [GeneratedRegex("(/home/|/run/media/)(?!user[0-9]+(?![A-Za-z0-9_]))[^/\\s\"':,;)]+", RegexOptions.CultureInvariant)]
    private static partial Regex Home();
}
