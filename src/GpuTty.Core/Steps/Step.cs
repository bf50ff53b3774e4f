using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Text;

namespace GpuTty.Steps;

/// <summary>
/// One change to the machine, the size of what can be undone at once. It says what it does, does it, tells from a fresh look
/// whether it happened, and names the step that takes it back. Plain data: comparable, printable, kept in the journal.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "step")]
[JsonDerivedType(typeof(SaveOriginalState), "remember-home")]
[JsonDerivedType(typeof(DropOriginalState), "forget-home")]
[JsonDerivedType(typeof(SetDriverOverride), "aim-device")]
[JsonDerivedType(typeof(StopUnit), "stop-unit")]
[JsonDerivedType(typeof(StartUnit), "start-unit")]
[JsonDerivedType(typeof(EndSession), "end-session")]
[JsonDerivedType(typeof(EndUnit), "end-unit")]
[JsonDerivedType(typeof(EndProcess), "end-process")]
[JsonDerivedType(typeof(QuitSplash), "quit-splash")]
[JsonDerivedType(typeof(StopContainer), "stop-container")]
[JsonDerivedType(typeof(StartContainer), "start-container")]
[JsonDerivedType(typeof(AwaitRelease), "await-release")]
[JsonDerivedType(typeof(LoadModule), "load-module")]
[JsonDerivedType(typeof(UnloadModule), "unload-module")]
[JsonDerivedType(typeof(BindDevice), "bind-device")]
[JsonDerivedType(typeof(UnbindDevice), "unbind-device")]
[JsonDerivedType(typeof(CheckGroup), "check-group")]
[JsonDerivedType(typeof(AwaitDesktop), "await-desktop")]
[JsonDerivedType(typeof(HideFromSeat), "keep-off")]
[JsonDerivedType(typeof(AllowDesktop), "let-on")]
[JsonDerivedType(typeof(AwaitConsent), "await-consent")]
[JsonDerivedType(typeof(SaveDesktopAccess), "remember-use")]
[JsonDerivedType(typeof(DropDesktopAccess), "forget-use")]
[JsonDerivedType(typeof(PinDesktop), "pin-desktop")]
[JsonDerivedType(typeof(UnpinDesktop), "unpin-desktop")]
[JsonDerivedType(typeof(AllowVfio), "allow-vfio")]
[JsonDerivedType(typeof(CheckVfioAccess), "check-vfio-access")]
[JsonDerivedType(typeof(DenyVfio), "deny-vfio")]
[JsonDerivedType(typeof(ChangeSetting), "change-setting")]
[JsonDerivedType(typeof(RemoveDevice), "remove-device")]
[JsonDerivedType(typeof(RescanBus), "rescan-bus")]
[JsonDerivedType(typeof(ResetFunction), "reset-function")]
[JsonDerivedType(typeof(SaveFirmware), "save-firmware")]
public abstract record Step
{
    /// <summary>A stable word for scripts: <c>unload-module</c>. The names in the journal are those above.</summary>
    public abstract string Code();

    /// <summary>What it does, as a command to oneself: "Unload module nvidia_drm".</summary>
    public abstract string Describe();

    /// <summary>The exact writes or commands, one a line, for a shell; what
    /// no command does is a comment. Empty when it only looks.</summary>
    public abstract string Command();

    /// <summary>The parts of the machine that tell whether it has happened. Where one of them cannot be told, it has not.</summary>
    public abstract IEnumerable<SnapshotPart> VerifiedBy(HostSnapshot host);

    /// <summary>The parts that tell, besides those, whether it may be done. Where one of them cannot be told, it may not;
    /// once it has been done they are not looked at any more.</summary>
    protected virtual IEnumerable<SnapshotPart> AllowedBy(HostSnapshot host) => [];

    /// <summary>All of them, with what every write to PCI looks at: a kernel that has crashed or is stuck forbids it.</summary>
    public IEnumerable<SnapshotPart> PartsOf(HostSnapshot host) => [.. Proof(host), .. AllowedBy(host)];

    private IEnumerable<SnapshotPart> Proof(HostSnapshot host) =>
        TouchesPci() ? VerifiedBy(host).Append(SnapshotPart.KernelState) : VerifiedBy(host);

    /// <summary>What a look must be asked for. Whether the card still answers is looked at before and after every write to PCI.</summary>
    /// <param name="isDone">Only whether it has happened is still asked.</param>
    public SnapshotSections SectionsToVerify(HostSnapshot host, bool isDone = false) =>
        (isDone ? Proof(host) : PartsOf(host))
            .Aggregate(TouchesPci() ? SnapshotSections.Devices : SnapshotSections.None, (facts, part) => facts | part.ToldBy);

    /// <summary>The first part that this snapshot lacks to tell whether it has happened; null when it lacks none.</summary>
    public Unknown? CannotTell(HostSnapshot host) => host.CannotTell(Proof(host)).FirstOrDefault();

    private Unknown? CannotTellAll(HostSnapshot host) => host.CannotTell(PartsOf(host)).FirstOrDefault();

    public abstract Task ApplyAsync(IHostControls host, CancellationToken cancel);

    /// <summary>A pure question to a fresh snapshot. Exit codes are not asked, and what could not be read proves nothing.</summary>
    public bool HasHappened(HostSnapshot host) => CannotTell(host) is null && Shows(host);

    /// <summary>Whether what is told shows it; only asked where all of <see cref="VerifiedBy"/> is told.</summary>
    protected abstract bool Shows(HostSnapshot host);

    /// <summary>True where no look shows it: it has happened once its command has succeeded, and not before.</summary>
    public virtual bool IsProvenByItsCommand() => false;

    /// <summary>The step that takes this one back; null when there is none.</summary>
    public abstract Step? Undo();

    /// <summary>The same where it depends on what has come of it.</summary>
    public virtual Step? Undo(HostSnapshot host) => Undo();

    /// <summary>What is done instead where it was done, or refused, and the machine now shows that it has not happened: another way
    /// to the same end, proven by the same look. Null where there is none.</summary>
    public virtual Step? Next(HostSnapshot host) => null;

    /// <summary>True when nothing needs taking back although there is no
    /// <see cref="Undo()"/>: the machine is as good with it as without.</summary>
    public virtual bool NeedsNoUndo() => false;

    /// <summary>True for writes to a PCI device or its driver: none may follow one that did not come back.</summary>
    public virtual bool TouchesPci() => false;

    /// <summary>The function without which it makes no sense; null where there is none.
    /// Nothing can be done to one that is gone, and nothing needs taking back.</summary>
    public virtual PciAddress? RequiredDevice() => null;

    /// <summary>How long it may take, from its begin to the proof.</summary>
    public virtual TimeSpan Limit() => TimeSpan.FromSeconds(10);

    /// <summary>How long its write may take before the kernel counts as stuck in it; never less than <see cref="Limit"/>.</summary>
    public virtual TimeSpan WriteLimit() => Limit();

    /// <summary>Why it must not be done yet, in a clause; null when it may. Waited for within <see cref="Limit"/>.</summary>
    public string? BlockedBy(HostSnapshot host) => CannotTellAll(host) is { } unknown ? Untold(unknown) : Gate(host);

    /// <summary>What keeps it from being done, as far as that is told; null when nothing does.</summary>
    protected virtual string? Gate(HostSnapshot host) => null;

    /// <summary>What is still missing after it was applied, for the line under a running step.</summary>
    public string PendingReason(HostSnapshot host) => CannotTell(host) is { } unknown ? Untold(unknown) : Lacks(host);

    protected virtual string Lacks(HostSnapshot host) => "waiting for the machine to show it";

    private static string Untold(Unknown unknown) => $"unknown {unknown.Fact}: {unknown.Reason.TrimEnd('.')}";

    /// <summary>True where a person's word is the proof.</summary>
    public virtual bool AsksForConsent() => false;

    /// <summary>What is said when it was not seen to happen in time.</summary>
    /// <param name="limit">What it was given, with what a person has added.</param>
    public virtual (string Problem, string Remedy) TimeoutMessage(TimeSpan limit, HostSnapshot host) => CannotTellAll(host) is { } unknown
        ? ($"For {Counted.Seconds(limit)} it was unknown whether it can be done, or has been done: {Untold(unknown)}.", unknown.Remedy)
        : NotInTime(limit, host, BlockedBy(host) ?? PendingReason(host));

    private (string Problem, string Remedy) NotInTime(TimeSpan limit, HostSnapshot host, string reason)
    {
        var named = host.Holders.Where(holder => !holder.IsSeatManager && reason.Contains(holder.Label, StringComparison.Ordinal)).ToList();
        return (
            $"\"{Describe()}\" did not succeed within {Counted.Seconds(limit)}: {reason}.",
            $"{(named.Count > 0 ? $"End {Holder.Names(named)}" : "See the log")}, then try again.");
    }

    /// <summary>Nothing takes it back, and it is missed: a session, a program.</summary>
    public bool IsIrreversible() => Undo() is null && !NeedsNoUndo();
}
