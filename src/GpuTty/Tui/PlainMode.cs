using GpuTty.Host;
using GpuTty.Planning;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tui.Panels;

namespace GpuTty.Tui;

/// <summary>
/// Questions and answers, a line each: for serial lines, TERM=dumb, and people whose screen reader or braille display gets along
/// better with lines than with a screen. The same looks, plans and refusals as on the full screen.
/// </summary>
internal sealed class PlainMode(IHostReader reader, ISwitchDesk desk, TextReader input, TextWriter output, TuiOptions options)
{
    private Task<string?>? _line;

    /// <summary>What a journal that cannot be read means for the user.</summary>
    public const string JournalNotActedOn = "It is not acted on; the cards show where they are.";

    /// <summary>Runs until the user quits or the input ends; a running switch goes on.</summary>
    /// <returns>The exit code of the program.</returns>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        if (desk.IsRunning()) await FollowAsync(cancel);
        if (options.JournalProblem() is { } problem) Say($"{problem} {JournalNotActedOn}");
        while (!cancel.IsCancellationRequested)
        {
            var host = await reader.ReadAsync(Facts.All | Facts.Programs, null, cancel);
            var recovery = Recovery.Of(desk.LastBegun(), host, desk.IsRunning());
            Overview(host, recovery);
            var answer = await AskAsync(recovery is null ? "v, h or k and an address such as 01:00, r to look again, or q" : "t, r, v, h, k, or q");
            if (answer is null or "q" or "quit") return 0;
            if (IntentOf(answer, host, recovery) is { } intent && await ForAsync(intent, host, isNewWish: answer is not ("t" or "r")) is { } answered)
                await SwitchAsync(answered, host, cancel);
        }
        return 0;
    }

    private void Overview(HostSnapshot host, Recovery? recovery)
    {
        Say("");
        Say(string.Join(", ", Header.OfMachine(new Model { Host = host, Demo = options.Demo })));
        foreach (var card in Card.FindAll(host))
        {
            Say($"Card {card.Address.SlotName}, {DeviceWords.ShortName(card.Display)}: {DeviceWords.Owner(card).Text}");
            foreach (var function in card.Functions)
                Say($"  .{function.Address.Function:x} {string.Join(", ", DeviceMarks.Of(host, function).Prepend(DeviceWords.Driver(function).Text).Prepend(function.Class.Name))}");
        }
        if (recovery is not null)
            Say($"The switch of {recovery.Run.Opening.Intent.Headline()} was interrupted. t takes it back, r goes on with it; you see the plan first.");
        Say("v gives a card to a virtual machine, h brings it home, k keeps the desktop off it or lets it on again.");
    }

    private SwitchIntent? IntentOf(string answer, HostSnapshot host, Recovery? recovery)
    {
        var words = answer.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words is ["t"] && recovery is not null) return recovery.TakeBack;
        if (words is ["r"]) return recovery?.Resume;
        if (words is not [("v" or "h" or "k") and var wish, ..] || words.Length > 2)
        {
            Say($"\"{Visible.Text(answer, 40)}\" is none of these.");
            return null;
        }
        var choice = CardChoice.Find(host, words.ElementAtOrDefault(1));
        if (choice.Card is not { } card)
        {
            Refuse(choice.Obstacle!);
            return null;
        }
        return new SwitchIntent(card.Address, wish switch
        {
            "v" => Direction.ToVm,
            "h" => Direction.ToHost,
            _ => host.IsKeptOff(card.Display) ? Direction.LetOn : Direction.KeepOff,
        });
    }

    private async Task SwitchAsync(SwitchIntent intent, HostSnapshot host, CancellationToken cancel)
    {
        if (await PlanAsync(intent, host) is not { } plan) return;
        foreach (var (step, index) in plan.Steps.Select((step, index) => (step, index)))
            Say($"{index + 1}. {step.Describe()}{(plan.Final.Contains(step) ? " (cannot be taken back)" : "")}");
        foreach (var loss in plan.Consequences) Say($"You lose: {loss}");
        if (host.RunsSystemd == false) Say(Checks.NobodyClearsUp);
        if (plan.Risk == Risk.MayLoseConsole) Say("This card draws the text consoles: this screen may go dark.");
        if (!host.Viewer.IsRoot)
        {
            Say("Only root may move a card: quit and start gputty with sudo.");
            return;
        }
        var wanted = plan.Risk == Risk.MayLoseConsole ? intent.Card.SlotName : "yes";
        if (await AskAsync($"{intent.Question()} Type {wanted} to do it") != wanted)
        {
            Say("Nothing has been changed.");
            return;
        }
        try
        {
            await desk.BeginAsync(plan, cancel);
        }
        catch (HostException refused)
        {
            Say($"{refused.Message} {refused.Remedy}");
            return;
        }
        await FollowAsync(cancel);
    }

    /// <summary>A card that comes home under a desktop: the user says once a boot what it is for; null when nothing is said.</summary>
    private async Task<SwitchIntent?> ForAsync(SwitchIntent intent, HostSnapshot host, bool isNewWish)
    {
        if (!isNewWish || intent.Direction != Direction.ToHost || !HolderTreatment.HasDesktop(host) || Card.FindAt(host, intent.Card) is not { Owner: not Owner.HostDriver } card
            || host.UseOf(card.Display) != DesktopUse.AsItIs
            || SwitchPlanner.Plan(host, intent with { Direction = Direction.KeepOff }) is PlanResult.Blocked) return intent;
        return await AskAsync("What is the card for on the host? compute (the desktop stays off it) or monitors (the desktop may use it)") switch
        {
            "compute" => intent with { Desktop = DesktopUse.KeptOff },
            "monitors" => intent with { Desktop = DesktopUse.Allowed },
            _ => null,
        };
    }

    /// <summary>Asks for each consent that the plan wants; null when it is refused, or the user does.</summary>
    private async Task<SwitchPlan?> PlanAsync(SwitchIntent intent, HostSnapshot host)
    {
        while (true)
        {
            switch (SwitchPlanner.Plan(host, intent.AskedOf(host)))
            {
                case PlanResult.Ready ready: return ready.Plan;
                case PlanResult.AlreadyThere there:
                    Say($"{there.Card} is there already; nothing is to be done.");
                    return null;
                case PlanResult.Blocked { Obstacles: var obstacles }:
                    foreach (var obstacle in obstacles) Refuse(obstacle);
                    if (obstacles.All(obstacle => obstacle is Obstacle.SessionsWouldEnd or Obstacle.InUse) && await AgreeAsync(intent, obstacles) is { } agreed)
                    {
                        intent = agreed;
                        continue;
                    }
                    return null;
            }
        }
    }

    private async Task<SwitchIntent?> AgreeAsync(SwitchIntent intent, IEnumerable<Obstacle> obstacles)
    {
        if (obstacles.Any(obstacle => obstacle is Obstacle.SessionsWouldEnd))
            return await AskAsync("Save your work. Close these sessions? yes or no") == "yes" ? intent with { EndSessions = true } : null;
        return await AskAsync("End these programs? ask, force or no") switch
        {
            "ask" => intent with { EndHolders = HolderConsent.Terminate },
            "force" => intent with { EndHolders = HolderConsent.Kill },
            _ => null,
        };
    }

    private async Task FollowAsync(CancellationToken cancel)
    {
        RunState? run = null;
        await desk.FollowAsync(entry =>
        {
            run = entry is RunEvent.Opened opened ? RunState.Begin(opened) : run?.After(entry);
            if (run is not null && Told(run, entry) is { } line) Say(line);
            if (entry is RunEvent.Begun begun && run?.Steps[begun.Step].Step is AwaitConsent) _ = AskToKeepAsync(begun);
        }, _ => { }, cancel);
    }

    private async Task AskToKeepAsync(RunEvent.Begun consent)
    {
        Say($"Can you read this? Press Enter within {Counted.Seconds(consent.Limit)} to keep it; otherwise everything is taken back.");
        if (await LineAsync() is not null && desk.IsRunning()) await desk.WishAsync(new Wish.Keep(consent.Step), CancellationToken.None);
    }

    private static string? Told(RunState run, RunEvent entry) => entry switch
    {
        RunEvent.Begun begun => $"{begun.Step + 1} of {run.Steps.Length}: {run.Steps[begun.Step].Step.Describe()}",
        RunEvent.Waiting waiting => $"  {waiting.For}",
        RunEvent.Done done => $"  done after {done.Took.TotalSeconds:0.0} s",
        RunEvent.Failed failed => $"  failed: {failed.Problem} {failed.Remedy}",
        RunEvent.TakingBack => "Taking everything back.",
        RunEvent.TakenBack back => $"  taken back: {run.Steps[back.Step].Step.Describe()}",
        RunEvent.NotTakenBack stuck => $"  not taken back: {run.Steps[stuck.Step].Step.Describe()}: {stuck.Problem} {stuck.Remedy}",
        RunEvent.Closed closed => closed.Summary,
        _ => null,
    };

    private void Refuse(Obstacle obstacle) => Say($"{obstacle.Problem} {obstacle.Remedy}");

    private async Task<string?> AskAsync(string question)
    {
        await output.WriteAsync($"{question}: ");
        await output.FlushAsync();
        return (await LineAsync())?.Trim();
    }

    /// <summary>One reader at a time: a line that nobody waits for any more is the next one's.</summary>
    private async Task<string?> LineAsync()
    {
        var line = await (_line ??= input.ReadLineAsync());
        _line = null;
        return line;
    }

    /// <summary>Names come from the machine; a plain terminal gets plain text.</summary>
    private void Say(string line) => output.WriteLine(Visible.Text(line));
}
