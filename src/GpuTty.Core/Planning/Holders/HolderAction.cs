using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Planning.Desktop;

namespace GpuTty.Planning.Holders;

public enum HolderActionKind
{
    /// <summary>Goes when the display manager stops and the sessions end, or is stopped right after that.</summary>
    [JsonStringEnumMemberName("ends-with-desktop")]
    EndsWithDesktop,
    /// <summary>The seat's manager has a copy for a session. Nothing is done about it:
    /// the kernel closes the copy when the session's devices are released.</summary>
    [JsonStringEnumMemberName("released-with-session")]
    ReleasedWithSession,
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
    /// <summary>A program in a container: stopped with the container, with consent,
    /// because what is only ended inside is started again there.</summary>
    [JsonStringEnumMemberName("stop-container")]
    StopContainer,
    /// <summary>The splash screen of the boot: told to quit without a question, and never started again.</summary>
    [JsonStringEnumMemberName("quit-splash")]
    QuitSplash,
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
    [JsonStringEnumMemberName("essential-service")] EssentialService,
    [JsonStringEnumMemberName("not-restarted")] NotRestarted,
    [JsonStringEnumMemberName("splash-screen")] SplashScreen,
}

/// <summary>What is done about one holder of a card, and why; the same words in the holders panel and in the plan.</summary>
/// <param name="Unit">The unit to stop, where one is stopped.</param>
/// <param name="Reason">A clause for people: "ends with the desktop".</param>
public sealed record HolderAction(Holder Holder, HolderActionKind Kind, UnitName? Unit, HolderReason ReasonCode, string Reason)
{
    /// <summary>The name of the virtual machine that the holder runs, as libvirt knows it; null where that is unknown.</summary>
    public string? Guest { get; init; }

    /// <summary>Through what it holds the card, or a module that the card's way needs.</summary>
    public ImmutableArray<HeldNode> Nodes { get; init; } = Holder.Nodes;

    /// <summary>Stops its container through the container's manager; null where that is not known.</summary>
    public ContainerCommand? Command => Holder.Container is null ? null : ContainerCommand.Stop(Holder.Container, Holder.Unit, Guest);

    /// <summary>Services that exist only for the driver or for sound, and that are safe to restart without asking.</summary>
    private static readonly HashSet<string> s_autoRestartedServices =
    [
        "nvidia-persistenced.service", "nvidia-powerd.service", "nvidia-dcgm.service", "dcgm-exporter.service",
        "pipewire.service", "pipewire-pulse.service", "wireplumber.service", "pulseaudio.service",
        "alsa-state.service", "switcheroo-control.service", "plasma-powerdevil.service",
    ];

    /// <summary>
    /// What a switch of this card does about it. A sound server ends with its desktop, but is only paused where nothing else of the
    /// desktop has the card, so the answer needs the others.
    /// </summary>
    public static HolderAction Of(Holder holder, HostSnapshot host, Card card) =>
        HolderPlan.For(host, card).Actions.FirstOrDefault(action => action.Holder.IsSameProcess(holder)) ?? Of(holder, host);

    /// <summary>What is done about it alone, with a desktop restart where it belongs to a desktop.</summary>
    public static HolderAction Of(Holder holder, HostSnapshot host)
    {
        if (holder.Nodes.Any(node => node.Kind == NodeKind.Vfio))
            return new(holder, HolderActionKind.RefuseMachine, null, HolderReason.VirtualMachine, "a virtual machine: shut it down first")
            {
                Guest = holder.GuestNameIn(host),
            };
        // Units inside a container may be called like some of this machine.
        if (holder.Container is not null && holder.Unit?.StartsWith("user@", StringComparison.Ordinal) != true)
            return InContainer(holder, host);
        // PID 1 is everybody's ancestor: asked before ancestors are.
        if (holder.IsSeatManager)
            return SeatDesktop.IsUp(host)
                || host.Holders.Any(other => !other.IsSeatManager && other.Nodes.Any(node => node.Kind == NodeKind.Card))
                ? new(
                    holder,
                    HolderActionKind.ReleasedWithSession,
                    null,
                    HolderReason.SeatManagerOfDesktop,
                    "goes on running; lets go when the session ends")
                : new(
                    holder,
                    HolderActionKind.Refuse,
                    null,
                    HolderReason.ManagesSessions,
                    "it keeps the card for a session that could not be found");
        if (host.Caller.Ancestors.Contains(holder.Pid) || holder.Pid == host.Caller.Pid)
            return new(
                holder,
                HolderActionKind.Refuse,
                null,
                HolderReason.RunsThisProgram,
                UserspaceConsole.Is(holder) ? "it draws this console" : "this program runs inside it");
        if (holder.Pid <= 2)
            return new(holder, HolderActionKind.Refuse, null, HolderReason.KernelOrInit, "it is the kernel or the service manager");
        if (holder.IsSplashScreen)
            return new(holder, HolderActionKind.QuitSplash, null, HolderReason.SplashScreen, "the splash screen, which is told to quit");
        if (SeatDesktop.Contains(host, holder))
            return new(
                holder,
                HolderActionKind.EndsWithDesktop,
                UnitThatStays(holder, host),
                HolderReason.PartOfDesktop,
                "ends with the desktop")
            {
                RefusesStop = holder.UnitOfUser is { } part && host.FindUnit(part)?.Traits?.RefusesStop == true,
            };
        if (holder.UnitOfUser is { } userUnit
            && (userUnit.Name.EndsWith(".service", StringComparison.Ordinal) || SeatDesktop.IsOfGraphicalSession(host, holder)))
            return OfService(holder, host, userUnit);
        if (holder.Container is not null) return InContainer(holder, host);
        if (ProtectedProcess.Why(holder) is { } why) return new(holder, HolderActionKind.Refuse, null, HolderReason.EssentialService, why);
        // Its unit is ours as well: stopping that would end this program with it.
        if (holder.Unit is { } own && own == host.Caller.Unit)
            return new(holder, HolderActionKind.EndProcess, null, HolderReason.SharesUnit, $"a program of {own}, where this one runs too");
        if (holder.Unit is { } unit
            && unit.EndsWith(".service", StringComparison.Ordinal)
            && !unit.StartsWith("user@", StringComparison.Ordinal))
            return OfService(holder, host, new UnitName(unit));
        return holder.Session is { } session
            ? new(holder, HolderActionKind.EndProcess, null, HolderReason.ProgramOfSession, $"a program of session {session}")
            : new(holder, HolderActionKind.EndProcess, null, HolderReason.Program, "a program");
    }

    /// <summary>A service that is safe to restart without asking.</summary>
    public bool IsAutoRestarted => IsPaused(Holder);

    /// <summary>True where its end is not waited for, because somebody else keeps it:
    /// it is stopped, and comes back with the next desktop or not at all.</summary>
    public bool IsEndedAfterDesktop => Kind == HolderActionKind.EndsWithDesktop && Unit is not null;

    /// <summary>Stopped, and never started again by us: a transient unit cannot
    /// be, and a part of a graphical session makes no sense without one.</summary>
    public bool IsIrreversible { get; private init; }

    /// <summary>Its unit stops only with what it belongs to, and not when it is told to (RefuseManualStop=).</summary>
    public bool RefusesStop { get; private init; }

    /// <summary>Of a desktop that has ended, as after a switch that was interrupted: who agrees to close sessions agrees to this.</summary>
    public bool IsLeftOver { get; private init; }

    /// <summary>It is a user's own service manager: all that it runs ends with it.</summary>
    public bool IsManager => Kind == HolderActionKind.EndProcess && Holder is { ManagerUid: not null, UserUnit: "init.scope" };

    /// <summary>What is done about it where the desktop stays up.</summary>
    public HolderAction WithoutDesktop() =>
        Kind == HolderActionKind.EndsWithDesktop && IsAutoRestarted && Holder.UnitOfUser is { } unit
            ? Paused(Holder, unit) with { Nodes = Nodes }
            : this;

    /// <summary>Services of sound are known by what they have open, those of drivers by their names.</summary>
    private static bool IsPaused(Holder holder) =>
        (holder.UserUnit ?? (holder.ManagerUid is null ? holder.Unit : null)) is { } unit
        && (s_autoRestartedServices.Contains(unit)
            || (unit.EndsWith(".service", StringComparison.Ordinal) && !ApplicationUnit.IsOfDesktop(unit) && SeatDesktop.IsSound(holder)));

    private static HolderAction InContainer(Holder holder, HostSnapshot host)
    {
        var action = new HolderAction(holder, HolderActionKind.StopContainer, null, HolderReason.InContainer, "")
        {
            Guest = holder.GuestNameIn(host),
        };
        return action with
        {
            Reason = $"in {holder.MachineCalled(action.Guest)}: {(object?)action.Command ?? "stop that first"}",
        };
    }

    private static HolderAction OfService(Holder holder, HostSnapshot host, UnitName unit)
    {
        var traits = host.FindUnit(unit)?.Traits;
        // Distributions start some of those that are known by name as early as the system itself (basic.target).
        if (unit.Uid is null
            && !s_autoRestartedServices.Contains(unit.Name)
            && (traits?.IsEssential == true || ProtectedProcess.Units.Contains(unit.Name)))
            return new(
                holder,
                HolderActionKind.Refuse,
                null,
                HolderReason.EssentialService,
                $"the system does not run without {unit.Name}");
        if (unit.Uid is null && host.Caller.Units.Contains(unit.Name))
            return new(holder, HolderActionKind.Refuse, null, HolderReason.RunsThisProgram, $"this program is reached through {unit.Name}");
        if (traits?.IsTransient == true || SeatDesktop.IsOfGraphicalSession(host, holder))
            return new(
                holder,
                HolderActionKind.StopUnit,
                unit,
                HolderReason.NotRestarted,
                $"{unit.Name} would be stopped, and not started again")
            {
                IsIrreversible = true,
                IsLeftOver = SeatDesktop.IsLeftOver(host, holder),
            };
        return IsPaused(holder) || UserspaceConsole.IsIdle(host, holder)
            ? Paused(holder, unit)
            : new(holder, HolderActionKind.StopUnit, unit, HolderReason.Service, $"{unit.Name} would be stopped");
    }

    private static HolderAction Paused(Holder holder, UnitName unit) =>
        new(
            holder,
            HolderActionKind.StopService,
            unit,
            HolderReason.RestartedAfterwards,
            $"{unit.Name} is stopped, and started again afterwards");

    /// <summary>The manager of a user who is logged in elsewhere, or lingers, does not end its units with the session.</summary>
    private static UnitName? UnitThatStays(Holder holder, HostSnapshot host) =>
        holder.UnitOfUser is { } unit && holder.Session is null && SeatDesktop.ManagerLivesOn(host, unit.Uid!.Value) ? unit : null;
}
