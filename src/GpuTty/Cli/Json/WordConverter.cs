using System.Text.Json;
using System.Text.Json.Serialization;
using GpuTty.Cli.Output;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;

namespace GpuTty.Cli.Json;

/// <summary>A value that the journal knows under another name: here it is called as the commands and the manual call it.</summary>
/// <param name="word">The same for each value of one program version and the next.</param>
internal abstract class WordConverter<T>(Func<T, string> word) : JsonConverter<T> where T : struct, Enum
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Documents are only written.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(word(value));
}

internal sealed class DirectionWord() : WordConverter<Direction>(ValueText.Of);

internal sealed class OwnerWord() : WordConverter<Owner>(owner => owner switch
{
    Owner.HostDriver => "host",
    Owner.Vfio => "vfio",
    Owner.Mixed => "mixed",
    Owner.Reserved => "reserved",
    _ => "none",
});

internal sealed class DesktopImpactWord() : WordConverter<DesktopImpact>(impact => impact == DesktopImpact.Restart ? "restart" : "none");

internal sealed class RiskWord() : WordConverter<Risk>(risk => risk switch
{
    Risk.EndsSession => "ends-sessions",
    Risk.MayLoseConsole => "may-lose-console",
    _ => "reversible",
});
