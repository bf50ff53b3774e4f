using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Steps;

namespace GpuTty.Planning.Plans;

/// <summary>
/// To the virtual machine and back; or, without moving the card, away from the desktop and back; or the desktop away from the card's
/// driver, and back; or a function free of an override that is in the way; or, where that is undone, with the override again.
/// </summary>
public enum Direction
{
    [JsonStringEnumMemberName("ToVm")] ToVm,
    [JsonStringEnumMemberName("ToHost")] ToHost,
    [JsonStringEnumMemberName("KeepOff")] HideFromSeat,
    [JsonStringEnumMemberName("LetOn")] AllowDesktop,
    [JsonStringEnumMemberName("Pin")] Pin,
    [JsonStringEnumMemberName("Unpin")] Unpin,
    [JsonStringEnumMemberName("ClearAim")] ClearOverride,
    [JsonStringEnumMemberName("SetOverride")] SetOverride,
    /// <summary>Functions without a driver are forgotten and looked for anew.</summary>
    [JsonStringEnumMemberName("Rescan")] Rescan,
}

/// <summary>How far the user allows programs to be ended that hold the card outside the desktop.</summary>
public enum HolderConsent
{
    [JsonStringEnumMemberName("Never")] Never,
    [JsonStringEnumMemberName("Terminate")] Terminate,
    [JsonStringEnumMemberName("Kill")] Kill,
}

/// <summary>What the user wants, and what the user has agreed to.</summary>
/// <param name="Card">Any function of the card; for <see cref="Direction.ClearOverride"/> the one whose override it is.</param>
/// <param name="EndSessions">Graphical sessions may be closed.</param>
/// <param name="EndHolders">Other programs and services that hold the card may be ended.</param>
public sealed record SwitchIntent(
    [property: JsonPropertyName("card")] PciAddress Card,
    [property: JsonPropertyName("direction")] Direction Direction,
    [property: JsonPropertyName("endSessions")] bool EndSessions = false,
    [property: JsonPropertyName("endHolders")] HolderConsent EndHolders = HolderConsent.Never)
{
    private readonly ImmutableArray<UnitName> _pendingRestarts;
    private readonly ImmutableArray<Step> _restores;

    [JsonPropertyName("desktop")]
    public DesktopAccess Desktop { get; init; }

    /// <summary>Unless the switch is confirmed within this time, everything is rolled back; null where no confirmation is needed.</summary>
    [JsonPropertyName("confirmWithin")]
    public TimeSpan? ConfirmWithin { get; init; }

    /// <summary>The machine's only card may be given away: no desktop and no display until it is returned.</summary>
    [JsonPropertyName("singleGpu")]
    public bool SingleGpu { get; init; }

    /// <summary>Services that an earlier run stopped, meant to start again, and did
    /// not get to run: whatever this switch is about, they are started.</summary>
    [JsonPropertyName("owed")]
    public ImmutableArray<UnitName> PendingRestarts
    {
        get => _pendingRestarts.IsDefault ? [] : _pendingRestarts;
        init => _pendingRestarts = value;
    }

    /// <summary>Settings that are put back exactly as they were before the run that is undone: seat
    /// rules, pins, an override. Each step that is not so already is part of the plan.</summary>
    [JsonPropertyName("restores")]
    public ImmutableArray<Step> Restores { get => _restores.IsDefault ? [] : _restores; init => _restores = value; }

    /// <summary>nvidia-persistenced stays stopped when the card comes home (NVIDIA_RESTART=false).</summary>
    [JsonPropertyName("leavesNvidiaStopped")]
    public bool LeavesNvidiaStopped { get; init; }

    /// <summary>Who is to open vfio's nodes while the card is away; null for root alone.</summary>
    [JsonPropertyName("vfioOwner")]
    public VfioOwner? VfioOwner { get; init; }

    /// <summary>What the machine is set to while a virtual machine has the card; null where nothing is changed.</summary>
    [JsonPropertyName("tuning")]
    public GuestTuning? Tuning { get; init; }

    /// <summary>How the card's functions are reset once vfio-pci has them (a word of reset_method); null where they are not.</summary>
    [JsonPropertyName("resetMethod")]
    public string? ResetMethod { get; init; }

    /// <summary>Absolute path of a new file for the card's firmware; null where it is not saved.</summary>
    [JsonPropertyName("saveFirmware")]
    public string? SaveFirmware { get; init; }

    /// <summary>What a plan for this is made from besides <see cref="SnapshotSections.All"/>.</summary>
    [JsonIgnore]
    public SnapshotSections Needs =>
        Tuning is not null || Restores.Any(step => step is ChangeSetting) ? SnapshotSections.TunableSettings : SnapshotSections.None;

    /// <summary>This takes an earlier switch back; once it has, there is nothing left to undo.</summary>
    [JsonPropertyName("isUndo")]
    public bool IsUndo { get; init; }
}
