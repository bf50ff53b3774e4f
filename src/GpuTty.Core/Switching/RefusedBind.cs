using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Steps;

namespace GpuTty.Switching;

/// <summary>Functions that are stuck: without a driver, although a run of this boot has tried to give them one and was refused.</summary>
public static class RefusedBind
{
    /// <param name="runs">Journals, each from its header on.</param>
    public static ImmutableArray<PciDevice> Of(HostSnapshot host, Card card, IEnumerable<IReadOnlyList<RunEvent>> runs)
    {
        var refused = runs
            .Where(run => run is [RunEvent.Opened opened, ..] && opened.BootId == host.BootId)
            .Select(RunState.Fold)
            .OfType<RunState>()
            .SelectMany(run => run.Steps)
            .Select(Refused)
            .OfType<PciAddress>()
            .ToHashSet();
        return [.. card.Functions.Where(function => function.Driver is null && refused.Contains(function.Address))];
    }

    private static PciAddress? Refused(StepProgress progress) => progress switch
    {
        { Status: StepStatus.Failed, Step: BindDevice bind } => bind.Device,
        { Status: StepStatus.NotTakenBack, IsUntried: false, Step: var step } when step.Undo() is BindDevice back => back.Device,
        _ => null,
    };
}
