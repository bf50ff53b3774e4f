using GpuTty.Cli.Json;
using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Switching;

namespace GpuTty.Cli;

/// <summary>Shows a run that lives elsewhere until it ends. Ctrl+C first explains,
/// then asks for everything to be rolled back; leaving stops nothing.</summary>
/// <param name="unknowns">Of the look from which the run was planned; empty where only the journal is read.</param>
internal sealed class RunPrinter(CommandContext world, ISwitchService service, bool json, IReadOnlyList<UnknownFields>? unknowns = null)
{
    private readonly Lock _onePrinter = new();
    private RunState? _run;
    private bool _tookSteps;
    private string? _problem;
    private int _interrupts;

    /// <returns>The exit code.</returns>
    public async Task<int> FollowAsync(CancellationToken cancel)
    {
        using (world.OnInterrupt(Interrupted))
            await service.FollowAsync(Show, Show, cancel);
        return Conclude();
    }

    private void Show(RunEvent entry)
    {
        lock (_onePrinter)
        {
            _run = entry is RunEvent.Opened opened ? RunState.Begin(opened) : _run?.After(entry);
            if (json) JsonText.PrintLine(world.Out, RunDocument.Of(entry, _run), context => context.RunDocument);
            else if (_run is not null) RunLines.Print(world.Page, entry, _run);
            world.Out.Flush();
        }
        if (entry is RunEvent.Begun begun
            && !json
            && world.IsTerminal
            && RunState.Fold(service.LastRun())?.AwaitedConsent == begun.Step)
            _ = AskAsync(begun);
    }

    /// <summary>Asked once, on the side: whether or not somebody answers, the run is followed to its end.</summary>
    private async Task AskAsync(RunEvent.Begun consent)
    {
        world.ForgetTyped();
        Remark($"Can you read this? Press Enter within {consent.Limit.TotalSeconds:0} s to keep it; otherwise everything is rolled back.");
        while (await world.In.ReadLineAsync() is { } answer)
        {
            if (answer.Trim().ToLowerInvariant() is "" or "y" or "yes")
            {
                await KeepAsync(consent);
                return;
            }
            if (RunState.Fold(service.LastRun())?.AwaitedConsent != consent.Step) return;
            Remark("It is not kept by that: press Enter to keep it; otherwise everything is rolled back.");
        }
    }

    private async Task KeepAsync(RunEvent.Begun consent)
    {
        try
        {
            await service.RequestAsync(new RunRequest.Keep(consent.Step), CancellationToken.None);
        }
        catch (HostException tooLate)
        {
            Remark(tooLate.Message);
        }
    }

    private void Show(LogLine line)
    {
        _tookSteps |= line.Source == LogSource.Step;
        if (line is { Level: LogLevel.Error, Source: LogSource.Gputty or LogSource.Step }) _problem = line.Text;
        if (json) return;
        lock (_onePrinter) RunLines.Print(world.Page, line);
    }

    private void Interrupted()
    {
        if (Interlocked.Increment(ref _interrupts) == 1)
            Remark("The switch keeps running, also without this window. Press Ctrl+C again to roll everything back, "
                + "or Ctrl+\\ to leave it running.");
        else
            _ = TakeBackAsync();
    }

    private async Task TakeBackAsync()
    {
        try
        {
            Remark("The switch will be rolled back.");
            await service.TakeBackAsync(CancellationToken.None);
        }
        catch (HostException refusal)
        {
            Remark($"{refusal.Message} {refusal.Remedy}");
        }
    }

    private int Conclude()
    {
        var run = RunState.Fold(service.LastRun()) ?? _run;
        // After a worker that was killed, the recovery has brought the only card home in a run of its own.
        if (_run is { IsClosed: false }
            && run is { Outcome: Outcome.Switched, Opening.Intent.IsUndo: true }
            && run.Opening.At > _run.Opening.At)
            return Conclude(Outcome.TakenBack, run.Summary ?? "");
        if (run is { Outcome: { } outcome }) return Conclude(outcome, run.Summary ?? "");
        return run is not null ? Conclude(
                Outcome.LeftHalfway,
                $"The worker ended at {LastRun.Progress(run)}. {(run.DesktopRestored ? run.Summary + " " : "")}Undo it: gputty undo")
            // Nothing is done before the first line of the journal, but for the only card on its way home.
            : _tookSteps ? Conclude(
                Outcome.LeftHalfway,
                $"How it ended could not be written down. Look at the cards: gputty status. The log: {world.LogFile}")
            : Conclude(Outcome.Refused, _problem ?? $"The worker ended before it began; see {world.LogFile}.");
    }

    private int Conclude(Outcome outcome, string summary)
    {
        var code = ExitCodes.Of(outcome);
        if (json)
            JsonText.PrintLine(
                world.Out,
                RunDocument.Result(CommandOutcomes.Of(outcome)) with { Summary = summary, Unknowns = unknowns ?? [] },
                context => context.RunDocument);
        if (outcome == Outcome.Switched)
        {
            if (!json) world.Page.Line(new Part("Done. ", Ink.Good), summary);
        }
        else
        {
            world.Remarks.Line(Verdict(outcome), summary);
        }
        return code;
    }

    private static string Verdict(Outcome outcome) => outcome switch
    {
        Outcome.TakenBack => "Failed, and rolled back: ",
        Outcome.Refused => "Refused, nothing was changed: ",
        _ => "Failed, and left halfway: ",
    };

    private void Remark(string text)
    {
        lock (_onePrinter) world.Remarks.Line(text);
    }
}
