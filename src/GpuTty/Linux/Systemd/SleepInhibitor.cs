using System.Globalization;
using GpuTty.Interop;
using GpuTty.Linux.Systemd.DBus;
using Microsoft.Win32.SafeHandles;
using Tmds.DBus.Protocol;

namespace GpuTty.Linux.Systemd;

/// <summary>
/// Keeps the machine awake while it is held: logind's inhibitor lock (org.freedesktop.login1(5), Inhibit). With the desktop goes
/// what the desktop had asked for, so that a laptop with its lid closed would be suspended between two steps. The lock is an open file:
/// it ends with its holder, however that ends.
/// </summary>
internal sealed class SleepInhibitor : IDisposable
{
    private const string Sleep = "sleep:idle:handle-lid-switch";
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(3);
    private readonly SafeFileHandle _lock;

    private SleepInhibitor(SafeFileHandle held) => _lock = held;

    /// <param name="why">What sleep has to wait for: logind shows it to whoever asks.</param>
    /// <returns>Null where there is no bus.</returns>
    /// <exception cref="BusException">logind does not answer, or refuses.</exception>
    public static async Task<SleepInhibitor?> TakeAsync(FileSystemRoot root, string why)
    {
        var socket = root.Run("dbus/system_bus_socket");
        if (!SysFiles.Exists(socket)) return null;
        // A connection of its own, because a file is handed over by it; nothing else is asked on it.
        using var bus = new DBusConnection(new Options($"unix:path={socket}"));
        try
        {
            await bus.ConnectAsync().AsTask().WaitAsync(s_limit);
            var answer = bus.CallMethodAsync(
                Inhibit(bus, why), static (message, _) => message.GetBodyReader().ReadHandle<SafeFileHandle>());
            return await answer.WaitAsync(s_limit) is { IsInvalid: false } held
                ? new SleepInhibitor(held)
                : throw new BusException(BusFailure.Lost, "logind gave no inhibitor lock.");
        }
        catch (Exception failed) when (failed is not (BusException or OutOfMemoryException))
        {
            throw new BusException(
                failed is TimeoutException ? BusFailure.Late : BusFailure.Refused,
                failed is TimeoutException ? "logind did not answer." : (failed.InnerException ?? failed).Message,
                cause: failed);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static MessageBuffer Inhibit(DBusConnection bus, string why)
    {
        var writer = bus.GetMessageWriter();
        try
        {
            writer.WriteMethodCallHeader(
                LogindLink.Service, "/org/freedesktop/login1", "org.freedesktop.login1.Manager", "Inhibit", "ssss",
                MessageFlags.NoAutoStart);
            foreach (var word in (string[])[Sleep, "GpuTty", why, "block"]) writer.WriteString(word);
            return writer.CreateMessage();
        }
        finally
        {
            writer.Dispose();
        }
    }

    /// <summary>Nothing is looked up: neither who we are nor the machine's id.</summary>
    private sealed class Options : DBusConnectionOptions
    {
        private readonly string _address;

        public Options(string address) : base(address) => _address = address;

        protected override ValueTask<SetupResult> SetupAsync(CancellationToken cancellationToken) => new(new SetupResult(_address)
        {
            SupportsFdPassing = true,
            UserId = Native.EffectiveUser().ToString(CultureInfo.InvariantCulture),
            MachineId = "",
        });
    }
}
