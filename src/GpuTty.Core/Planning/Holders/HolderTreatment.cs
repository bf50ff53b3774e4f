using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;

namespace GpuTty.Planning.Holders;

public enum Treatment
{
    /// <summary>Goes by itself when the display manager stops and the sessions end.</summary>
    [JsonStringEnumMemberName("ends-with-desktop")]
    EndsWithDesktop,
    /// <summary>A driver's or sound's own service: stopped without a question, and started again.</summary>
    [JsonStringEnumMemberName("stop-service")]
    StopService,
    /// <summary>Somebody's service: stopped only with consent.</summary>
    [JsonStringEnumMemberName("stop-unit")]
    StopUnit,
    /// <summary>Somebody's program: ended only with consent.</summary>
    [JsonStringEnumMemberName("end-process")]
    EndProcess,
    /// <summary>A running virtual machine: its user must shut it down.</summary>
    [JsonStringEnumMemberName("blocked-by-vm")]
    RefuseMachine,
    /// <summary>Never ended by us.</summary>
    [JsonStringEnumMemberName("blocked")]
    Refuse,
}

/// <summary>Why that is done: the stable words for scripts.</summary>
public enum HolderReason
{
    [JsonStringEnumMemberName("virtual-machine")] VirtualMachine,
    [JsonStringEnumMemberName("seat-manager-of-desktop")] SeatManagerOfDesktop,
    [JsonStringEnumMemberName("manages-sessions")] ManagesSessions,
    [JsonStringEnumMemberName("runs-this-program")] RunsThisProgram,
    [JsonStringEnumMemberName("kernel-or-init")] KernelOrInit,
    [JsonStringEnumMemberName("part-of-desktop")] PartOfDesktop,
    [JsonStringEnumMemberName("in-container")] InContainer,
    [JsonStringEnumMemberName("shares-unit-with-this-program")] SharesUnit,
    [JsonStringEnumMemberName("program-of-session")] ProgramOfSession,
    [JsonStringEnumMemberName("program")] Program,
    [JsonStringEnumMemberName("restarted-afterwards")] RestartedAfterwards,
    [JsonStringEnumMemberName("service")] Service,
}

/// <summary>What is done about one holder of a card, and why; the same words in the holders panel and in the plan.</summary>
/// <param name="Unit">The unit to stop, where one is stopped.</param>
/// <param name="Reason">A clause for people: "ends with the desktop".</param>
public sealed record HolderTreatment(Holder Holder, Treatment Treatment, UnitName? Unit, HolderReason ReasonCode, string Reason)
{
    /// <summary>Services that exist only for the driver or for sound, and that nobody misses for the seconds of a switch.</summary>
    private static readonly HashSet<string> Servants =
    [
        "nvidia-persistenced.service", "nvidia-powerd.service", "nvidia-dcgm.service", "dcgm-exporter.service",
        "pipewire.service", "pipewire-pulse.service", "wireplumber.service", "pulseaudio.service",
        "switcheroo-control.service", "plasma-powerdevil.service",
    ];

    /// <summary>
    /// What a switch of this card does about it. A sound server ends with its desktop, but is only paused where nothing else of the
    /// desktop has the card, so the answer needs the others.
    /// </summary>
    public static HolderTreatment Of(Holder holder, HostSnapshot host, Card card) =>
        HolderPlan.For(host, card).Treatments.FirstOrDefault(treatment => treatment.Holder == holder) ?? Of(holder, host);

    /// <summary>What is done about it alone, on the hard road where it belongs to a desktop.</summary>
    public static HolderTreatment Of(Holder holder, HostSnapshot host)
    {
        if (holder.Nodes.Any(node => node.Kind == NodeKind.Vfio))
            return new(holder, Treatment.RefuseMachine, null, HolderReason.VirtualMachine, "a virtual machine: shut it down first");
        // PID 1 is everybody's ancestor: asked before ancestors are.
        if (IsSeatKeeper(holder))
            return HasDesktop(host)
                ? new(holder, Treatment.EndsWithDesktop, null, HolderReason.SeatManagerOfDesktop, "keeps it for a session on the seat; lets go when that ends")
                : new(holder, Treatment.Refuse, null, HolderReason.ManagesSessions, "it manages sessions or services");
        if (host.Viewer.Ancestors.Contains(holder.Pid) || holder.Pid == host.Viewer.Pid)
            return new(holder, Treatment.Refuse, null, HolderReason.RunsThisProgram, "this program runs inside it");
        if (holder.Pid <= 2) return new(holder, Treatment.Refuse, null, HolderReason.KernelOrInit, "it is the kernel or the service manager");
        if (BelongsToDesktop(holder, host))
            return new(holder, Treatment.EndsWithDesktop, null, HolderReason.PartOfDesktop, "ends with the desktop");
        if (holder.UserUnit is { } userUnit && userUnit.EndsWith(".service", StringComparison.Ordinal))
            return OfService(holder, new UnitName(userUnit, holder.Uid));
        if (holder.Container is { } container)
            return new(holder, Treatment.EndProcess, null, HolderReason.InContainer, $"a program in container {container}");
        // Its unit is ours as well: stopping that would end this program with it.
        if (holder.Unit is { } own && own == host.Viewer.Unit) return new(holder, Treatment.EndProcess, null, HolderReason.SharesUnit, $"a program of {own}, where this one runs too");
        if (holder.Unit is { } unit && unit.EndsWith(".service", StringComparison.Ordinal) && !unit.StartsWith("user@", StringComparison.Ordinal))
            return OfService(holder, new UnitName(unit));
        return holder.Session is { } session
            ? new(holder, Treatment.EndProcess, null, HolderReason.ProgramOfSession, $"a program of session {session}")
            : new(holder, Treatment.EndProcess, null, HolderReason.Program, "a program");
    }

    /// <summary>True for sessions that stopping the desktop ends: graphical ones on a seat, but never the viewer's own text console.</summary>
    public static bool IsDesktopSession(LoginSession session) => session.IsGraphical && !session.IsRemote;

    public static bool HasDesktop(HostSnapshot host) =>
        host.DisplayManager?.Unit.IsActive == true || host.Sessions.Any(IsDesktopSession);

    /// <summary>A service that nobody misses for the seconds of a switch.</summary>
    public bool IsServant => Servants.Contains((Holder.UserUnit ?? Holder.Unit) ?? "");

    /// <summary>What is done about it where the desktop stays up.</summary>
    public HolderTreatment WithoutDesktop() =>
        Treatment == Treatment.EndsWithDesktop && IsServant && Holder.UserUnit is { } unit ? OfService(Holder, new UnitName(unit, Holder.Uid)) : this;

    private static HolderTreatment OfService(Holder holder, UnitName unit) =>
        Servants.Contains(unit.Name)
            ? new(holder, Treatment.StopService, unit, HolderReason.RestartedAfterwards, $"{unit.Name} is stopped, and started again afterwards")
            : new(holder, Treatment.StopUnit, unit, HolderReason.Service, $"{unit.Name} would be stopped");

    /// <summary>PID 1 keeps descriptors for logind, which opens cards for sessions (sd_pid_notify_with_fds); neither is ever signalled.</summary>
    private static bool IsSeatKeeper(Holder holder) =>
        holder.Pid == 1 || holder.Unit is "systemd-logind.service" or "init.scope" or "seatd.service" or "elogind.service";

    private static bool BelongsToDesktop(Holder holder, HostSnapshot host)
    {
        if (holder.Unit is { } unit && host.DisplayManager is { } manager && manager.Unit.Name == new UnitName(unit)) return true;
        // What is still there of a session that is closing has outlived it, and will outlive the desktop.
        if (holder.Session is { } id) return host.FindSession(id) is { State: not "closing" } session && IsDesktopSession(session);
        if (holder.Unit != $"user@{holder.Uid}.service") return false;
        // A user's services end with the last session; another session keeps them, and then they are stopped one by one.
        // A compositor of the user's manager is part of the graphical session all the same: it holds the screen's node.
        var sessions = host.Sessions.Where(session => session.Uid == holder.Uid).ToList();
        return sessions.Any(IsDesktopSession)
            && (sessions.All(IsDesktopSession) || holder.Nodes.Any(node => node.Kind == NodeKind.Card));
    }
}
