using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using GpuTty.Cli.Json;
using GpuTty.Host.Settings;

namespace GpuTty.Cli.Output;

/// <summary>
/// Words that a report has without anybody being called so: fields and closed lists of its documents, what its texts explain. An
/// account of that name says nothing in such a place; another word there would make the report wrong, and would give the name away.
/// </summary>
internal static partial class ReportWords
{
    /// <summary>In no text of gputty's: words of logind and systemd, and what hosts, programs and their makers are called.</summary>
    private static readonly string[] s_others =
    [
        "greeter", "manager", "background", "lingering", "closing", "opening", "unspecified", "activating", "deactivating", "inactive",
        "running", "exited", "dead", "mir", "web", "guest", "vm", "linux", "debian", "ubuntu", "fedora", "arch", "suse", "qemu",
        "libvirt", "docker", "podman", "nvidia", "nouveau", "amd", "intel", "gnome", "plasma", "kde", "sway", "xfce", "gdm", "sddm",
        "error", "warning", "info", "debug", "notice",
    ];

    private static readonly Lazy<HashSet<string>> s_all = new(() =>
    {
        var texts = new HashSet<string>(s_others);
        var seen = new HashSet<(Type, JsonSerializerOptions)>();
        foreach (var type in (JsonTypeInfo[])[
            ReportJson.Default.ReportedMachine, JsonContext.Default.StatusDocument, JsonContext.Default.DevicesDocument,
            JsonContext.Default.GroupsDocument, JsonContext.Default.HoldersDocument, JsonContext.Default.DoctorDocument,
            JsonContext.Default.RunDocument, JsonContext.Default.PlanDocument, JsonContext.Default.FixDocument,
            JsonContext.Default.ConfigDocument, JsonContext.Default.HookDocument, JsonContext.Default.RomDocument,
            JsonContext.Default.BootDocument, JsonContext.Default.PinDocument])
            Collect(type, texts, seen);
        foreach (var code in CodeText.Explained)
            texts.UnionWith([code, CodeText.Explanation(code)!.Paragraph, CodeText.Explanation(code)!.Rests]);
        foreach (var key in ConfigurationKey.All) texts.UnionWith([key.Name, key.About, key.Takes]);
        // What a hyphen or an underscore joins is a word as well as each of its parts.
        return texts
            .SelectMany(text => Word().Matches(text))
            .SelectMany(word => word.Value.Split('-', '_').Append(word.Value))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
    });

    /// <summary>Whether it may stand anywhere in a report and mean nobody; so may anything that is as short as a unit of measure.</summary>
    public static bool Has(string name) => name.Length < 3 || name.All(char.IsAsciiDigit) || s_all.Value.Contains(name);

    /// <summary>Names of fields and of the kinds of an object, and the values of closed lists, as they are written.</summary>
    private static void Collect(JsonTypeInfo type, HashSet<string> words, HashSet<(Type, JsonSerializerOptions)> seen)
    {
        // A value may have one word in the journal and another in the documents.
        if (!seen.Add((type.Type, type.Options))) return;
        if (type.Type.IsEnum)
        {
            foreach (var value in Enum.GetValuesAsUnderlyingType(type.Type))
                words.Add(JsonSerializer.Serialize(Enum.ToObject(type.Type, value), type));
            return;
        }
        foreach (var property in type.Properties)
        {
            words.Add(property.Name);
            Collect(type.Options.GetTypeInfo(property.PropertyType), words, seen);
        }
        foreach (var kind in type.PolymorphismOptions?.DerivedTypes ?? [])
        {
            words.Add($"{kind.TypeDiscriminator}");
            Collect(type.Options.GetTypeInfo(kind.DerivedType), words, seen);
        }
        foreach (var inner in (Type?[])[type.ElementType, Nullable.GetUnderlyingType(type.Type)])
            if (inner is not null) Collect(type.Options.GetTypeInfo(inner), words, seen);
    }

    [GeneratedRegex("[A-Za-z][A-Za-z0-9_-]*", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
