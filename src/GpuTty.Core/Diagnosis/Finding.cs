using GpuTty.Host.Settings;

namespace GpuTty.Diagnosis;

/// <summary>How much a finding matters to a switch.</summary>
public enum FindingGroup
{
    /// <summary>As it should be.</summary>
    [JsonStringEnumMemberName("ok")] Ok,
    /// <summary>Worth knowing; a switch works anyway.</summary>
    [JsonStringEnumMemberName("attention")] Attention,
    /// <summary>A switch fails by it, or does what nobody asked for.</summary>
    [JsonStringEnumMemberName("problem")] Problem,
    [JsonStringEnumMemberName("unknown")] Unknown,
}

/// <summary>When a finding meets a switch.</summary>
public enum SwitchEffect
{
    /// <summary>The next switch, as the machine runs now.</summary>
    [JsonStringEnumMemberName("now")] Now,
    /// <summary>When the machine starts: the card begins elsewhere than expected.</summary>
    [JsonStringEnumMemberName("next-boot")] NextBoot,
    /// <summary>Not by itself.</summary>
    [JsonStringEnumMemberName("never")] Never,
}

/// <summary>One thing that was found about the machine.</summary>
/// <param name="Code">Stable, for scripts and for the explanation.</param>
/// <param name="Sentence">What it does, in one sentence.</param>
/// <param name="Advice">What to do; where there is a <paramref name="Correction"/>, what that does.</param>
/// <param name="Correction">Undoes it; null where nothing that can be written down does.</param>
/// <param name="Where">Where it is written; null for what is seen of the hardware.</param>
public sealed record Finding(
    DiagnosisCode Code,
    FindingGroup Group,
    SwitchEffect Effect,
    string Sentence,
    string Advice,
    Correction? Correction,
    SourceLine? Where)
{
    /// <summary>Undoes it, exactly, in a root shell; null where no command can.</summary>
    public string? Command => Correction?.Command;

    /// <summary>One next action.</summary>
    public string Action =>
        Command is not null ? $"{Advice}: {Command}" : Advice.EndsWith('.') ? Advice : $"{Advice}, change {Where} by hand.";
}
