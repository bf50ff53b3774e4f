using System.Runtime.ExceptionServices;
using GpuTty.Diagnosis;
using GpuTty.Host;
using GpuTty.Switching;
using GpuTty.Text;

namespace GpuTty.Tui;

/// <summary>Carries out effects and brings back news, each in a task of its own, so that nothing slow is ever waited for.</summary>
internal sealed partial class EffectRunner(IHostReader reader, ISwitchService service, TuiOptions options, Action<Msg> post)
{
    // A burst of events is one change to look at.
    private static readonly TimeSpan s_leastBetweenLooks = TimeSpan.FromMilliseconds(200);
    private volatile ExceptionDispatchInfo? _broken;

    /// <summary>1 while a run is followed, or one is begun that will be.</summary>
    private int _follows;
    private CancellationToken _stop;

    public void Begin(bool isRunning, SnapshotSections facts, CancellationToken until)
    {
        _stop = until;
        _wanted = (int)facts;
        if (options.ListenToKernel is { } listen) Go(() => ListenAsync(listen));
        Go(LookAsync);
        if (isRunning) Go(FollowOtherAsync);
    }

    /// <summary>An error nobody expected ends the program where it can be seen, and not a task where it cannot.</summary>
    public void ThrowIfBroken() => _broken?.Throw();

    public void Perform(Effect effect)
    {
        switch (effect)
        {
            case Effect.ReadHost: LookNow(); break;
            case Effect.BeginRun begin: Go(() => BeginAsync(begin)); break;
            case Effect.Copy copy: Go(() => CopyAsync(copy)); break;
            case Effect.RunCommand run:
                Go(async () => post(new Msg.CommandSaid(run.Words, await options.Command!(run.Words, _stop))));
                break;
            case Effect.Examine or Effect.OfferFix or Effect.Fix: Go(() => AskDoctorAsync(options.Doctor!, effect)); break;
            default: Go(() => Telling(() => DoAsync(effect))); break;
        }
    }

    /// <returns>What is told of it; empty where that is nothing.</returns>
    private async Task<string> DoAsync(Effect effect)
    {
        switch (effect)
        {
            case Effect.TakeBack: await TakeBackAsync(); return "";
            case Effect.Dismiss dismiss:
                await service.DismissAsync(dismiss.Run, _stop);
                LookNow();
                return "It is left as it is, and not offered any more.";
            case Effect.Ask ask: await service.RequestAsync(ask.RunRequest, _stop); return "";
            case Effect.ShowTerminal show:
                await options.ShowTerminal!(show.Vt, _stop);
                return options.Demo is null ? "" : $"In the demo nothing is shown there; a real machine would show tty{show.Vt} now.";
            case Effect.OpenConsole open:
                return $"GpuTty goes on at tty{await options.OpenConsole!(open.Card, _stop)}; q there leads back here.";
            case Effect.WriteReport: return $"The report is in {await options.WriteReport!(_stop)}";
            case Effect.SaveLog save: return $"The log is in {await options.SaveLog!(save.Lines, _stop)}";
            default: throw new ArgumentOutOfRangeException(nameof(effect), effect, null);
        }
    }

    private async Task TakeBackAsync()
    {
        try
        {
            await service.TakeBackAsync(_stop);
        }
        catch (HostException)
        {
            post(new Msg.TakeBackRefused());
            throw;
        }
    }

    /// <summary>It looks for itself, beside the looks that the screen is drawn from.</summary>
    private async Task AskDoctorAsync(IDoctor doctor, Effect effect)
    {
        try
        {
            if (effect is Effect.Fix fix) await Telling(() => doctor.FixAsync(fix.Offered, _stop));
            var host = await reader.ReadAsync(doctor.Needs, null, _stop);
            post(effect is Effect.OfferFix offer
                ? new Msg.FixOffered(doctor.Offer(host, offer.Code))
                : new Msg.Examined(doctor.Examine(host)));
        }
        catch (HostException unreadable)
        {
            post(new Msg.DoctorFailed($"{unreadable.Message} {unreadable.Remedy}"));
        }
    }

    private async Task BeginAsync(Effect.BeginRun begin)
    {
        while (!TryFollow())
        {
            if (service.IsUnderWay())
            {
                Refused(new AlreadyRunningException(), isFollowed: true);
                return;
            }
            // The run before is followed to its last line.
            await Task.Delay(s_leastBetweenLooks, options.Clock, _stop);
        }
        try
        {
            // Who leaves meanwhile leaves a switch that goes on: what was handed in is not withdrawn.
            await service.BeginAsync(begin.Plan, CancellationToken.None);
            post(new Msg.RunTaken());
            if (!await FollowAsync())
                post(new Msg.RunRefused("The worker ended before it wrote anything.", "Look at the log; w writes a report."));
        }
        catch (HostException refused)
        {
            var isOther = refused is AlreadyRunningException && service.IsUnderWay();
            Refused(refused, isOther);
            if (isOther) await FollowAsync();
        }
        finally
        {
            Volatile.Write(ref _follows, 0);
        }
    }

    private void Refused(HostException why, bool isFollowed) =>
        post(new Msg.RunRefused(why.Message, isFollowed ? "s shows it." : why.Remedy));

    private async Task CopyAsync(Effect.Copy copy)
    {
        try
        {
            var path = await options.Copy!(copy.Path, copy.Lines, _stop);
            Tell($"{Counted.Of(copy.Lines.Length, "line is", "lines are")} in {path}");
        }
        catch (HostException refused)
        {
            post(new Msg.CopyRefused(copy.Path, copy.Lines, $"{refused.Message} {refused.Remedy}"));
        }
    }

    /// <returns>False where there was nothing to follow.</returns>
    private async Task<bool> FollowAsync()
    {
        var hasBegun = false;
        await service.FollowAsync(
            entry =>
            {
                hasBegun = true;
                post(new Msg.RunReported(entry));
            },
            line => post(new Msg.Logged(line)),
            _stop);
        if (hasBegun) post(new Msg.RunLeft());
        return hasBegun;
    }

    /// <summary>A switch that was begun before this program, at another console, by a command or by a virtual machine's start.</summary>
    private async Task FollowOtherAsync()
    {
        if (!TryFollow()) return;
        try
        {
            if (!await FollowAsync()) post(new Msg.RunLeft());
        }
        finally
        {
            Volatile.Write(ref _follows, 0);
        }
    }

    /// <summary>Two viewers would tell everything twice.</summary>
    private bool TryFollow() => Interlocked.Exchange(ref _follows, 1) == 0;

    private async Task ListenAsync(Func<Action<LogLine>, CancellationToken, Task> listen)
    {
        await listen(line => post(new Msg.KernelSaid(line)), _stop);
        post(new Msg.KernelSilent());
    }

    private async Task Telling(Func<Task<string>> deed)
    {
        try
        {
            Tell(await deed());
        }
        catch (HostException refused)
        {
            Tell($"{refused.Message} {refused.Remedy}", isTrouble: true);
        }
    }

    /// <summary>Over the screen, where it goes with the next key, and in the log, where it stays.</summary>
    private void Tell(string text, bool isTrouble = false)
    {
        var level = isTrouble ? LogLevel.Warning : LogLevel.Info;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            post(new Msg.Logged(new LogLine(options.Clock.GetUtcNow(), level, LogSource.Gputty, line)));
        post(new Msg.Told(text, isTrouble));
    }

    private void Go(Func<Task> deed) => _ = Task.Run(async () =>
    {
        try
        {
            await deed();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The program is ending.
        }
        catch (Exception unexpected)
        {
            _broken = ExceptionDispatchInfo.Capture(unexpected);
            post(new Msg.Told("", IsTrouble: true));
        }
    });
}
