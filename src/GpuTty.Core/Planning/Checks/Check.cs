using GpuTty.Host;

namespace GpuTty.Planning.Checks;

/// <summary>What is asked before a switch: the stable words for scripts.</summary>
public enum CheckCode
{
    [JsonStringEnumMemberName("kernel")] Kernel,
    [JsonStringEnumMemberName("original-state")] OriginalState,
    [JsonStringEnumMemberName("iommu")] Iommu,
    [JsonStringEnumMemberName("iommu-group")] IommuGroup,
    [JsonStringEnumMemberName("other-card")] OtherCard,
    [JsonStringEnumMemberName("console")] Console,
    [JsonStringEnumMemberName("vfio-pci")] VfioPci,
    [JsonStringEnumMemberName("host-use")] HostUse,
    [JsonStringEnumMemberName("device-responds")] DeviceResponds,
    [JsonStringEnumMemberName("virtual-machine")] VirtualMachine,
    [JsonStringEnumMemberName("desktop-setting")] DesktopSetting,
    [JsonStringEnumMemberName("opened-outside-seat")] OpenedOutsideSeat,
    [JsonStringEnumMemberName("conflicting-tool")] ConflictingTool,
    [JsonStringEnumMemberName("driver-override")] DriverOverride,
    [JsonStringEnumMemberName("automatic-recovery")] AutomaticRecovery,
    [JsonStringEnumMemberName("platform")] Platform,
    [JsonStringEnumMemberName("firmware-screen")] FirmwareScreen,
    /// <summary>Only the planner has found it.</summary>
    [JsonStringEnumMemberName("other")] Other,
}

/// <summary>What was found where nothing is refused; a refusal has the code of its obstacle.</summary>
public enum FindingCode
{
    [JsonStringEnumMemberName("kernel-state-unknown")] KernelStateUnknown,
    [JsonStringEnumMemberName("kernel-warned")] KernelWarned,
    [JsonStringEnumMemberName("kernel-ok")] KernelOk,
    [JsonStringEnumMemberName("iommu-on")] IommuOn,
    [JsonStringEnumMemberName("group-viable")] GroupViable,
    [JsonStringEnumMemberName("other-card-present")] OtherCardPresent,
    [JsonStringEnumMemberName("no-picture")] NoPicture,
    [JsonStringEnumMemberName("only-card")] OnlyCard,
    [JsonStringEnumMemberName("console-unknown")] ConsoleUnknown,
    [JsonStringEnumMemberName("console-on-other-card")] ConsoleOnOtherCard,
    [JsonStringEnumMemberName("console-moves")] ConsoleMoves,
    [JsonStringEnumMemberName("console-goes-dark")] ConsoleGoesDark,
    [JsonStringEnumMemberName("vfio-pci-registered")] VfioPciRegistered,
    [JsonStringEnumMemberName("vfio-pci-installed")] VfioPciInstalled,
    [JsonStringEnumMemberName("vfio-pci-unknown")] VfioPciUnknown,
    [JsonStringEnumMemberName("no-host-use")] NoHostUse,
    [JsonStringEnumMemberName("host-use-lost")] HostUseLost,
    [JsonStringEnumMemberName("no-virtual-machine")] NoVirtualMachine,
    [JsonStringEnumMemberName("setting-opens-card")] SettingOpensCard,
    [JsonStringEnumMemberName("setting-leaves-card")] SettingLeavesCard,
    [JsonStringEnumMemberName("opened-outside-seat")] OpenedOutsideSeat,
    [JsonStringEnumMemberName("conflicting-tool")] ConflictingTool,
    [JsonStringEnumMemberName("driver-override-differs")] DriverOverrideDiffers,
    [JsonStringEnumMemberName("no-automatic-recovery")] NoAutomaticRecovery,
    [JsonStringEnumMemberName("firmware-screen-in-memory")] FirmwareScreenInMemory,
}

/// <summary>One question about a switch, answered from the snapshot.</summary>
/// <param name="Code">What is asked.</param>
/// <param name="Holds">True: fine. False: refused, with an obstacle. Null:
/// could not tell, or worth knowing; refused only with an obstacle.</param>
/// <param name="FindingCode">What was found; null where there is an <paramref name="Obstacle"/>, which has a code of its own.</param>
/// <param name="Finding">The same in one sentence.</param>
/// <param name="Obstacle">Why nothing is planned; always there when <paramref name="Holds"/> is false.</param>
public sealed record Check(CheckCode Code, bool? Holds, FindingCode? FindingCode, string Finding, Obstacle? Obstacle = null)
{
    /// <summary>What is asked, for people.</summary>
    public string Question => Code switch
    {
        CheckCode.Kernel => "Has the kernel crashed or hung in this boot?",
        CheckCode.OriginalState => "Is the cards' original state known?",
        CheckCode.Iommu => "Is the IOMMU on?",
        CheckCode.IommuGroup => "Is the card alone in its IOMMU group?",
        CheckCode.OtherCard => "Is there another card for the desktop?",
        CheckCode.Console => "Where are the text consoles?",
        CheckCode.VfioPci => "Can this kernel hand a card to a virtual machine?",
        CheckCode.HostUse => "Does the host need a part of the card?",
        CheckCode.DeviceResponds => "Does the card answer?",
        CheckCode.VirtualMachine => "Is a virtual machine using the card?",
        CheckCode.DesktopSetting => "Does a setting of the desktop decide about this card?",
        CheckCode.OpenedOutsideSeat => "Does the desktop open the card past the seat rules?",
        CheckCode.ConflictingTool => "Does another program move the card?",
        CheckCode.DriverOverride => "Is a driver override left over?",
        CheckCode.Platform => "Can this machine give a card away?",
        CheckCode.FirmwareScreen => "Is the card's memory free of the firmware's screen?",
        CheckCode.AutomaticRecovery => "Will an interrupted switch be cleaned up automatically?",
        _ => OfObstacle,
    };

    /// <summary>What only the planner has found has no question of its own.</summary>
    private string OfObstacle => Obstacle switch
    {
        Obstacle.InsideDesktop => "Are you outside the desktop?",
        Obstacle.DrawsThisConsole => "Can your console do without the card?",
        Obstacle.OnlyCard or Obstacle.OtherCardOff => "Is there a second card?",
        Obstacle.DrivesConsole => "Where are the text consoles?",
        Obstacle.OnlyMonitor => "Is a monitor left for the desktop?",
        Obstacle.DriverCannotLetGo or Obstacle.KeptOpenByModeset or Obstacle.HeldBySound => "Does the driver let go of the card?",
        Obstacle.Untouchable or Obstacle.SeatManagerHolds or Obstacle.InContainer => "Can everybody who holds the card be ended?",
        Obstacle.DesktopByHand => "Can the desktop be stopped and started again?",
        Obstacle.NoHomeDriver or Obstacle.HostDriverBarred or Obstacle.ModuleBarred or Obstacle.HostModulesUnknown
            or Obstacle.ModuleNotInstalled or Obstacle.HostDriverNotInstalled or Obstacle.HostDriverLocked =>
            "Is there a driver for it on the host?",
        Obstacle.PinUseless or Obstacle.PinBlinds or Obstacle.NoOtherGlDriver or Obstacle.NoCompositor =>
            "Can the desktop be kept off its driver?",
        _ => "Are all other requirements met?",
    };

    /// <summary>True where it could not be told; false where the answer is known, whether or not it is a good one.</summary>
    public bool IsUntold => Holds is null && (Obstacle is Obstacle.CouldNotTell
        || FindingCode is Checks.FindingCode.KernelStateUnknown or Checks.FindingCode.ConsoleUnknown or Checks.FindingCode.VfioPciUnknown);

    public static Check Fine(CheckCode code, FindingCode found, string finding) => new(code, true, found, finding);
    public static Check Unsure(CheckCode code, FindingCode found, string finding) => new(code, null, found, finding);
    public static Check Refused(CheckCode code, Obstacle obstacle) => new(code, false, null, obstacle.Problem, obstacle);

    /// <summary>The answers to questions that rest on these parts; each is
    /// "could not tell" where one of the parts is unknown.</summary>
    /// <param name="stands">An answer that more knowledge cannot change.</param>
    public static IEnumerable<Check> RestingOn(
        HostSnapshot host, IEnumerable<SnapshotPart> parts, IEnumerable<Check> checks, Func<Check, bool>? stands = null) =>
        host.CannotTell(parts).FirstOrDefault() is not { } unknown ? checks
            : checks
                .Select(check => stands?.Invoke(check) == true ? check : check.Untold(unknown))
                .DistinctBy(check => (check.Question, check.Finding));

    private Check Untold(Unknown unknown)
    {
        var why = new Obstacle.CouldNotTell(unknown);
        return this with { Holds = null, FindingCode = null, Finding = why.Problem, Obstacle = why };
    }
}
