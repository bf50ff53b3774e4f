using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json.Serialization;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Steps;
using GpuTty.Switching;

namespace GpuTty.Tests.Linux;

/// <summary>One of every step and of every event, found by reflection, so that none is forgotten.</summary>
internal static class Samples
{
    private static readonly DateTimeOffset s_at = new(2026, 3, 1, 12, 30, 15, 123, TimeSpan.Zero);

    /// <summary>In the order of their names in files, which stay when a class is called something else.</summary>
    public static ImmutableArray<Step> EveryStep { get; } =
    [
        .. Below(typeof(Step)).OrderBy(NameInFiles, StringComparer.Ordinal).Select(type => (Step)Make(type)),
        new BindDevice(PretendedHost.Card, "radeon", "radeon")
        {
            ClearsOverride = true,
            OverridesAfterLoading = true,
            Others = [new OtherDriver("amdgpu", null)],
        },
        new LoadModule("nvidia_drm") { UsedBy = new BoundFunction(PretendedHost.Card, "nvidia") },
    ];

    public static ImmutableArray<RunEvent> EveryEvent { get; } = [.. Below(typeof(RunEvent))
        .Select(type => (RunEvent)Make(type))
        .OrderByDescending(entry => entry is RunEvent.Opened)];

    public static RunEvent.Opened Opened(
        string bootId = "boot", int schema = RunEvent.Opened.CurrentSchema, params ImmutableArray<Step> steps) =>
        new(
            schema,
            bootId,
            42,
            new SwitchIntent(PretendedHost.Card, Direction.ToVm),
            Owner.HostDriver,
            DesktopImpact.Restart,
            Risk.EndsSession,
            steps,
            [new Consequence(null, "You lose ütf-8 \" and \n lines.")])
        {
            At = s_at,
        };

    public static ImmutableArray<RunEvent> Journal { get; } = [
        Opened(steps: EveryStep),
        .. EveryEvent.Where(entry => entry is not RunEvent.Opened),
    ];

    private static IEnumerable<Type> Below(Type parent) =>
        parent.Assembly.GetTypes().Where(type => type.IsSubclassOf(parent) && !type.IsAbstract);

    private static string NameInFiles(Type type) =>
        (string)type.BaseType!.GetCustomAttributes<JsonDerivedTypeAttribute>().Single(one => one.DerivedType == type).TypeDiscriminator!;

    private static object Make(Type type)
    {
        var constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
        var made = constructor.Invoke([.. constructor
            .GetParameters()
            .Select(parameter => Value(parameter.ParameterType, parameter.Name!, parameter.Position))]);
        type.GetProperty(nameof(RunEvent.At))?.SetValue(made, s_at);
        type.GetProperty(nameof(RunEvent.Failed.Code))?.SetValue(made, FailureCode.TimedOut);
        return made;
    }

    /// <param name="position">Tells values of one type apart; a golden file has them, so no name of the code is in them.</param>
    private static object Value(Type type, string name, int position)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return $"text {position}: é \"\\ \u001b";
        if (type == typeof(int)) return name == "Schema" ? RunEvent.Opened.CurrentSchema : 7;
        if (type == typeof(long)) return 77L;
        if (type == typeof(bool)) return true;
        if (type == typeof(TimeSpan)) return TimeSpan.FromMilliseconds(12345);
        if (type == typeof(PciAddress)) return PciAddress.Parse("10000:e1:00.1");
        if (type == typeof(PciId)) return new PciId(0x10de, 0x2684, 0x1043, null);
        if (type == typeof(Step)) return EveryStep[0];
        if (type == typeof(ImmutableArray<Step>)) return EveryStep;
        if (type == typeof(ImmutableArray<Consequence>)) return (ImmutableArray<Consequence>)[new(null, "one"), new(null, "two")];
        if (type == typeof(ImmutableArray<PciAddress>)) return (ImmutableArray<PciAddress>)[PciAddress.Parse("10000:e1:00.1")];
        if (type == typeof(OriginalState)) return Home();
        if (type.IsEnum) return type.GetEnumValues().GetValue(type.GetEnumValues().Length - 1)!;
        return Make(type);
    }

    public static OriginalState Home(string address = "01:00.0", string? driver = "nvidia") => new(
        [new OriginalDevice(PciAddress.Parse(address), new PciId(0x10de, 1), driver, driver, null)],
        [new OriginalModule(PciAddress.Parse(address), "nvidia")],
        [new OriginalUnit(PciAddress.Parse(address), new UnitName("nvidia-persistenced.service"))]);
}
