using System.Text.Json.Serialization;
using GpuTty.Host;
using GpuTty.Host.Boot;
using GpuTty.Host.Guests;
using GpuTty.Host.Pci;
using GpuTty.Linux.Settings;
using GpuTty.Linux.Worker;
using GpuTty.Linux.Writes;
using GpuTty.Switching;

namespace GpuTty.Linux.State;

/// <summary>
/// How everything that is kept on disk is written; generated at build time, so that it works in the trimmed program.
/// Every property and value has a name of its own (JsonPropertyName, JsonStringEnumMemberName) or is left out
/// (JsonIgnore). A name stays, whatever it is called in the code: an undo may have to read what an older version wrote.
/// </summary>
[JsonSourceGenerationOptions(
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(PciAddressConverter)])]
[JsonSerializable(typeof(RunEvent))]
[JsonSerializable(typeof(OriginalState))]
[JsonSerializable(typeof(LogLine))]
[JsonSerializable(typeof(SwitchRequest))]
[JsonSerializable(typeof(RunRequest))]
[JsonSerializable(typeof(PendingWrite))]
[JsonSerializable(typeof(LockHolder))]
[JsonSerializable(typeof(GuestGrant))]
[JsonSerializable(typeof(BootChoices))]
[JsonSerializable(typeof(KeptFiles))]
internal sealed partial class StateJson : JsonSerializerContext;
