using System.Collections.Concurrent;
using System.Text;
using GpuTty.Linux.Systemd.DBus;
using Tmds.DBus.Protocol;

namespace GpuTty.Tests.Linux.Systemd.Bus;

/// <summary>Plays systemd-logind: sessions are as they were put in, by id.</summary>
internal sealed class PretendedLogind : IPathMethodHandler
{
    public const string Name = "org.freedesktop.login1";
    private const string Root = "/org/freedesktop/login1";

    public Dictionary<string, Dictionary<string, VariantValue>> Sessions { get; } = [];

    /// <summary>Listed, and gone before it is asked for.</summary>
    public List<string> Gone { get; } = [];

    public Dictionary<uint, bool> Lingering { get; } = [];

    /// <summary>Null: an older logind, which does not tell.</summary>
    public ulong? StopDelay { get; set; } = 10_000_000;

    public ConcurrentQueue<string> Ended { get; } = [];

    /// <summary>What it hands over as a lock; null: an elogind that gives none.</summary>
    public System.Runtime.InteropServices.SafeHandle? Inhibitor { get; set; }

    /// <summary>What was to be held off, by whom, why and how.</summary>
    public string[] Inhibited { get; private set; } = [];

    /// <summary>What it does when it is asked for its sessions: null is what
    /// logind does; "says nothing", "says something else", "goes away".</summary>
    public string? Misbehaves { get; set; }

    public DBusConnection? Listener { get; set; }

    public string Path => Root;
    public bool HandlesChildPaths => true;

    /// <summary>A session as systemd 252 to 262 tell it.</summary>
    public PretendedLogind Session(string id, uint uid, string user, string seat, uint vt, string type, string kind, uint leader)
    {
        Sessions[id] = new Dictionary<string, VariantValue>
        {
            ["Id"] = id,
            ["User"] = VariantValue.Struct(uid, new ObjectPath($"{Root}/user/_{uid}")),
            ["Name"] = user,
            ["Timestamp"] = 1764300000000000ul,
            ["VTNr"] = vt,
            ["Seat"] = VariantValue.Struct(seat, new ObjectPath(seat.Length == 0 ? "/" : $"{Root}/seat/{ObjectName.Escape(seat)}")),
            ["TTY"] = vt == 0 ? "" : $"tty{vt}",
            ["Remote"] = false,
            ["Service"] = "login",
            ["Desktop"] = kind == "user" && type != "tty" ? "KDE" : "",
            ["Scope"] = $"session-{id}.scope",
            ["Leader"] = leader,
            ["Type"] = type,
            ["Class"] = kind,
            ["Active"] = true,
            ["State"] = "active",
            ["IdleHint"] = false,
        };
        return this;
    }

    public void SayNew(string id)
    {
        var writer = Listener!.GetMessageWriter();
        writer.WriteSignalHeader(null, Root, "org.freedesktop.login1.Manager", "SessionNew", "so");
        writer.WriteString(id);
        writer.WriteObjectPath(PathOf(id));
        Assert.True(Listener.TrySendMessage(writer.CreateMessage()));
    }

    public async ValueTask HandleMethodAsync(MethodContext context)
    {
        if (Misbehaves is not { } how || Encoding.UTF8.GetString(context.Request.Member) != "ListSessions") Handle(context);
        else if (how == "says something else") Reply(context, "su", WriteSomethingElse);
        else if (how == "goes away") Listener!.Dispose();
        else await Task.Delay(Timeout.Infinite);
    }

    private static void WriteSomethingElse(ref MessageWriter writer)
    {
        writer.WriteString(new string('x', 4000));
        writer.WriteUInt32(uint.MaxValue);
    }

    private void Handle(MethodContext context)
    {
        var member = Encoding.UTF8.GetString(context.Request.Member);
        var path = Encoding.UTF8.GetString(context.Request.Path);
        var body = context.Request.GetBodyReader();
        switch (member)
        {
            case "ListSessions":
                Reply(context, "a(susso)", (ref writer) => Write(ref writer, Sessions.Keys.Concat(Gone)));
                break;
            case "ListUsers":
                Reply(context, "a(uso)", WriteUsers);
                break;
            case "GetAll" when Sessions.FirstOrDefault(session => PathOf(session.Key) == path).Value is { } session:
                Reply(context, "a{sv}", (ref writer) => writer.WriteDictionary(session));
                break;
            case "GetAll" when Lingering.Keys.FirstOrDefault(uid => $"{Root}/user/_{uid}" == path) is > 0 and var uid:
                Reply(
                    context,
                    "a{sv}",
                    (ref writer) => writer.WriteDictionary(new Dictionary<string, VariantValue>
                    {
                        ["UID"] = uid,
                        ["Linger"] = Lingering[uid],
                        ["State"] = "active",
                    }));
                break;
            case "Get" when StopDelay is { } delay:
                Reply(context, "v", (ref writer) => writer.WriteVariantUInt64(delay));
                break;
            case "Get":
                context.ReplyError("org.freedesktop.DBus.Error.UnknownProperty", "Unknown property");
                break;
            case "Inhibit" when Inhibitor is { } handle:
                Inhibited = [body.ReadString(), body.ReadString(), body.ReadString(), body.ReadString()];
                Reply(context, "h", (ref writer) => writer.WriteHandle(handle));
                break;
            case "TerminateSession" when body.ReadString() is var id:
                Ended.Enqueue(id);
                if (Sessions.Remove(id)) Reply(context, null, (ref _) => { });
                else context.ReplyError(BusException.NoSuchSession, $"No session '{id}' known");
                break;
            default:
                context.ReplyError("org.freedesktop.DBus.Error.UnknownObject", $"Unknown object '{path}'.");
                break;
        }
    }

    private static string PathOf(string id) => $"{Root}/session/{ObjectName.Escape(id)}";

    private static void Write(ref MessageWriter writer, IEnumerable<string> ids)
    {
        var all = writer.WriteArrayStart(DBusType.Struct);
        foreach (var id in ids)
        {
            writer.WriteStructureStart();
            writer.WriteString(id);
            writer.WriteUInt32(1000);
            writer.WriteString("user");
            writer.WriteString("seat0");
            writer.WriteObjectPath(PathOf(id));
        }
        writer.WriteArrayEnd(all);
    }

    private void WriteUsers(ref MessageWriter writer)
    {
        var all = writer.WriteArrayStart(DBusType.Struct);
        foreach (var uid in Lingering.Keys)
        {
            writer.WriteStructureStart();
            writer.WriteUInt32(uid);
            writer.WriteString("user");
            writer.WriteObjectPath($"{Root}/user/_{uid}");
        }
        writer.WriteArrayEnd(all);
    }

    private static void Reply(MethodContext context, string? signature, BodyWriter body)
    {
        var writer = context.CreateReplyWriter(signature);
        body(ref writer);
        context.Reply(writer.CreateMessage());
        writer.Dispose();
    }
}
