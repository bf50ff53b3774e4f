using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using GpuTty.Host;

namespace GpuTty.Linux.State;

/// <summary>The number of the format in a state file: what a later program
/// has written is refused, and not taken for something else.</summary>
internal static class StateFormat
{
    private const string Member = "schema";
    private const int Current = 1;

    public static byte[] Write<T>(T value, JsonTypeInfo<T> type)
    {
        var file = JsonSerializer.SerializeToNode(value, type)!.AsObject();
        file.Insert(0, Member, Current);
        return Encoding.UTF8.GetBytes(file.ToJsonString());
    }

    /// <param name="what">Begins the sentence of a refusal: the file's path, or what it is.</param>
    /// <param name="remedy">What to do then.</param>
    /// <param name="isWhole">What must hold of it besides; where it does not, it is damaged.</param>
    /// <exception cref="HostException">It is damaged, or of a newer program.</exception>
    public static T Read<T>(byte[] content, JsonTypeInfo<T> type, string what, string remedy, Predicate<T>? isWhole = null) where T : class
    {
        try
        {
            using var file = JsonDocument.Parse(content);
            if (file.RootElement.ValueKind != JsonValueKind.Object) throw new JsonException("not an object");
            // Programs that wrote no number wrote the first format.
            if (file.RootElement.TryGetProperty(Member, out var schema)
                && !(schema.ValueKind == JsonValueKind.Number && schema.TryGetInt32(out var number) && number <= Current))
                throw new HostException($"{what} was written by a newer version of gputty.", remedy);
            var value = file.RootElement.Deserialize(type) ?? throw new JsonException("empty");
            return isWhole?.Invoke(value) != false ? value : throw new JsonException("not whole");
        }
        catch (Exception broken) when (broken is JsonException or NotSupportedException)
        {
            throw new HostException($"{what} cannot be read.", remedy, broken);
        }
    }
}
