using System.Collections.Immutable;
using GpuTty.Host.Settings;

namespace GpuTty.Diagnosis;

/// <summary>What undoes a finding: as a command for a root shell, and, where
/// it is about files, as changes that gputty can make itself.</summary>
/// <param name="Typed">Null where the name of a file cannot be typed.</param>
/// <param name="Changes">Empty where only another program can do it.</param>
public sealed record Correction(string? Typed, ImmutableArray<FileChange> Changes)
{
    /// <summary>Commands that have to be run afterwards, so that the change counts.</summary>
    public ImmutableArray<string> Follow { get; init; } = [];

    /// <summary>What was loaded or done at the start lasts until the next one.</summary>
    public bool NeedsRestart { get; init; }

    /// <summary>Only its owner knows whether it is needed: it is changed where it is named, and not with everything else.</summary>
    public bool IsOptional { get; init; }

    /// <summary>All of it, for a root shell; null where it cannot be typed.</summary>
    public string? Command => Typed is null ? null : string.Join(" && ", Follow.Prepend(Typed));

    public static Correction ByCommand(string command) => new(command, []);
}

/// <summary>Puts corrections together.</summary>
internal static class CorrectionParts
{
    /// <summary>With a command that has to follow, where there is one.</summary>
    public static Correction? Then(this Correction? correction, string? next) =>
        correction is null || next is null ? correction : correction with { Follow = [.. correction.Follow, next] };

    /// <summary>With the initramfs built anew, which has its own copies, and with a restart.</summary>
    public static Correction? ThenRebuilt(this Correction? correction, SettingsFiles settings) =>
        correction.Then(LeftoverRemoval.Rebuilt(settings)).ThenRestart();

    public static Correction? ThenRestart(this Correction? correction) =>
        correction is null ? null : correction with { NeedsRestart = true };

    public static Correction? Optional(this Correction? correction) => correction is null ? null : correction with { IsOptional = true };
}
