using System.Globalization;
using Tmds.DBus.Protocol;

namespace GpuTty.Linux.Systemd;

/// <summary>A setting of a transient unit, as a unit file names it (systemd.directives(7))
/// and as its property is (org.freedesktop.systemd1(5)).</summary>
internal abstract record TransientSetting(string Name)
{
    public sealed record Text(string Name, string Value) : TransientSetting(Name);

    public sealed record Flag(string Name, bool Value) : TransientSetting(Name);

    public sealed record Number(string Name, int Value) : TransientSetting(Name);

    /// <param name="Value">Permissions that new files do not get.</param>
    public sealed record Mask(string Name, UnixFileMode Value) : TransientSetting(Name);

    /// <summary>A span of time: its name ends with Sec.</summary>
    public sealed record Span(string Name, TimeSpan Value) : TransientSetting(Name);

    public sealed record Words(string Name, params string[] Value) : TransientSetting(Name);

    /// <summary>As systemd-run(1) takes it: <c>RuntimeMaxSec=600</c>.</summary>
    public string Line => $"{Name}=" + this switch
    {
        Text text => text.Value,
        Flag flag => flag.Value ? "yes" : "no",
        Number number => number.Value.ToString(CultureInfo.InvariantCulture),
        Mask mask => $"0{Convert.ToString((int)mask.Value, 8).PadLeft(3, '0')}",
        Span span => ((long)span.Value.TotalSeconds).ToString(CultureInfo.InvariantCulture),
        Words words => string.Join(' ', words.Value),
        _ => throw new InvalidOperationException(Name),
    };

    /// <summary>The name of its property: spans count microseconds there.</summary>
    public string Property => this is Span ? $"{Name[..^"Sec".Length]}USec" : Name;

    public VariantValue Told => this switch
    {
        Text text => text.Value,
        Flag flag => flag.Value,
        Number number => number.Value,
        Mask mask => (uint)mask.Value,
        Span span => (ulong)span.Value.TotalMicroseconds,
        Words words => VariantValue.Array(words.Value),
        _ => throw new InvalidOperationException(Name),
    };
}
