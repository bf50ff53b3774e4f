using System.Collections.Immutable;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using GpuTty.Switching;

namespace GpuTty.Linux.State;

/// <summary>
/// The format of the journal: one JSON object a line, whose last property is the CRC-32 of all that stands before it, the bodies of the
/// lines before included: a line that was lost, doubled or moved is found too.
/// </summary>
internal static class JournalReader
{
    private const int SealLength = 8 + 8 + 2;

    /// <param name="sum">Of the lines before; afterwards of this one too.</param>
    public static byte[] Line(RunEvent entry, Crc32 sum)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(entry, StateJson.Default.RunEvent);
        var body = json.AsSpan(0, json.Length - 1);
        sum.Append(body);
        return [.. body, .. Seal(sum), (byte)'\n'];
    }

    public static JournalContent Parse(ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty) return new JournalContent.Nothing();
        var events = ImmutableArray.CreateBuilder<RunEvent>();
        var length = 0;
        var sum = new Crc32();
        while (length < file.Length && file[length..].IndexOf((byte)'\n') is >= 0 and var end)
        {
            var next = sum.Clone();
            if (Body(file.Slice(length, end), next) is not { } json) break;
            if (length == 0 && SchemaOf(json) is var schema && schema != RunEvent.Opened.CurrentSchema)
                return schema is { } other ? new JournalContent.OtherVersion(other) : new JournalContent.Unreadable();
            if (Event(json) is not { } entry || entry is RunEvent.Opened != (length == 0)) break;
            events.Add(entry);
            length += end + 1;
            sum = next;
        }
        return events.Count == 0
            ? new JournalContent.Unreadable()
            : new JournalContent.Run(events.ToImmutable(), length, sum, length < file.Length);
    }

    /// <summary>The JSON of a line without its seal; null when the seal is missing or broken.</summary>
    private static byte[]? Body(ReadOnlySpan<byte> line, Crc32 sum)
    {
        if (line.Length <= SealLength) return null;
        var body = line[..^SealLength];
        sum.Append(body);
        return line[^SealLength..].SequenceEqual(Seal(sum)) ? [.. body, (byte)'}'] : null;
    }

    private static byte[] Seal(Crc32 sum) => Encoding.ASCII.GetBytes($",\"crc\":\"{sum.GetCurrentHashAsUInt32():x8}\"}}");

    /// <summary>Read apart from the rest, because another version may have other properties.</summary>
    private static int? SchemaOf(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.TryGetProperty("schema", out var schema) && schema.TryGetInt32(out var number) ? number : null;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static RunEvent? Event(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, StateJson.Default.RunEvent);
        }
        catch (Exception unknown) when (unknown is JsonException or NotSupportedException)
        {
            return null;
        }
    }
}
