namespace GpuTty.Host;

/// <summary>What a missing fact is about: the stable word for scripts, and what a step or a plan can depend on.</summary>
public enum UnknownFact
{
    [JsonStringEnumMemberName("pci-devices")] PciDevices,
    [JsonStringEnumMemberName("device-ids")] DeviceIds,
    [JsonStringEnumMemberName("device-names")] DeviceNames,
    /// <summary>Which modules offer to drive a function.</summary>
    [JsonStringEnumMemberName("device-modules")] DeviceModules,
    [JsonStringEnumMemberName("device-nodes")] DeviceNodes,
    [JsonStringEnumMemberName("host-uses")] HostUses,
    [JsonStringEnumMemberName("iommu-groups")] IommuGroups,
    [JsonStringEnumMemberName("pci-drivers")] PciDrivers,
    [JsonStringEnumMemberName("modules")] Modules,
    [JsonStringEnumMemberName("holders")] Holders,
    [JsonStringEnumMemberName("programs")] Programs,
    [JsonStringEnumMemberName("sessions")] Sessions,
    /// <summary>One answer tells the display manager and the units of the system.</summary>
    [JsonStringEnumMemberName("display-manager")] DisplayManager,
    /// <summary>Units of a user's own manager.</summary>
    [JsonStringEnumMemberName("units")] Units,
    [JsonStringEnumMemberName("desktop-settings")] DesktopSettings,
    [JsonStringEnumMemberName("console")] Console,
    [JsonStringEnumMemberName("original-state")] OriginalState,
    [JsonStringEnumMemberName("seat-rules")] SeatRules,
    /// <summary>What udev's database says of a card's node: whether desktops are offered it.</summary>
    [JsonStringEnumMemberName("seat-tags")] SeatTags,
    [JsonStringEnumMemberName("gl-driver-settings")] GlDriverSettings,
    /// <summary>Crashes, and writes that have not come back.</summary>
    [JsonStringEnumMemberName("kernel-state")] KernelState,
    /// <summary>Where the person sits who asks.</summary>
    [JsonStringEnumMemberName("viewer")] CallerLocation,
    /// <summary>Virtual machines of libvirt, and what their starts have given away.</summary>
    [JsonStringEnumMemberName("guests")] Guests,
    /// <summary>modprobe.d: what is kept from loading, and what is run instead.</summary>
    [JsonStringEnumMemberName("module-settings")] ModuleSettings,
    /// <summary>Which modules modprobe would find for the running kernel.</summary>
    [JsonStringEnumMemberName("installed-modules")] InstalledModules,
    /// <summary>Settings of other programs that move devices.</summary>
    [JsonStringEnumMemberName("other-programs")] OtherPrograms,
    /// <summary>Files that only the doctor reads.</summary>
    [JsonStringEnumMemberName("configuration")] SettingsFiles,
    /// <summary>Settings that a switch may change for a virtual machine: CPUs, huge pages, shared memory.</summary>
    [JsonStringEnumMemberName("machine-settings")] TunableSettings,
    /// <summary>Names of users and groups.</summary>
    [JsonStringEnumMemberName("accounts")] Accounts,
    /// <summary>What a card or a program is shown with, and nothing is decided from.</summary>
    [JsonStringEnumMemberName("details")] Details,
}

/// <summary>A fact that could not be told, so that nothing is guessed from it.</summary>
/// <param name="Code">What it is about.</param>
/// <param name="Fact">What is missing: <c>device names</c>.</param>
/// <param name="Reason">Why, in one sentence: <c>lspci is not installed.</c></param>
public sealed record Unknown(
    [property: JsonPropertyName("code")] UnknownFact Code,
    [property: JsonPropertyName("fact")] string Fact,
    [property: JsonPropertyName("reason")] string Reason)
{
    /// <summary>The one entry that is missing, as <see cref="SnapshotPart.Of"/> names it; null where all of it is.</summary>
    [JsonPropertyName("of")] public string? Of { get; init; }

    /// <summary>Whose processes are meant, where they are all of one user.</summary>
    [JsonIgnore] public int? Uid { get; init; }

    [JsonIgnore] public SnapshotPart Part => new(Code, Of);

    /// <summary><c>Unknown sessions: loginctl took too long.</c></summary>
    public string Sentence => $"Unknown {Fact}: {Reason.TrimEnd('.')}.";

    /// <summary>One next action.</summary>
    public string Remedy => Code switch
    {
        _ when Reason.Contains("run as root", StringComparison.Ordinal) => "Run gputty as root.",
        UnknownFact.Holders when Of is { } pid =>
            $"See what it waits for: ps -o pid,stat,wchan:30,cmd -p {pid}; one that is stuck in the kernel ends only with a reboot.",
        UnknownFact.Holders when Uid is { } uid =>
            "See what they are, and end them: ps -o pid,stat,etime,cmd -u "
                + $"{uid}{(uid > 0 ? $"; all that the user runs ends with: pkill -KILL -u {uid}" : "")}",
        UnknownFact.Holders or UnknownFact.Programs => "Run gputty as root, outside containers, with /proc mounted; then try again.",
        UnknownFact.Sessions => "See why: loginctl list-sessions; then try again.",
        UnknownFact.DisplayManager => "See whether systemd answers: systemctl status; then try again.",
        UnknownFact.Units =>
            $"See whether the user's service manager answers{(Of is { } uid ? $": systemctl status user@{uid}.service" : "")}; "
                + "then try again.",
        UnknownFact.OriginalState or UnknownFact.KernelState => "Run gputty as root; if it says the same again, save your work and reboot.",
        UnknownFact.SeatRules or UnknownFact.SeatTags or UnknownFact.GlDriverSettings or UnknownFact.DesktopSettings =>
            "Check the permissions of the file or folder that is named, then try again.",
        UnknownFact.ModuleSettings or UnknownFact.OtherPrograms or UnknownFact.SettingsFiles or UnknownFact.TunableSettings
            or UnknownFact.Accounts =>
            "Run gputty as root; where it says the same then, look at what is named: ls -l",
        UnknownFact.InstalledModules =>
            "Reboot if the kernel has been updated; otherwise write the list anew with: depmod; then try again.",
        UnknownFact.DeviceModules => "Write the list anew with: depmod; then try again.",
        UnknownFact.CallerLocation => "Log in at a text console and start gputty there.",
        UnknownFact.PciDevices or UnknownFact.IommuGroups when Of is not null =>
            "See the kernel log (dmesg); a function that stays silent answers again only after a reboot.",
        UnknownFact.Details => "See the kernel log (dmesg); what stays silent answers again only after a reboot.",
        _ => "Check that /sys and /proc are mounted and can be read, then try again.",
    };
}
