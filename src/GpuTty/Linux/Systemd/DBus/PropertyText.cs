using System.Globalization;
using System.Text;
using Tmds.DBus.Protocol;

namespace GpuTty.Linux.Systemd.DBus;

/// <summary>
/// Properties as systemctl(1) and loginctl(1) show them, so that one reader understands both. Values of
/// other types than expected, of newer versions or of whoever pretends to be a manager, are texts too.
/// </summary>
internal static class PropertyText
{
    private const int Longest = 64 * 1024;

    /// <summary>Those of the names that are there.</summary>
    public static Dictionary<string, string> Of(IReadOnlyDictionary<string, VariantValue> properties, IEnumerable<string> names)
    {
        var texts = new Dictionary<string, string>();
        foreach (var name in names)
            if (properties.TryGetValue(name, out var value)) texts[name] = Of(name, value);
        return texts;
    }

    /// <param name="name">Spans of time have names that end with USec: microseconds.</param>
    public static string Of(string name, VariantValue value) => value.Type switch
    {
        VariantValueType.UInt64 when name.EndsWith("USec", StringComparison.Ordinal) =>
            value.GetUInt64() == ulong.MaxValue ? "infinity" : $"{value.GetUInt64().ToString(CultureInfo.InvariantCulture)}us",
        // A name and the path of its object.
        VariantValueType.Struct when value.Count > 0 => Text(value.GetItem(0)),
        _ => Text(value),
    };

    private static string Text(VariantValue value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.Length > Longest ? text.ToString(0, Longest) : text.ToString();
    }

    private static void Append(StringBuilder text, VariantValue value)
    {
        switch (value.Type)
        {
            case VariantValueType.Array or VariantValueType.Struct:
                for (var at = 0; at < value.Count && text.Length <= Longest; at++)
                {
                    if (at > 0) text.Append(' ');
                    Append(text, value.GetItem(at));
                }
                break;
            case VariantValueType.Variant:
                Append(text, value.GetVariantValue());
                break;
            default:
                text.Append(Plain(value));
                break;
        }
    }

    private static string Plain(VariantValue value) => value.Type switch
    {
        VariantValueType.String => value.GetString(),
        VariantValueType.ObjectPath => value.GetObjectPathAsString(),
        VariantValueType.Bool => value.GetBool() ? "yes" : "no",
        VariantValueType.Byte => Number(value.GetByte()),
        VariantValueType.Int16 => Number(value.GetInt16()),
        VariantValueType.UInt16 => Number(value.GetUInt16()),
        VariantValueType.Int32 => Number(value.GetInt32()),
        VariantValueType.UInt32 => Number(value.GetUInt32()),
        VariantValueType.Int64 => Number(value.GetInt64()),
        VariantValueType.UInt64 => Number(value.GetUInt64()),
        _ => "",
    };

    private static string Number<T>(T value) where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
