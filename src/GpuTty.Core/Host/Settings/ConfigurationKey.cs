using System.Collections.Immutable;
using System.Globalization;
using GpuTty.Host.Pci;

namespace GpuTty.Host.Settings;

/// <summary>What can be configured. The list is closed, and each is in gputty(1) and in the example.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="About">One line.</param>
/// <param name="Default">Empty where there is none.</param>
/// <param name="Takes">What it may be, in words.</param>
public sealed record ConfigurationKey(string Name, string About, string Default, string Takes)
{
    public static ConfigurationKey Card { get; } = new(
        "CARD",
        "The card that is meant where none is named",
        "",
        "an address such as 0000:01:00.0, a slot such as 01:00, or vendor and device such as 10de:2684")
    {
        Read = ReadCard,
    };
    public static ConfigurationKey Audio { get; } = new(
        "GPU_AUDIO_PCI_ID", "A function that has to belong to that card", "", "an address such as 0000:01:00.1")
    {
        Read = ReadAddress,
    };
    public static ConfigurationKey CardFor { get; } =
        OneOf("CARD_FOR", "What the card is for after it is returned to the host", "", "compute", "monitors");
    public static ConfigurationKey EndHolders { get; } =
        OneOf("END_HOLDERS", "What may be done to other programs that hold the card", "never", "never", "term", "kill");
    public static ConfigurationKey NvidiaRestart { get; } = new(
        "NVIDIA_RESTART", "Start nvidia-persistenced again when the card is returned to the host", "true", "true or false")
    {
        Read = text => Truth(text) is { } yes ? yes ? "true" : "false" : null,
    };
    public static ConfigurationKey AfterVm { get; } =
        OneOf("AFTER_VM", "Where the card goes when a virtual machine that got it has ended", "host", "host", "keep");
    public static ConfigurationKey HookTimeout { get; } = new(
        "HOOK_TIMEOUT", "How many seconds the start of a virtual machine may wait for the card", "90", "10 to 900 seconds")
    {
        Read = ReadTimeout,
        IsSystemOnly = true,
    };
    public static ConfigurationKey HookEndSessions { get; } = new(
        "HOOK_END_SESSIONS", "The start or end of a virtual machine may close graphical sessions", "no", "yes or no")
    {
        Read = text => Truth(text) is { } yes ? yes ? "yes" : "no" : null,
        IsSystemOnly = true,
    };
    public static ConfigurationKey HookVmNames { get; } = new(
        "HOOK_VM_NAMES",
        "Virtual machines that get the card although their description does not name it",
        "",
        "names with commas between them; * stands for any characters")
    {
        Read = ReadNames,
        IsSystemOnly = true,
    };

    public static ConfigurationKey VfioUser { get; } = new(
        "VFIO_USER", "Who may open the card's node below /dev/vfio, besides root", "", "the name of a user")
    {
        Read = ReadName,
        IsSystemOnly = true,
    };
    public static ConfigurationKey VfioGroup { get; } = new("VFIO_GROUP", "The group that may open it", "", "the name of a group")
    {
        Read = ReadName,
        IsSystemOnly = true,
    };

    public static ConfigurationKey IsolateCpus { get; } = new(
        "ISOLATE_CPUS",
        "CPUs that the host leaves to the virtual machine while it has the card",
        "",
        "a list of CPUs such as 4-15 or 2,3,6,7")
    {
        Read = ReadCpus,
        IsSystemOnly = true,
    };
    public static ConfigurationKey Governor { get; } = new(
        "GOVERNOR", "CPU governor while a virtual machine has the card", "", "a word such as performance")
    {
        Read = ReadPlainWord,
        IsSystemOnly = true,
    };
    public static ConfigurationKey EnergyPreference { get; } = new(
        "ENERGY_PREFERENCE", "Energy preference of the CPUs meanwhile", "", "a word such as performance")
    {
        Read = ReadPlainWord,
        IsSystemOnly = true,
    };
    public static ConfigurationKey HugePages { get; } = new(
        "HUGEPAGES_MB", "MiB of huge pages (of 2 MiB) that are set aside meanwhile", "", "2 to 16777216 MiB")
    {
        Read = text => ReadNumber(text, 2, 16 * 1024 * 1024),
        IsSystemOnly = true,
    };
    public static ConfigurationKey KvmfrSize { get; } = new(
        "KVMFR_SIZE_MB", "MiB of memory that the module kvmfr shares with the virtual machine", "", "1 to 4096 MiB")
    {
        Read = text => ReadNumber(text, 1, 4096),
        IsSystemOnly = true,
    };
    public static ConfigurationKey LookingGlassFile { get; } = new(
        "LOOKING_GLASS_FILE", "Make /dev/shm/looking-glass for VFIO_USER and VFIO_GROUP meanwhile", "", "yes or no")
    {
        Read = text => Truth(text) is { } yes ? yes ? "yes" : "no" : null,
        IsSystemOnly = true,
    };

    /// <summary>Those that count, in the order in which people read them.</summary>
    public static ImmutableArray<ConfigurationKey> All { get; } = [
        Card, Audio, CardFor, EndHolders, NvidiaRestart, AfterVm, HookTimeout, HookEndSessions, HookVmNames, VfioUser, VfioGroup,
        IsolateCpus, Governor, EnergyPreference, HugePages, KvmfrSize, LookingGlassFile,
    ];

    /// <summary>Other names of the same, from vfio-passthrough.conf.</summary>
    public static ImmutableDictionary<string, ConfigurationKey> Aliases { get; } =
        ImmutableDictionary<string, ConfigurationKey>.Empty.Add("GPU_PCI_ID", Card);

    /// <summary>Understood, and without effect: why.</summary>
    public static ImmutableDictionary<string, string> WithoutEffect { get; } = ImmutableDictionary<string, string>.Empty
        .Add("STATE_FILE", "gputty keeps its state in /run/gputty");

    /// <summary>The value in one spelling; null where the text is none.</summary>
    public required Func<string, string?> Read { get; init; }

    /// <summary>It decides about what nobody sits at, so only files of the system may say it.</summary>
    public bool IsSystemOnly { get; init; }

    /// <summary>Also under its other names; null for an unknown one.</summary>
    public static ConfigurationKey? Find(string name) => All.FirstOrDefault(key => key.Name == name) ?? Aliases.GetValueOrDefault(name);

    /// <summary>What an unknown key was perhaps meant to be; null where nothing is near.</summary>
    public static string? Nearest(string name)
    {
        var upper = name.ToUpperInvariant();
        var (near, distance) = All.Select(key => key.Name)
            .Concat(Aliases.Keys)
            .Select(known => (known, Distance(upper, known)))
            .MinBy(pair => pair.Item2);
        return distance <= Math.Max(1, near.Length / 3) ? near : null;
    }

    private static ConfigurationKey OneOf(string name, string about, string byDefault, params string[] words) =>
        new(name, about, byDefault, $"{string.Join(", ", words[..^1])} or {words[^1]}")
        {
            Read = text => words.FirstOrDefault(word => word.Equals(text, StringComparison.OrdinalIgnoreCase)),
        };

    private static bool? Truth(string text) => text.ToLowerInvariant() switch
    {
        "true" or "yes" or "on" or "1" => true,
        "false" or "no" or "off" or "0" => false,
        _ => null,
    };

    private static string? ReadAddress(string text) => PciAddress.TryParse(text, out var address) ? address.ToString() : null;

    private static string? ReadCard(string text)
    {
        var lower = text.ToLowerInvariant();
        return ReadAddress(lower) ?? (PciAddress.TryParse($"{lower}.0", out _) || IsIds(lower) ? lower : null);
    }

    /// <summary><c>10de:2684</c>.</summary>
    public static bool IsIds(string text) => text.Length == 9 && text[4] == ':' && text.Remove(4, 1).All(char.IsAsciiHexDigit);

    private static string? ReadTimeout(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 10 and <= 900
            ? seconds.ToString(CultureInfo.InvariantCulture)
            : null;

    private static string? ReadCpus(string text) => CpuList.Parse(text) is { IsEmpty: false } cpus ? CpuList.Of(cpus) : null;

    private static string? ReadPlainWord(string text) =>
        text.Length is > 0 and <= 40 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? text : null;

    private static string? ReadNumber(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number.ToString(CultureInfo.InvariantCulture) : null;

    /// <summary>Of a user or a group (useradd(8)).</summary>
    private static string? ReadName(string text) =>
        text.Length is > 0 and <= 64
            && text[0] != '-'
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '$' or '@' or '\\')
            ? text
            : null;

    private static string? ReadNames(string text)
    {
        var names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return names.Any(name => name.Contains('/', StringComparison.Ordinal)) ? null : string.Join(",", names);
    }

    /// <summary>How many letters differ (Levenshtein).</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (one[i - 1] == other[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }
        return row[^1];
    }
}
