using System.Threading.Channels;
using GpuTty.Linux.Systemd.DBus;
using GpuTty.Text;
using Tmds.DBus.Protocol;

namespace GpuTty.Linux.Systemd;

/// <summary>A service manager, the system's or a user's, on a connection to it (org.freedesktop.systemd1(5)).</summary>
internal sealed class ManagerLink(BusLink link)
{
    public const string Service = "org.freedesktop.systemd1";
    private const string UnitPath = "/org/freedesktop/systemd1/unit";

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);
    private static readonly BusObject s_manager = new(Service, "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager");
    private static readonly BusObject s_unit = new(Service, "", "org.freedesktop.systemd1.Unit");

    private static readonly string[] s_running = ["active", "activating", "reloading", "deactivating"];

    public static string PathOf(string unit) => $"{UnitPath}/{ObjectName.Escape(unit)}";

    /// <summary>What a unit tells of itself and, where it is a service or a scope, how
    /// long it may take to stop. One that is not there says so (LoadState).</summary>
    /// <exception cref="BusException">The manager does not answer.</exception>
    public async Task<Dictionary<string, string>> UnitAsync(string name, IReadOnlyCollection<string> properties, CancellationToken cancel)
    {
        var unit = s_unit with { Path = PathOf(name) };
        var own = Own(name) is { } type ? StopLimitAsync(unit with { Interface = type }, cancel) : Task.FromResult<string?>(null);
        try
        {
            var texts = PropertyText.Of(await link.PropertiesAsync(unit, s_limit, cancel), properties);
            if (await own is { } limit) texts[UnitProperties.StopLimit] = limit;
            return texts;
        }
        catch (BusException refused) when (refused.IsObjectMissing || refused.IsNoName)
        {
            return new Dictionary<string, string> { ["Id"] = name, ["LoadState"] = "not-found" };
        }
    }

    /// <summary>Properties that only services have; null where there is no such service.</summary>
    public async Task<Dictionary<string, string>?> ServiceAsync(
        string name, IReadOnlyCollection<string> properties, CancellationToken cancel)
    {
        try
        {
            var all = await link.PropertiesAsync(new BusObject(Service, PathOf(name), "org.freedesktop.systemd1.Service"), s_limit, cancel);
            return PropertyText.Of(all, properties);
        }
        catch (BusException refused) when (refused.IsObjectMissing || refused.IsNoName)
        {
            return null;
        }
    }

    /// <summary>Names of the services that run, of a pattern (glob(7)).</summary>
    public Task<string[]> RunningAsync(string pattern, CancellationToken cancel) =>
        link.CallAsync(s_manager, "ListUnitsByPatterns", static (message, _) =>
            Names(message.GetBodyReader()), s_limit, cancel, "asas", (ref writer) =>
        {
            writer.WriteArray(s_running);
            writer.WriteArray(new[] { pattern });
        });

    /// <summary>active, inactive, failed, activating, deactivating, reloading; empty where there is no such unit.</summary>
    public async Task<string> ActiveStateAsync(string unit, CancellationToken cancel)
    {
        try
        {
            return PropertyText.Of("", await link.PropertyAsync(s_unit with { Path = PathOf(unit) }, "ActiveState", s_limit, cancel));
        }
        catch (BusException refused) when (refused.IsObjectMissing)
        {
            return "";
        }
    }

    /// <summary>What is-system-running prints: initializing, starting, running, degraded, maintenance, stopping.</summary>
    public async Task<string> SystemStateAsync(TimeSpan limit, CancellationToken cancel) =>
        PropertyText.Of("", await link.PropertyAsync(s_manager, "SystemState", limit, cancel));

    /// <summary>Has the manager read its units again, and waits for that.</summary>
    public Task ReloadAsync(TimeSpan limit, CancellationToken cancel) => link.CallAsync(s_manager, "Reload", limit, cancel);

    public async Task ForgetFailureAsync(string unit, CancellationToken cancel)
    {
        try
        {
            await link.CallAsync(s_manager, "ResetFailedUnit", s_limit, cancel, "s", (ref writer) => writer.WriteString(unit));
        }
        catch (BusException refused) when (refused.IsRefusal)
        {
            // It is not loaded, so it has not failed.
        }
    }

    /// <summary>Sets AllowedCPUs of a unit until the machine restarts.</summary>
    /// <param name="bits">One a CPU, the lowest bit of the first byte for CPU 0; none takes earlier ones back.</param>
    public Task LimitCpusAsync(string unit, byte[] bits, CancellationToken cancel) =>
        link.CallAsync(s_manager, "SetUnitProperties", s_limit, cancel, "sba(sv)", (ref writer) =>
        {
            writer.WriteString(unit);
            writer.WriteBool(true);
            var properties = writer.WriteArrayStart(DBusType.Struct);
            writer.WriteStructureStart();
            writer.WriteString("AllowedCPUs");
            writer.WriteVariant(VariantValue.Array(bits));
            writer.WriteArrayEnd(properties);
        });

    /// <summary>Stops or starts a unit and waits for the end of the job.</summary>
    /// <param name="verb">StopUnit, StartUnit.</param>
    /// <returns>What became of the job, by systemd's word.</returns>
    /// <exception cref="BusException">Refused at once, or nobody tells what became of it.</exception>
    public Task<JobResult> RunJobAsync(string verb, string unit, TimeSpan limit, CancellationToken cancel) =>
        JobAsync(verb, "ss", (ref writer) =>
        {
            writer.WriteString(unit);
            writer.WriteString("replace");
        }, limit, cancel);

    /// <summary>Makes the unit, starts it, and waits for the end of that job (systemd-run(1)).</summary>
    public Task<JobResult> StartTransientAsync(TransientUnit unit, TimeSpan limit, CancellationToken cancel) =>
        JobAsync("StartTransientUnit", "ssa(sv)a(sa(sv))", unit.Write, limit, cancel);

    private async Task<JobResult> JobAsync(string verb, string signature, BodyWriter body, TimeSpan limit, CancellationToken cancel)
    {
        var removed = Channel.CreateUnbounded<(string Job, string Result)>();
        // Before the job: it may be over before its name is known.
        using var watch = await link.WatchAsync(
            Service, new MatchRule { Path = s_manager.Path, Interface = s_manager.Interface, Member = "JobRemoved" },
            static (message, _) => Removed(message.GetBodyReader()),
            job => removed.Writer.TryWrite(job), () => removed.Writer.TryComplete(), s_limit, cancel);
        await SubscribeAsync(cancel);
        var job = await link.CallAsync(
            s_manager, verb, static (message, _) => message.GetBodyReader().ReadObjectPathAsString(), s_limit, cancel, signature, body);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        end.CancelAfter(limit);
        try
        {
            await foreach (var (path, result) in removed.Reader.ReadAllAsync(end.Token))
            {
                link.AllowMore();
                if (path == job) return new JobResult(result);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new BusException(
                BusFailure.Late, $"{link.Place.Name} did not say within {Counted.Seconds(limit)} that the job had ended.");
        }
        throw new BusException(BusFailure.Lost, $"{link.Place.Name} has gone before it said what became of the job.");
    }

    /// <summary>The system's manager sends signals only where somebody has asked for them; it forgets that with the connection.</summary>
    public async Task SubscribeAsync(CancellationToken cancel)
    {
        if (link.Place.User is not null) return;
        try
        {
            await link.CallAsync(s_manager, "Subscribe", s_limit, cancel);
        }
        catch (BusException refused) when (refused.IsRefusal)
        {
            // This connection has asked before.
        }
    }

    private async Task<string?> StopLimitAsync(BusObject unit, CancellationToken cancel)
    {
        try
        {
            return PropertyText.Of(UnitProperties.StopLimit, await link.PropertyAsync(unit, UnitProperties.StopLimit, s_limit, cancel));
        }
        catch (BusException)
        {
            // Whoever asked for the unit hears it too.
            return null;
        }
    }

    private static string? Own(string unit) => System.IO.Path.GetExtension(unit) switch
    {
        ".service" => "org.freedesktop.systemd1.Service",
        ".scope" => "org.freedesktop.systemd1.Scope",
        _ => null,
    };

    private static (string Job, string Result) Removed(Reader body)
    {
        _ = body.ReadUInt32();
        var job = body.ReadObjectPathAsString();
        _ = body.ReadString();
        return (job, body.ReadString());
    }

    /// <summary>a(ssssssouso): the first of each is the name.</summary>
    private static string[] Names(Reader body)
    {
        var names = new List<string>();
        var end = body.ReadArrayStart(DBusType.Struct);
        while (body.HasNext(end))
        {
            body.AlignStruct();
            names.Add(body.ReadString());
            for (var rest = 0; rest < 5; rest++) _ = body.ReadString();
            _ = body.ReadObjectPathAsString();
            _ = body.ReadUInt32();
            _ = body.ReadString();
            _ = body.ReadObjectPathAsString();
        }
        return [.. names];
    }
}
