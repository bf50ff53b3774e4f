using System.Collections.Immutable;
using GpuTty.Host.Settings;

namespace GpuTty.Simulation;

/// <summary>Changes the settings of a pretend machine as files of a real one are changed, and brings them back.</summary>
internal sealed class SimulatedCorrections(SimulatedHost host) : ICorrections
{
    private const string Place = "the memory of this demo";
    private readonly Stack<(DateTimeOffset At, SettingsFiles Before, ImmutableArray<string> Paths)> _kept = [];

    public string? Refusal(FileChange change) =>
        change is FileChange.Masking || With(host.Machine.SettingsFiles, change) is var after && after == host.Machine.SettingsFiles
            ? $"{change.Path} is not of this machine"
            : null;

    public string Make(IReadOnlyList<FileChange> changes, DateTimeOffset at)
    {
        var before = host.Machine.SettingsFiles;
        var after = changes.Aggregate(before, With);
        host.Happen(machine => machine with { SettingsFiles = after });
        lock (_kept) _kept.Push((at, before, [.. changes.Select(change => change.Path)]));
        return Place;
    }

    public KeptCorrection? Last()
    {
        lock (_kept)
            return _kept.TryPeek(out var last)
                ? new KeptCorrection(Place, last.At, [.. last.Paths.Select(path => (path, Restoration.Restored))])
                : null;
    }

    public (string Problem, string Remedy)? TakeBack(KeptCorrection correction)
    {
        lock (_kept)
            if (_kept.TryPop(out var last)) host.Happen(machine => machine with { SettingsFiles = last.Before });
        return null;
    }

    private static SettingsFiles With(SettingsFiles settings, FileChange change)
    {
        return settings with
        {
            Modprobe = Changed(settings.Modprobe),
            UdevRules = Changed(settings.UdevRules),
            Units = Changed(settings.Units),
            Hooks = Changed(settings.Hooks),
            Boot = Changed(settings.Boot),
            CommandLines = Changed(settings.CommandLines),
            Xorg = Changed(settings.Xorg),
            Scripts = Changed(settings.Scripts),
            Environment = Changed(settings.Environment),
        };

        // The same array where nothing of it is meant.
        ImmutableArray<SettingsFile> Changed(ImmutableArray<SettingsFile> files) =>
            files.All(file => file.Path != change.Path) ? files
                : [.. files.SelectMany(file => file.Path == change.Path ? Left(file, change) : [file])];
    }

    /// <summary>What is left of the file.</summary>
    private static SettingsFile[] Left(SettingsFile file, FileChange change) => change switch
    {
        FileChange.Edit edit => [file with { Text = edit.Apply(file.Text) }],
        FileChange.NotExecutable => [file with { IsExecutable = false }],
        FileChange.Renaming renaming => [file with { Path = renaming.To }],
        _ => [],
    };
}
