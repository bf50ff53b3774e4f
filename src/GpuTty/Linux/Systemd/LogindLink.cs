using System.Collections.Immutable;
using System.Globalization;
using GpuTty.Linux.Systemd.DBus;
using Tmds.DBus.Protocol;

namespace GpuTty.Linux.Systemd;

/// <summary>systemd-logind, or elogind, on the system's bus (org.freedesktop.login1(5)).</summary>
internal sealed class LogindLink(BusLink link)
{
    public const string Service = "org.freedesktop.login1";
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);
    private static readonly BusObject s_manager = new(Service, "/org/freedesktop/login1", "org.freedesktop.login1.Manager");
    private static readonly BusObject s_session = new(Service, "", "org.freedesktop.login1.Session");
    private static readonly BusObject s_user = new(Service, "", "org.freedesktop.login1.User");

    /// <summary>Those of the properties that each session has.</summary>
    /// <exception cref="BusException">Nobody answers, or logind is not on the bus.</exception>
    public async Task<ImmutableArray<Dictionary<string, string>>> SessionsAsync(
        IReadOnlyCollection<string> properties, CancellationToken cancel)
    {
        var paths =
            await link.CallAsync(s_manager, "ListSessions", static (message, _) => SessionPaths(message.GetBodyReader()), s_limit, cancel);
        return await AllAsync(s_session, paths, properties, cancel);
    }

    /// <summary>Users whose services go on without a session, among those that logind knows.</summary>
    public async Task<ImmutableArray<int>> LingeringAsync(CancellationToken cancel)
    {
        var users =
            await link.CallAsync(s_manager, "ListUsers", static (message, _) => UserPaths(message.GetBodyReader()), s_limit, cancel);
        var told = await AllAsync(s_user, users, ["UID", "Linger"], cancel);
        return
        [
            .. from user in told
               where user.GetValueOrDefault("Linger") == "yes" && int.TryParse(user.GetValueOrDefault("UID"), out _)
               select int.Parse(user["UID"], CultureInfo.InvariantCulture),
        ];
    }

    /// <summary>How long a user's services go on after the last session, <see cref="Timeout.InfiniteTimeSpan"/>
    /// for ever; null where an older logind does not tell.</summary>
    public async Task<TimeSpan?> UserStopDelayAsync(CancellationToken cancel)
    {
        const string name = "UserStopDelayUSec";
        try
        {
            return UnitProperties.Delay(PropertyText.Of(name, await link.PropertyAsync(s_manager, name, s_limit, cancel)));
        }
        catch (BusException refused) when (refused.IsRefusal)
        {
            return null;
        }
    }

    /// <returns>False where there is no such session any more.</returns>
    public async Task<bool> EndAsync(string session, CancellationToken cancel)
    {
        try
        {
            await link.CallAsync(s_manager, "TerminateSession", s_limit, cancel, "s", (ref writer) => writer.WriteString(session));
            return true;
        }
        catch (BusException refused) when (refused.IsObjectMissing)
        {
            return false;
        }
    }

    /// <summary>What goes while it is asked for is not there any more, and that is a fact.</summary>
    private async Task<ImmutableArray<Dictionary<string, string>>> AllAsync(
        BusObject kind, string[] paths, IReadOnlyCollection<string> properties, CancellationToken cancel)
    {
        var told = await Task.WhenAll(paths.Select(async path =>
        {
            try
            {
                return PropertyText.Of(await link.PropertiesAsync(kind with { Path = path }, s_limit, cancel), properties);
            }
            catch (BusException gone) when (gone.IsObjectMissing)
            {
                return null;
            }
        }));
        return [.. told.OfType<Dictionary<string, string>>()];
    }

    /// <summary>a(susso): id, uid, user, seat, path.</summary>
    private static string[] SessionPaths(Reader body)
    {
        var paths = new List<string>();
        var end = body.ReadArrayStart(DBusType.Struct);
        while (body.HasNext(end))
        {
            body.AlignStruct();
            _ = body.ReadString();
            _ = body.ReadUInt32();
            _ = body.ReadString();
            _ = body.ReadString();
            paths.Add(body.ReadObjectPathAsString());
        }
        return [.. paths];
    }

    /// <summary>a(uso): uid, name, path.</summary>
    private static string[] UserPaths(Reader body)
    {
        var paths = new List<string>();
        var end = body.ReadArrayStart(DBusType.Struct);
        while (body.HasNext(end))
        {
            body.AlignStruct();
            _ = body.ReadUInt32();
            _ = body.ReadString();
            paths.Add(body.ReadObjectPathAsString());
        }
        return [.. paths];
    }
}
