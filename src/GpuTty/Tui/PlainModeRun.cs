using GpuTty.Host;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Text;

namespace GpuTty.Tui;

/// <content>A switch as it goes, and what can be said meanwhile.</content>
internal sealed partial class PlainMode
{
    private readonly Queue<string?> _typedAhead = new();
    private Task<string?>? _line;
    private RunEvent.Begun? _consent;
    private bool _mayTakeBack;

    private async Task FollowAsync(CancellationToken cancel)
    {
        RunState? run = null;
        (_consent, _mayTakeBack) = (null, false);
        Say("While it runs: t and Enter rolls everything back. It keeps running if you leave.");
        var interrupts = 0;
        using var hears = options.OnInterrupt?.Invoke(() => Interrupted(Interlocked.Increment(ref interrupts)));
        await ListenAsync(service.FollowAsync(entry =>
        {
            run = entry is RunEvent.Opened opened ? RunState.Begin(opened) : run?.After(entry);
            if (run is not null && Told(run, entry) is { } line) Say(line);
            if (entry is not RunEvent.Begun begun) return;
            _consent = run?.Steps[begun.Step].Step is AwaitConsent ? begun : null;
            if (_consent is not null)
                Say($"Can you read this? Press Enter within {Counted.Seconds(begun.Limit)} to keep it; "
                    + "otherwise everything is rolled back.");
        }, _ => { }, cancel));
    }

    /// <summary>The same as with a command: the first Ctrl+C explains, the second asks for everything to be rolled back.</summary>
    private void Interrupted(int times)
    {
        if (times == 1)
            Say("The switch keeps running. Ctrl+C once more rolls everything back; Ctrl+\\ leaves it running, and gputty shows it again.");
        else _ = TakeBackAsync();
    }

    private async Task TakeBackAsync()
    {
        try
        {
            Say("The switch will be rolled back.");
            await service.TakeBackAsync(CancellationToken.None);
        }
        catch (HostException refused)
        {
            Say($"{refused.Message} {refused.Remedy}");
        }
    }

    /// <summary>What is typed meanwhile and means nothing to the run is meant for the question after it.</summary>
    private async Task ListenAsync(Task run)
    {
        while (await Task.WhenAny(run, _line ??= ReadAsync()) != run)
        {
            var line = await _line;
            _line = null;
            if (line is null)
            {
                _typedAhead.Enqueue(null);
                break;
            }
            if (!await AnswerRunAsync(line.Trim())) _typedAhead.Enqueue(line);
        }
        await run;
    }

    private async Task<bool> AnswerRunAsync(string line)
    {
        _mayTakeBack &= line == "t";
        try
        {
            switch (line)
            {
                case "" when _consent is { } consent:
                    await service.RequestAsync(new RunRequest.Keep(consent.Step), CancellationToken.None);
                    return true;
                case "": return true;
                case "t" when _mayTakeBack: await TakeBackAsync(); return true;
                case "t":
                    _mayTakeBack = true;
                    Say("Everything that was done is rolled back. Type t once more to do that; anything else goes on.");
                    return true;
                case "?":
                    Say("t rolls everything back that was done. Enter keeps a switch that waits to be kept. "
                        + "Everything else waits until it has ended.");
                    return true;
                default: return false;
            }
        }
        catch (HostException refused)
        {
            Say($"{refused.Message} {refused.Remedy}");
            return true;
        }
    }

    private static string? Told(RunState run, RunEvent entry) => entry switch
    {
        RunEvent.Begun begun => $"{begun.Step + 1} of {run.Steps.Length}: {run.Steps[begun.Step].Step.Describe()}{AtMost(begun.Limit)}",
        RunEvent.Waiting waiting => $"  {waiting.For}",
        RunEvent.Done done => $"  done after {done.Took.TotalSeconds:0.0} s",
        RunEvent.Failed failed when failed.IsRequested() => "  stopped here",
        RunEvent.Failed failed => $"  failed: {failed.Problem} {failed.Remedy}",
        RunEvent.TakingBack => "Rolling everything back.",
        RunEvent.TakenBack back => $"  rolled back: {run.Steps[back.Step].Step.Describe()}",
        RunEvent.NotTakenBack stuck => $"  not rolled back: {run.Steps[stuck.Step].Step.Describe()}: {stuck.Problem} {stuck.Remedy}",
        RunEvent.Inserted inserted => $"  one more step, as asked: {inserted.What.Describe()}",
        RunEvent.Extended extended => $"  waits longer, as asked: {Counted.Seconds(extended.Limit)} in all",
        RunEvent.DesktopRestored restored => restored.Summary,
        RunEvent.Closed closed => closed.Summary,
        _ => null,
    };

    /// <summary>One reader at a time: a line that nobody waits for any more is the next one's.</summary>
    private async Task<string?> LineAsync()
    {
        if (_typedAhead.TryDequeue(out var typed)) return typed;
        var line = await (_line ??= ReadAsync());
        _line = null;
        return line;
    }

    /// <summary>Lines that were read while a run was followed; that the input has ended is never forgotten.</summary>
    private void ForgetLines()
    {
        var hasEnded = _typedAhead.Contains(null);
        _typedAhead.Clear();
        if (hasEnded) _typedAhead.Enqueue(null);
        if (_line is { IsCompletedSuccessfully: true, Result: not null }) _line = null;
    }

    /// <summary>The console's own reader blocks even where it says that it does not.</summary>
    private Task<string?> ReadAsync() => Task.Run(input.ReadLine);
}
