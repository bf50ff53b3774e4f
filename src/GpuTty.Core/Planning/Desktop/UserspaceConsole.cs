using System.Globalization;
using GpuTty.Host;
using GpuTty.Host.Holders;

namespace GpuTty.Planning.Desktop;

/// <summary>
/// kmscon(1), which draws a text console in place of the kernel: <c>kmsconvt@tty3.service</c>, on Fedora 44 for each console that
/// somebody has looked at. It keeps all cards of the seat open, in front or not, and has no seat and no session of its own.
/// </summary>
public static class UserspaceConsole
{
    private const string Name = "kmscon";
    private const string Template = "kmsconvt@tty";
    private const string Service = ".service";

    public static bool Is(Holder holder) => VtOf(holder.Unit) is not null || holder.Program == Name;

    /// <summary>The number of the console that a unit draws; null for any other unit.</summary>
    public static int? VtOf(string? unit) =>
        unit?.StartsWith(Template, StringComparison.Ordinal) == true && unit.EndsWith(Service, StringComparison.Ordinal)
        && int.TryParse(unit.AsSpan(Template.Length..^Service.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var vt)
            ? vt : null;

    /// <summary>Nobody has logged in at it: it shows a prompt, and is started again by whoever looks at that console.</summary>
    public static bool IsIdle(HostSnapshot host, Holder holder) =>
        VtOf(holder.Unit) is { } vt && !host.CannotTell([SnapshotPart.Sessions]).Any() && host.Sessions.All(session => session.Vt != vt);

    /// <summary>The one that the person looks at, where it has a card open: it cannot stay while that card goes.</summary>
    public static Holder? OfCaller(HostSnapshot host) =>
        host.Holders.FirstOrDefault(holder => host.Caller.Ancestors.Contains(holder.Pid) && Is(holder));
}
