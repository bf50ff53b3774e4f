using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using GpuTty.Switching;

namespace GpuTty.Linux;

/// <summary>The format of the journal: one JSON object a line, whose last property is the CRC-32 of all that stands before it.</summary>
internal static class JournalReader
{
    private static readonly byte[] s_mark = ",\"crc\":\""u8.ToArray();
    private const int SealLength = 8 + 8 + 2;

    public static byte[] Line(RunEvent entry)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(entry, StateJson.Default.RunEvent);
        var body = json.AsSpan(0, json.Length - 1);
        return [.. body, .. s_mark, .. Encoding.ASCII.GetBytes($"{Crc32.Of(body):x8}"), .. "\"}\n"u8];
    }

    public static JournalContent Parse(ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty) return new JournalContent.Nothing();
        var events = ImmutableArray.CreateBuilder<RunEvent>();
        var length = 0;
        while (length < file.Length && file[length..].IndexOf((byte)'\n') is >= 0 and var end)
        {
            if (Body(file.Slice(length, end)) is not { } json) break;
            if (length == 0 && SchemaOf(json) is var schema && schema != RunEvent.Opened.CurrentSchema)
                return schema is { } other ? new JournalContent.OtherVersion(other) : new JournalContent.Unreadable();
            if (Event(json) is not { } entry || entry is RunEvent.Opened != (length == 0)) break;
            events.Add(entry);
            length += end + 1;
        }
        return events.Count == 0 ? new JournalContent.Unreadable() : new JournalContent.Run(events.ToImmutable(), length, length < file.Length);
    }

    /// <summary>The JSON of a line without its seal; null when the seal is missing or broken.</summary>
    private static byte[]? Body(ReadOnlySpan<byte> line)
    {
        if (line.Length <= SealLength) return null;
        var body = line[..^SealLength];
        var seal = line[^SealLength..];
        if (!seal.StartsWith(s_mark) || !seal.EndsWith("\"}"u8)) return null;
        return uint.TryParse(seal.Slice(s_mark.Length, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var sum) && sum == Crc32.Of(body)
            ? [.. body, (byte)'}']
            : null;
    }

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
