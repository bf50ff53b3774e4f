using System.Globalization;
using System.Text;
using System.Text.Json;

namespace GpuTty.Linux.Systemd;

/// <summary>An entry of systemd's journal as <c>journalctl --output=json</c> prints it.</summary>
/// <param name="At">When the journal got it.</param>
internal sealed record UnitLogLine(DateTimeOffset At, string Text)
{
    /// <summary>Null for what is no entry. Never throws.</summary>
    public static UnitLogLine? Parse(string line)
    {
        try
        {
            using var entry = JsonDocument.Parse(line);
            return entry.RootElement.ValueKind == JsonValueKind.Object
                && entry.RootElement.TryGetProperty("__REALTIME_TIMESTAMP", out var time) && time.ValueKind == JsonValueKind.String
                && long.TryParse(time.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
                && microseconds <= (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks / 10
                && entry.RootElement.TryGetProperty("MESSAGE", out var message) && Words(message) is { } text
                ? new UnitLogLine(DateTimeOffset.UnixEpoch.AddTicks(microseconds * 10), text) : null;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // Half a surrogate pair is valid JSON, but no text.
            return null;
        }
    }

    /// <summary>What is not plain text comes as a list of bytes.</summary>
    private static string? Words(JsonElement message) => message.ValueKind switch
    {
        JsonValueKind.String => message.GetString(),
        JsonValueKind.Array when message.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number && item.TryGetByte(out _)) =>
            Encoding.UTF8.GetString([.. message.EnumerateArray().Select(item => item.GetByte())]),
        _ => null,
    };
}
