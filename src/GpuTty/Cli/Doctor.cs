using System.Collections.Immutable;
using GpuTty.Cli.Json;
using GpuTty.Cli.Output;
using GpuTty.Diagnosis;
using GpuTty.Host;
using GpuTty.Switching;

namespace GpuTty.Cli;

/// <summary>The doctor of this machine, for the screen: what the command says, and its corrections.</summary>
/// <param name="recorded">What was found on the machine of a report, whose files are not in it; null where the machine is here.</param>
internal sealed class Doctor(CommandContext world, ImmutableArray<Finding>? recorded = null) : IDoctor
{
    public SnapshotSections Needs => SnapshotSections.All | SnapshotSections.SettingsFiles;

    public DiagnosisPage Examine(HostSnapshot host) => DoctorPages.Of(host, FindingsOf(host), world.Configured());

    public FixOffer Offer(HostSnapshot host, string? code)
    {
        var codes = code is not null && CodeText.Finding(code) is { } one ? (DiagnosisCode[])[one] : [];
        var plan = CorrectionPlan.Of(FindingsOf(host), codes, world.Corrections.Refusal);
        using var text = new StringWriter();
        var page = new TextPage(text, false);
        FixPrinter.Print(page, plan);
        FixPrinter.PrintFollow(page, plan);
        return new FixOffer(plan, [.. text.ToString().TrimEnd('\n').Split('\n')]);
    }

    public async Task<string> FixAsync(FixOffer offer, CancellationToken cancel)
    {
        if (!world.IsRoot) throw new NeedsRootException("Only root can change the machine's settings.");
        string copies;
        try
        {
            copies = await Task.Run(
                () => world.Corrections.Make([.. offer.Plan.Changes.Select(change => change.Change)], world.Now()), CancellationToken.None);
        }
        catch (AlreadyRunningException)
        {
            throw new HostException("A switch is running, or another gputty changes files.", "Wait until it has ended.");
        }
        var remaining = offer.Plan.Remaining(Findings.Of(await world.Reader().ReadAsync(Needs, null, cancel)));
        return remaining.IsEmpty
            ? $"Done, and looked again: nothing of that is found any more. Copies are in {copies}; to undo: gputty doctor --fix --undo"
            : throw new HostException(
                $"The files are changed, but this is still found: {string.Join(", ", remaining.Select(Named).Distinct())}.",
                "To undo it: gputty doctor --fix --undo");
    }

    private ImmutableArray<Finding> FindingsOf(HostSnapshot host) => recorded ?? Findings.Of(host);

    private static string Named(Finding finding) => $"{CodeText.Of(finding.Code)} in {finding.Where}";
}
