using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Text;

namespace GpuTty.Steps;

/// <summary>
/// One change to the machine, the size of what can be taken back at once. It says what it does, does it, tells from a fresh look
/// whether it happened, and names the step that takes it back. Plain data: comparable, printable, kept in the journal.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "step")]
[JsonDerivedType(typeof(RememberHome), "remember-home")]
[JsonDerivedType(typeof(ForgetHome), "forget-home")]
[JsonDerivedType(typeof(AimDevice), "aim-device")]
[JsonDerivedType(typeof(StopUnit), "stop-unit")]
[JsonDerivedType(typeof(StartUnit), "start-unit")]
[JsonDerivedType(typeof(EndSession), "end-session")]
[JsonDerivedType(typeof(EndProcess), "end-process")]
[JsonDerivedType(typeof(AwaitRelease), "await-release")]
[JsonDerivedType(typeof(LoadModule), "load-module")]
[JsonDerivedType(typeof(UnloadModule), "unload-module")]
[JsonDerivedType(typeof(BindDevice), "bind-device")]
[JsonDerivedType(typeof(UnbindDevice), "unbind-device")]
[JsonDerivedType(typeof(CheckGroup), "check-group")]
[JsonDerivedType(typeof(AwaitDesktop), "await-desktop")]
[JsonDerivedType(typeof(KeepOff), "keep-off")]
[JsonDerivedType(typeof(LetOn), "let-on")]
[JsonDerivedType(typeof(AwaitConsent), "await-consent")]
[JsonDerivedType(typeof(RememberUse), "remember-use")]
[JsonDerivedType(typeof(PinDesktop), "pin-desktop")]
[JsonDerivedType(typeof(UnpinDesktop), "unpin-desktop")]
public abstract record Step
{
    /// <summary>A stable word for scripts: <c>unload-module</c>. What the journal calls a step is another matter: those names are above.</summary>
    public abstract string Code();

    /// <summary>What it does, as a command to oneself: "Unload module nvidia_drm".</summary>
    public abstract string Describe();

    /// <summary>The exact writes or commands, one a line; empty when it only looks.</summary>
    public abstract string Command();

    /// <summary>Which facts prove it.</summary>
    public abstract Facts ProvenBy();

    public abstract Task ApplyAsync(IHostControls host, CancellationToken cancel);

    /// <summary>A pure question to a fresh snapshot. Exit statuses are not asked.</summary>
    public abstract bool HasHappened(HostSnapshot host);

    /// <summary>The step that takes this one back; null when there is none.</summary>
    public abstract Step? Undo();

    /// <summary>True when nothing needs taking back although there is no <see cref="Undo"/>: the machine is as good with it as without.</summary>
    public virtual bool IsHarmless() => false;

    /// <summary>True for writes to a PCI device or its driver: none may follow one that did not come back.</summary>
    public virtual bool TouchesPci() => false;

    /// <summary>The function without which it makes no sense; null where there is none. Nothing can be done to one that is gone, and nothing needs taking back.</summary>
    public virtual PciAddress? Needs() => null;

    /// <summary>How long it may take, from its begin to the proof.</summary>
    public virtual TimeSpan Limit() => TimeSpan.FromSeconds(10);

    /// <summary>Why it must not be done yet, in one sentence; null when it may. Waited for within <see cref="Limit"/>.</summary>
    public virtual string? NotYet(HostSnapshot host) => null;

    /// <summary>What is still missing after it was applied, for the line under a running step.</summary>
    public virtual string Missing(HostSnapshot host) => "waiting for the machine to show it";

    /// <summary>True where a person's word is the proof.</summary>
    public virtual bool AsksForConsent() => false;

    /// <summary>What is said when it was not seen to happen in time.</summary>
    /// <param name="limit">What it was given, with what a person has added.</param>
    public virtual (string Problem, string Remedy) TooLate(TimeSpan limit, HostSnapshot host) =>
        ($"It did not happen within {Counted.Seconds(limit)}: {NotYet(host) ?? Missing(host)}.", "Look into the log, then try again.");
}
