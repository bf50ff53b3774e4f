using System.Collections.Immutable;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Text;

namespace GpuTty.Diagnosis;

/// <summary>Lines of one file of modprobe.d(5) that do the same: one finding, at the first of them.</summary>
internal sealed record SimilarLines(SettingsFiles SettingsFiles, SettingsFile File, ImmutableArray<ModprobeLine> Lines)
{
    public int Count => Lines.Select(Module).Distinct().Count();
    public string Modules => string.Join(", ", Lines.Select(Module).Distinct());
    public string Is => Counted.Word(Count, "is", "are");

    /// <summary>Null where there are none.</summary>
    public static SimilarLines? Of(SettingsFiles settings, SettingsFile file, IEnumerable<ModprobeLine> lines) =>
        lines.ToImmutableArray() is { IsEmpty: false } some ? new SimilarLines(settings, file, some) : null;

    /// <summary>The module that a line is about, with underscores.</summary>
    public static string Module(ModprobeLine line) => KernelModule.Canonical(line.Words[0]);

    /// <param name="isMeant">Of lines of options: those that the finding is about; null where whole lines go.</param>
    public Finding Finding(
        DiagnosisCode code, FindingGroup group, SwitchEffect effect, string sentence, Func<string, bool>? isMeant = null) =>
        new Finding(
            code,
            group,
            effect,
            sentence,
            "To undo it",
            (isMeant is null
                ? LeftoverRemoval.Of(File, [.. Lines.Select(line => (line.First, line.Last))], ModuleLeftovers.Etc)
                : OptionRemoval.Of(File, Lines, isMeant, ModuleLeftovers.Etc)).ThenRebuilt(SettingsFiles),
            Lines[0].Where).OrByHand(File, ModuleLeftovers.Etc);
}
