using System.Collections.Immutable;
using System.Globalization;
using GpuTty.Host.Desktop;
using GpuTty.Text;

namespace GpuTty.Linux.Systemd;

/// <summary>Properties of units that tell how they hang together (org.freedesktop.systemd1(5)),
/// as <c>systemctl show</c> prints them (<see cref="DBus.PropertyText"/>).</summary>
internal static class UnitProperties
{
    /// <summary>Of services and scopes only.</summary>
    public const string StopLimit = "TimeoutStopUSec";

    /// <summary>Of every unit.</summary>
    public static ImmutableArray<string> Names { get; } =
    [
        "Transient", "RefuseManualStop", "DefaultDependencies", "PartOf", "BindsTo", "Requisite", "WantedBy", "RequiredBy",
        "UpheldBy", "Wants", "Before", "TriggeredBy",
    ];

    /// <summary>Null where nothing but the state was told.</summary>
    public static UnitTraits? Parse(IReadOnlyDictionary<string, string> fields) =>
        !Names.Any(fields.ContainsKey) && !fields.ContainsKey(StopLimit) ? null : new UnitTraits
        {
            IsMasked = fields.GetValueOrDefault("LoadState") == "masked",
            IsTransient = fields.GetValueOrDefault("Transient") == "yes",
            RefusesStop = fields.GetValueOrDefault("RefuseManualStop") == "yes",
            HasDefaultDependencies = fields.GetValueOrDefault("DefaultDependencies") != "no",
            PartOf = All(fields, "PartOf", "BindsTo", "Requisite"),
            WantedBy = All(fields, "WantedBy", "RequiredBy", "UpheldBy"),
            Wants = All(fields, "Wants"),
            Before = Targets(fields, "Before"),
            TriggeredBy = All(fields, "TriggeredBy"),
            StopTimeout = fields.GetValueOrDefault(StopLimit) is { } span ? Span(span) : null,
        };

    /// <summary>As <see cref="Span"/>; <see cref="Timeout.InfiniteTimeSpan"/> for <c>infinity</c>.</summary>
    public static TimeSpan? Delay(string text) => text == "infinity" ? Timeout.InfiniteTimeSpan : Span(text);

    /// <summary><c>1min 30s</c>, <c>2min</c>, <c>500ms</c>; null for <c>infinity</c> and what cannot be read (systemd.time(7)).</summary>
    public static TimeSpan? Span(string text)
    {
        var sum = TimeSpan.Zero;
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (var part in parts)
        {
            var unit = part.TrimStart([.. "0123456789."]);
            if (!double.TryParse(part[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                || Seconds(unit) is not { } seconds) return null;
            if (number * seconds > TimeSpan.FromDays(365).TotalSeconds) return null;
            sum += TimeSpan.FromSeconds(number * seconds);
        }
        return parts.Length == 0 ? null : sum;
    }

    private static double? Seconds(string unit) => unit switch
    {
        "us" or "usec" => 1e-6,
        "ms" or "msec" => 1e-3,
        "" or "s" or "sec" or "second" or "seconds" => 1,
        "m" or "min" or "minute" or "minutes" => 60,
        "h" or "hr" or "hour" or "hours" => 3600,
        "d" or "day" or "days" => 86400,
        _ => null,
    };

    /// <summary>Of lists that also name everything that is ordered after the unit.</summary>
    private static string? Targets(IReadOnlyDictionary<string, string> fields, string name) => fields.GetValueOrDefault(name) is { } list
        ? Visible.Text(string.Join(' ', list.Split(' ').Where(one => one.EndsWith(".target", StringComparison.Ordinal))), 4096)
        : null;

    private static string All(IReadOnlyDictionary<string, string> fields, params string[] names) =>
        Visible.Text(string.Join(' ', names.Select(name => fields.GetValueOrDefault(name, "")).Where(text => text.Length > 0)), 4096);
}
