using System.Globalization;
using System.Net.Sockets;
using GpuTty.Interop;
using Tmds.DBus.Protocol;

namespace GpuTty.Linux.Systemd.DBus;

/// <summary>Writes the arguments of a call.</summary>
internal delegate void BodyWriter(ref MessageWriter writer);

/// <summary>Who is asked.</summary>
internal readonly record struct BusObject(string Service, string Path, string Interface);

/// <summary>An open connection to a bus, or to a service manager's own socket,
/// which speaks the same. Each answer has a limit in time and size.</summary>
internal sealed class BusLink : IDisposable
{
    private const string Properties = "org.freedesktop.DBus.Properties";

    /// <summary>A unit tells some twenty kilobytes of itself.</summary>
    private const int MostBytes = 16 * 1024 * 1024;

    /// <summary>
    /// A bus lets one connection wait for 128 answers at once (dbus-daemon(1), max_replies_per_connection) and refuses the next call.
    /// </summary>
    private const int MostCalls = 32;

    private readonly SemaphoreSlim _turns = new(MostCalls);
    private readonly DBusConnection _connection;
    private readonly LimitedStream _stream;
    private volatile bool _isClosed;

    /// <summary>Why it was given up: whoever waited beside that call is told the same.</summary>
    private volatile BusException? _why;

    private BusLink(BusPlace place, DBusConnection connection, LimitedStream stream)
    {
        (Place, _connection, _stream) = (place, connection, stream);
        _ = _connection.DisconnectedAsync().ContinueWith(_ => _isClosed = true, TaskScheduler.Default);
    }

    public BusPlace Place { get; }

    public bool IsClosed => _isClosed;

    /// <exception cref="BusException">There is none, it does not answer, or does not let us in.</exception>
    public static async Task<BusLink> OpenAsync(BusPlace place, TimeSpan limit, CancellationToken cancel)
    {
        const int greeting = 64 * 1024;
        var socket = new NetworkStream(await Task.Run(place.Connect, cancel), ownsSocket: true);
        var stream = place.User is null ? new LimitedStream(socket) : new PeerStream(socket);
        stream.Allow(greeting);
        var connection = new DBusConnection(new Options(stream, place.User ?? (int)Native.EffectiveUser()));
        try
        {
            await InTimeAsync(connection.ConnectAsync().AsTask(), limit, cancel);
            return new BusLink(place, connection, stream);
        }
        catch (Exception failed)
        {
            connection.Dispose();
            await stream.DisposeAsync();
            if (Failure(place, failed, limit, cancel) is { } known) throw known;
            throw;
        }
    }

    /// <exception cref="BusException">It did not answer, or the answer is an error.</exception>
    public async Task<T> CallAsync<T>(
        BusObject target, string member, MessageValueReader<T> read, TimeSpan limit, CancellationToken cancel,
        string? signature = null, BodyWriter? body = null)
    {
        await _turns.WaitAsync(cancel);
        _stream.Allow(MostBytes);
        try
        {
            return await InTimeAsync(_connection.CallMethodAsync(Message(target, member, signature, body), read), limit, cancel);
        }
        catch (Exception failed)
        {
            if (Failure(Place, failed, limit, cancel) is not { } known) throw;
            if (known.Failure == BusFailure.Refused) throw known;
            // What hangs is not waited for by the next one too.
            _why ??= known;
            Dispose();
            throw _why;
        }
        finally
        {
            _turns.Release();
        }
    }

    public Task CallAsync(
        BusObject target,
        string member,
        TimeSpan limit,
        CancellationToken cancel,
        string? signature = null,
        BodyWriter? body = null) =>
        CallAsync(target, member, static (_, _) => true, limit, cancel, signature, body);

    /// <summary>All properties of one interface of an object.</summary>
    public Task<Dictionary<string, VariantValue>> PropertiesAsync(BusObject target, TimeSpan limit, CancellationToken cancel) =>
        CallAsync(
            target with { Interface = Properties }, "GetAll",
            static (message, _) => message.GetBodyReader().ReadDictionaryOfStringToVariantValue(), limit, cancel,
            "s", (ref writer) => writer.WriteString(target.Interface));

    public Task<VariantValue> PropertyAsync(BusObject target, string name, TimeSpan limit, CancellationToken cancel) =>
        CallAsync(
            target with { Interface = Properties }, "Get", static (message, _) => message.GetBodyReader().ReadVariantValue(), limit, cancel,
            "ss", (ref writer) =>
            {
                writer.WriteString(target.Interface);
                writer.WriteString(name);
            });

    /// <summary>Hears signals of one service until disposed. On a bus only
    /// the service itself is believed, whoever else sends the same.</summary>
    /// <param name="rule">Without the sender.</param>
    /// <param name="heard">Called for each, in order.</param>
    /// <param name="ended">Called once when no more can come: the connection
    /// or the service has gone, or what came could not be read.</param>
    public async Task<IDisposable> WatchAsync<T>(
        string service, MatchRule rule, MessageValueReader<T> read, Action<T> heard, Action ended, TimeSpan limit, CancellationToken cancel)
    {
        const ObserverFlags ends = ObserverFlags.EmitOnConnectionClosed | ObserverFlags.EmitOnConnectionFailed
            | ObserverFlags.EmitOnOwnerChanged | ObserverFlags.EmitOnReaderFailed;
        if (Place.User is null) rule.Sender = service;
        rule.Type = MessageType.Signal;
        _stream.Allow(MostBytes);
        try
        {
            return await InTimeAsync(
                _connection.AddMatchAsync(
                    rule, read,
                    (Notification<T> note) =>
                    {
                        if (note.HasValue) heard(note.Value);
                        else ended();
                    },
                    emitOnCapturedContext: false, ends).AsTask(),
                limit, cancel);
        }
        catch (Exception failed)
        {
            Dispose();
            if (Failure(Place, failed, limit, cancel) is { } known) throw known;
            throw;
        }
    }

    /// <summary>Signals alone may bring so many bytes again.</summary>
    public void AllowMore() => _stream.Allow(MostBytes);

    public void Dispose()
    {
        _isClosed = true;
        _connection.Dispose();
    }

    private MessageBuffer Message(BusObject target, string member, string? signature, BodyWriter? body)
    {
        var writer = _connection.GetMessageWriter();
        try
        {
            // Looking starts no service.
            writer.WriteMethodCallHeader(target.Service, target.Path, target.Interface, member, signature, MessageFlags.NoAutoStart);
            body?.Invoke(ref writer);
            return writer.CreateMessage();
        }
        finally
        {
            writer.Dispose();
        }
    }

    private static async Task<T> InTimeAsync<T>(Task<T> answer, TimeSpan limit, CancellationToken cancel)
    {
        _ = answer.ContinueWith(static late => late.Exception, TaskScheduler.Default);
        return await answer.WaitAsync(limit, cancel);
    }

    private static async Task InTimeAsync(Task answer, TimeSpan limit, CancellationToken cancel)
    {
        _ = answer.ContinueWith(static late => late.Exception, TaskScheduler.Default);
        await answer.WaitAsync(limit, cancel);
    }

    /// <summary>Null for a cancelled call, and for what is no failure of the bus.</summary>
    private static BusException? Failure(BusPlace place, Exception failed, TimeSpan limit, CancellationToken cancel) => failed switch
    {
        BusException known => known,
        TimeoutException => new BusException(
            BusFailure.Late,
            $"{place.Name} did not answer within {limit.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} seconds.",
            cause: failed),
        // In place of an answer that can no longer come.
        DBusErrorReplyException { ErrorName: "org.freedesktop.DBus.Error.NoReply" or "org.freedesktop.DBus.Error.Disconnected" } =>
            new BusException(BusFailure.Lost, "The service that was asked left the system bus without an answer.", cause: failed),
        DBusErrorReplyException error =>
            new BusException(
                BusFailure.Refused, error.ErrorMessage is { Length: > 0 } said ? said : error.ErrorName, error.ErrorName, error),
        OperationCanceledException when cancel.IsCancellationRequested => null,
        OutOfMemoryException => null,
        // Whatever the library makes of bytes that are no D-Bus, or of a connection that has ended.
        _ => new BusException(
            BusFailure.Lost,
            $"{place.Name} gave no usable answer: {(failed.InnerException ?? failed).Message.TrimEnd('.')}.",
            cause: failed),
    };

    /// <summary>Nothing is looked up: neither an address, nor who we are, nor the machine's id.</summary>
    private sealed class Options(Stream stream, int user) : DBusConnectionOptions("")
    {
        protected override ValueTask<SetupResult> SetupAsync(CancellationToken cancellationToken) => new(new SetupResult
        {
            ConnectionStream = stream,
            UserId = user.ToString(CultureInfo.InvariantCulture),
            MachineId = "",
        });
    }
}
