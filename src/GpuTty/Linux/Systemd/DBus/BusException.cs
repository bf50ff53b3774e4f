using GpuTty.Text;

namespace GpuTty.Linux.Systemd.DBus;

/// <summary>Why a bus has given no answer.</summary>
internal enum BusFailure
{
    /// <summary>Nobody listens at that address.</summary>
    NoBus,
    /// <summary>The kernel, or who listens there, does not let us in.</summary>
    Denied,
    /// <summary>The connection has ended, or what came is no D-Bus.</summary>
    Lost,
    /// <summary>No answer within the limit.</summary>
    Late,
    /// <summary>The answer is an error.</summary>
    Refused,
}

/// <summary>A bus has given no answer. The message is one sentence, made visible.</summary>
/// <param name="error">Name of the D-Bus error, for <see cref="BusFailure.Refused"/>.</param>
internal sealed class BusException(BusFailure failure, string message, string? error = null, Exception? cause = null)
    : Exception(Visible.Text(message, 300), cause)
{
    public const string NoSuchUnit = "org.freedesktop.systemd1.NoSuchUnit";
    public const string OnlyByDependency = "org.freedesktop.systemd1.OnlyByDependency";
    public const string UnitExists = "org.freedesktop.systemd1.UnitExists";
    public const string NoSuchSession = "org.freedesktop.login1.NoSuchSession";

    public BusFailure Failure { get; } = failure;

    /// <summary>True where the service itself refused, and asking in another way would bring the same.</summary>
    public bool IsRefusal => Failure == BusFailure.Refused && !IsServiceMissing;

    /// <summary>The object has gone, or never was.</summary>
    public bool IsObjectMissing => error is NoSuchUnit or NoSuchSession or "org.freedesktop.DBus.Error.UnknownObject";

    /// <summary>The bus is there; the service is not on it.</summary>
    public bool IsServiceMissing => error is "org.freedesktop.DBus.Error.ServiceUnknown" or "org.freedesktop.DBus.Error.NameHasNoOwner";

    /// <summary>Nothing can have that name: anybody who may make a control group can give it one that looks like a unit's.</summary>
    public bool IsNoName => error == "org.freedesktop.DBus.Error.InvalidArgs";

    public bool Is(string name) => error == name;
}
