using System.Collections.Concurrent;
using System.Text;
using GpuTty.Linux.Systemd.DBus;
using Tmds.DBus.Protocol;

namespace GpuTty.Tests.Linux.Systemd.Bus;

/// <summary>A unit that <see cref="PretendedManager"/> has.</summary>
internal sealed record PretendedUnit(string Id, string ActiveState = "active", string LoadState = "loaded")
{
    /// <summary>Of org.freedesktop.systemd1.Unit.</summary>
    public Dictionary<string, VariantValue> Unit { get; init; } = [];

    /// <summary>Of org.freedesktop.systemd1.Service or Scope.</summary>
    public Dictionary<string, VariantValue> Own { get; init; } = [];

    /// <summary>A property that is a list of words.</summary>
    public static VariantValue Words(params string[] words) => VariantValue.Array(words);
}

/// <summary>A call as it came.</summary>
internal sealed record Call(string Path, string Interface, string Member, string[] Words);

/// <summary>
/// Plays a service manager, on a bus or on a socket of its own: what it is
/// asked is written down, units are as they were put in, jobs end as told.
/// </summary>
/// <param name="version">Of systemd; newer ones have properties of types that older ones had not.</param>
internal sealed class PretendedManager(int version = 252) : IPathMethodHandler
{
    public const string Name = "org.freedesktop.systemd1";
    private const string Manager = "org.freedesktop.systemd1.Manager";
    private int _jobs;

    public Dictionary<string, PretendedUnit> Units { get; } = [];

    /// <summary>Names that lead to another unit.</summary>
    public Dictionary<string, string> Aliases { get; } = [];

    public ConcurrentQueue<Call> Calls { get; } = [];

    /// <summary>Members that were called, answered or not.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>How each job ends, by verb and unit; null: it never does.</summary>
    public Func<string, string, string?> Ends { get; set; } = (_, _) => "done";

    /// <summary>A D-Bus error in place of a job, by verb and unit.</summary>
    public Func<string, string, (string Name, string Message)?> Refuses { get; set; } = (_, _) => null;

    /// <summary>True: it will not say which units there are.</summary>
    public Func<bool> RefusesLists { get; set; } = () => false;

    public string SystemState { get; set; } = "running";

    /// <summary>Passes before each answer.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Calls that are never answered.</summary>
    public Func<string, bool> IsSilent { get; set; } = _ => false;

    /// <summary>What StartTransientUnit was given: name, and the text of each property.</summary>
    public Dictionary<string, VariantValue> Started { get; } = [];

    /// <summary>What SetUnitProperties was given: the unit, whether it ends with the next start, and each property.</summary>
    public ConcurrentQueue<(string Unit, bool IsRuntime, string Property, VariantValue Value)> Set { get; } = [];

    /// <summary>Where signals go.</summary>
    public List<DBusConnection> Listeners { get; } = [];

    public string Path => "/";
    public bool HandlesChildPaths => true;

    public async ValueTask HandleMethodAsync(MethodContext context)
    {
        await Task.Delay(Delay);
        var member = Encoding.UTF8.GetString(context.Request.Member);
        Asked.Enqueue(member);
        if (IsSilent(member)) await Task.Delay(Timeout.Infinite);
        Handle(context);
    }

    private void Handle(MethodContext context)
    {
        var request = context.Request;
        var member = Encoding.UTF8.GetString(request.Member);
        var path = Encoding.UTF8.GetString(request.Path);
        var type = Encoding.UTF8.GetString(request.Interface);
        var words = Words(request, member);
        Calls.Enqueue(new Call(path, type, member, words));
        if (type == "org.freedesktop.DBus.Properties") Tell(context, path, member, words);
        else if (type == Manager) Act(context, member, words);
        else context.ReplyUnknownMethodError();
    }

    /// <summary>Says that a unit is not as it was.</summary>
    public void SayChanged(string unit) => Send(writer =>
    {
        writer.WriteSignalHeader(null, Path_(unit), "org.freedesktop.DBus.Properties", "PropertiesChanged", "sa{sv}as");
        writer.WriteString("org.freedesktop.systemd1.Unit");
        writer.WriteDictionary(new Dictionary<string, VariantValue> { ["ActiveState"] = "inactive" });
        writer.WriteArray(Array.Empty<string>());
        return writer.CreateMessage();
    });

    public void SayRemoved(string job, string unit, string result) => Send(writer =>
    {
        writer.WriteSignalHeader(null, "/org/freedesktop/systemd1", Manager, "JobRemoved", "uoss");
        writer.WriteUInt32(7);
        writer.WriteObjectPath(job);
        writer.WriteString(unit);
        writer.WriteString(result);
        return writer.CreateMessage();
    });

    private delegate MessageBuffer Composer(MessageWriter writer);

    private void Send(Composer compose)
    {
        // Whoever has hung up hears no more.
        foreach (var listener in Listeners) _ = listener.TrySendMessage(compose(listener.GetMessageWriter()));
    }

    private static string Path_(string unit) => $"/org/freedesktop/systemd1/unit/{ObjectName.Escape(unit)}";

    private static string[] Words(Message request, string member)
    {
        var body = request.GetBodyReader();
        return request.SignatureAsString switch
        {
            "s" => [body.ReadString()],
            "ss" => [body.ReadString(), body.ReadString()],
            _ when member == "SetUnitProperties" => [body.ReadString()],
            _ when member == "StartTransientUnit" => [body.ReadString(), body.ReadString()],
            _ => [],
        };
    }

    private void Tell(MethodContext context, string path, string member, string[] words)
    {
        if (path == "/org/freedesktop/systemd1")
        {
            Reply(context, "v", (ref writer) => writer.WriteVariantString(SystemState));
            return;
        }
        var unit = Units.Values.FirstOrDefault(unit => Path_(unit.Id) == path)
            ?? (Aliases.FirstOrDefault(alias => Path_(alias.Key) == path).Value is { } real ? Units[real] : null);
        // systemd makes a unit of every name it is asked for.
        var properties = words[0].EndsWith(".Unit", StringComparison.Ordinal)
            ? Properties(unit ?? new PretendedUnit("made-up.service", "inactive", "not-found"))
            : unit?.Own ?? [];
        if (member == "GetAll") Reply(context, "a{sv}", (ref writer) => writer.WriteDictionary(properties));
        else if (properties.TryGetValue(words[1], out var value)) Reply(context, "v", (ref writer) => writer.WriteVariant(value));
        else context.ReplyError("org.freedesktop.DBus.Error.UnknownProperty", $"Unknown property {words[1]}");
    }

    private Dictionary<string, VariantValue> Properties(PretendedUnit unit)
    {
        var all = new Dictionary<string, VariantValue>(unit.Unit)
        {
            ["Id"] = unit.Id,
            ["ActiveState"] = unit.ActiveState,
            ["LoadState"] = unit.LoadState,
        };
        // What a unit tells besides: structures, lists of structures, numbers of every size.
        all["Job"] = VariantValue.Struct(0u, new ObjectPath("/"));
        all["Names"] = VariantValue.Array(new[] { unit.Id });
        all["InvocationID"] = VariantValue.Array(new byte[16]);
        if (version >= 257) all["LiveMountResult"] = "done";
        if (version >= 262)
            all["OfTheFuture"] = VariantValue.Variant(VariantValue.Struct(1.5, VariantValue.ArrayOfVariant(new VariantValue[] { "x", 2 })));
        return all;
    }

    private void Act(MethodContext context, string member, string[] words)
    {
        if (words is [var name, ..] && Refuses(member, name) is { } refusal)
        {
            context.ReplyError(refusal.Name, refusal.Message);
            return;
        }
        switch (member)
        {
            case "StopUnit" or "StartUnit":
                if (Find(words[0]) is not { } unit)
                {
                    context.ReplyError(BusException.NoSuchUnit, $"Unit {words[0]} {(member == "StopUnit" ? "not loaded" : "not found")}.");
                    return;
                }
                RunJob(context, member, unit.Id);
                break;
            case "StartTransientUnit":
                Read(context.Request.GetBodyReader());
                RunJob(context, member, words[0]);
                break;
            case "SetUnitProperties":
                ReadProperties(context.Request.GetBodyReader());
                Reply(context, null, (ref _) => { });
                break;
            case "ListUnitsByPatterns" when RefusesLists():
                context.ReplyError("org.freedesktop.DBus.Error.LimitsExceeded", "Too many.");
                break;
            case "ListUnitsByPatterns":
                Reply(context, "a(ssssssouso)", WriteUnits);
                break;
            case "ResetFailedUnit" when Find(words[0]) is null:
                context.ReplyError(BusException.NoSuchUnit, $"Unit {words[0]} not loaded.");
                break;
            case "ResetFailedUnit" or "Subscribe" or "Reload":
                Reply(context, null, (ref _) => { });
                break;
            default:
                context.ReplyUnknownMethodError();
                break;
        }
    }

    private PretendedUnit? Find(string name) => Units.GetValueOrDefault(Aliases.GetValueOrDefault(name, name));

    /// <summary>A job of another unit ends too, and the job's own end may be told
    /// before its name: systemd's answer and its signals are not in order.</summary>
    private void RunJob(MethodContext context, string verb, string unit)
    {
        var job = $"/org/freedesktop/systemd1/job/{++_jobs}";
        var end = Ends(verb, unit);
        SayRemoved($"{job}9", "other.service", "failed");
        if (end is not null)
        {
            SayRemoved(job, unit, end);
            var stopped = end == "done" && verb == "StopUnit";
            if (Units.TryGetValue(unit, out var known))
                Units[unit] = known with { ActiveState = stopped ? "inactive" : end == "done" ? "active" : known.ActiveState };
        }
        Reply(context, "o", (ref writer) => writer.WriteObjectPath(job));
    }

    private void WriteUnits(ref MessageWriter writer)
    {
        var all = writer.WriteArrayStart(DBusType.Struct);
        foreach (var unit in Units.Values)
        {
            writer.WriteStructureStart();
            foreach (var word in (string[])[unit.Id, "about", unit.LoadState, unit.ActiveState, "running", ""]) writer.WriteString(word);
            writer.WriteObjectPath(Path_(unit.Id));
            writer.WriteUInt32(0);
            writer.WriteString("");
            writer.WriteObjectPath("/");
        }
        writer.WriteArrayEnd(all);
    }

    private void Read(Reader body)
    {
        Started["name"] = body.ReadString();
        Started["mode"] = body.ReadString();
        var end = body.ReadArrayStart(DBusType.Struct);
        while (body.HasNext(end))
        {
            body.AlignStruct();
            Started[body.ReadString()] = body.ReadVariantValue();
        }
    }

    private void ReadProperties(Reader body)
    {
        var (unit, isRuntime) = (body.ReadString(), body.ReadBool());
        var end = body.ReadArrayStart(DBusType.Struct);
        while (body.HasNext(end))
        {
            body.AlignStruct();
            Set.Enqueue((unit, isRuntime, body.ReadString(), body.ReadVariantValue()));
        }
    }

    private static void Reply(MethodContext context, string? signature, BodyWriter body)
    {
        var writer = context.CreateReplyWriter(signature);
        body(ref writer);
        context.Reply(writer.CreateMessage());
        writer.Dispose();
    }
}
