using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Devices;
using GpuTty.Planning.Holders;
using GpuTty.Planning.Plans;
using GpuTty.Switching;
using GpuTty.Text;
using GpuTty.Tui.Panels;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui;

/// <summary>
/// Questions and answers, a line each: for serial lines, TERM=dumb, and people whose screen reader or braille display gets along
/// better with lines than with a screen. The same looks, plans and refusals as on the full screen.
/// </summary>
internal sealed partial class PlainMode(IHostReader reader, ISwitchService service, TextReader input, TextWriter output, TuiOptions options)
{
    private readonly Lock _saying = new();

    private const string Unchanged = "Nothing has been changed.";

    /// <summary>What a journal that cannot be read means for the user.</summary>
    public const string JournalNotActedOn = "It is not acted on; the cards show where they are.";

    /// <summary>Runs until the user quits or the input ends; a running switch goes on.</summary>
    /// <returns>The exit code of the program.</returns>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        if (options.JournalProblem() is { } problem) Say($"{problem} {JournalNotActedOn}");
        // What was refused stays in sight: the overview comes again only where something may look otherwise.
        var shows = true;
        while (!cancel.IsCancellationRequested)
        {
            if (service.IsUnderWay())
            {
                await FollowAsync(cancel);
                shows = true;
            }
            if (await LookAsync(cancel) is not { } host)
            {
                shows = true;
                if (await AskAsync("r to look again, or q") is null or "q" or "quit") return 0;
                continue;
            }
            var recovery = InterruptedRun.Of(service.Unfinished(), host, service.IsRunning());
            if (shows) Overview(host, recovery);
            if (await AnswerAsync(recovery) is not { } answer || answer is "q" or "quit") return 0;
            shows = await ActAsync(answer, host, recovery, cancel);
        }
        return 0;
    }

    /// <summary>Null where the machine cannot be read, which is said.</summary>
    private async Task<HostSnapshot?> LookAsync(CancellationToken cancel)
    {
        try
        {
            return await reader.ReadAsync(
                SnapshotSections.All | SnapshotSections.Programs | options.Configured().Needs, null, cancel);
        }
        catch (HostException unreadable)
        {
            Say($"The machine could not be read: {unreadable.Message} {unreadable.Remedy}");
            return null;
        }
    }

    /// <returns>True where something may look otherwise now.</returns>
    private async Task<bool> ActAsync(string answer, HostSnapshot host, InterruptedRun? recovery, CancellationToken cancel)
    {
        try
        {
            if (answer == "d" && recovery is not null)
            {
                await DismissAsync(recovery, cancel);
                return false;
            }
            if (answer == "r" && recovery is null) return true;
            if (IntentOf(answer, host, recovery) is not { } intent) return false;
            var (isNew, configured) = (answer is not ("t" or "r"), options.Configured());
            if (isNew && intent.Direction == Direction.ToVm && configured.Error is { } wrong) Say($"{wrong.Problem} {wrong.Remedy}");
            else if (await ForAsync(isNew ? configured.With(intent) : intent, host, isNew) is { } answered)
                return await SwitchAsync(answered, await reader.WithNeedsOfAsync(answered, host, cancel), cancel);
        }
        catch (HostException refused)
        {
            Say($"{refused.Message} {refused.Remedy}");
        }
        return false;
    }

    private async Task DismissAsync(InterruptedRun recovery, CancellationToken cancel)
    {
        if (!await IsYesAsync("Forget the interrupted switch? The card stays as it is; yes or no"))
        {
            Say(Unchanged);
            return;
        }
        await service.DismissAsync(recovery.Run.Opening, cancel);
        Say("It is left as it is, and not offered any more.");
    }

    /// <summary>What shall be done; null when the input has ended.</summary>
    private async Task<string?> AnswerAsync(InterruptedRun? recovery)
    {
        while (true)
        {
            var answer = await AskAsync(recovery is null
                ? "v, h or k and an address such as 01:00, r to look again, ? for help, or q"
                : "t, r, d, v, h, k, ? for help, or q");
            if (answer != "?") return answer;
            Help(recovery);
        }
    }

    private void Help(InterruptedRun? recovery)
    {
        Say("v ADDRESS  plans the way of that card to a virtual machine; without an address the card that can be spared is meant.");
        Say("h ADDRESS  plans the way back to the host.");
        Say("k ADDRESS  plans a rule that keeps the desktop off the card, or takes the rule away.");
        if (recovery is not null) Say("t          plans to roll the interrupted switch back; r plans the rest of it.");
        if (recovery is not null) Say("d          leaves the interrupted switch as it is; it is not offered any more.");
        else Say("r          reads the machine again.");
        Say("q          quits. A running switch keeps running.");
        Say("Every plan is shown before it is asked about: c there shows the exact commands. While a switch runs, "
            + "t and Enter rolls it back.");
    }

    private void Overview(HostSnapshot host, InterruptedRun? recovery)
    {
        Say("");
        Say(string.Join(", ", Header.OfMachine(new Model { Host = host, Demo = options.Demo })));
        foreach (var card in Card.FindAll(host)) Tell(host, card);
        if (recovery is not null)
            Say($"The switch of {recovery.Run.Opening.Intent.Headline()} was interrupted. t rolls it back, r goes on with it; "
                + "you see the plan first. d leaves it as it is.");
        Say("v moves a card to a virtual machine, h returns it to the host, k keeps the desktop off it or lets it use the card again.");
    }

    private void Tell(HostSnapshot host, Card card)
    {
        Say($"Card {card.Address.SlotName}, {DeviceText.ShortName(card.Display)}: {DeviceText.Owner(card).Text}");
        foreach (var function in card.Functions)
        {
            var marks = DeviceMarks.Of(host, function).Select(mark => mark.Text);
            Say($"  {card.NameOf(function)} {string.Join(", ", [function.Class.Name, DeviceText.Driver(function).Text, .. marks])}");
        }
        foreach (var treatment in HolderPlan.For(host, card).Actions)
            Say($"  held by {treatment.Holder.Label}, {treatment.Holder.PlaceIn(host)}. A switch: {treatment.Reason}.");
    }

    private SwitchIntent? IntentOf(string answer, HostSnapshot host, InterruptedRun? recovery)
    {
        var words = answer.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words is ["t"] && recovery is not null) return recovery.TakeBack;
        if (words is ["r"] && recovery is not null) return recovery.Resume;
        if (words is not [("v" or "h" or "k") and var word, ..] || words.Length > 2)
        {
            Say($"\"{Visible.Text(answer, 40)}\" is none of these; ? tells what they do.");
            return null;
        }
        var choice = CardChoice.Find(host, words.ElementAtOrDefault(1));
        if (choice.Card is not { } card)
        {
            Refuse(choice.Obstacle!);
            return null;
        }
        return new SwitchIntent(card.Address, word switch
        {
            "v" => Direction.ToVm,
            "h" => Direction.ToHost,
            _ => host.IsKeptOff(card.Display) ? Direction.AllowDesktop : Direction.HideFromSeat,
        });
    }

    private void Refuse(Obstacle obstacle) => Say($"{obstacle.Problem} {obstacle.RemedyForPlainMode()}");

    /// <summary>For what cannot be undone: what was typed before the question was there is no answer to it.</summary>
    private Task<string?> AskAnewAsync(string question)
    {
        if (options.ForgetTyped is { } forget)
        {
            forget();
            ForgetLines();
        }
        return AskAsync(question);
    }

    private async Task<string?> AskAsync(string question)
    {
        var lines = Broken($"{question}:").ToList();
        foreach (var line in lines.SkipLast(1)) await output.WriteLineAsync(line);
        await output.WriteAsync($"{lines[^1]} ");
        await output.FlushAsync();
        return (await LineAsync())?.Trim();
    }

    /// <summary>Names come from the machine; a plain terminal gets plain text. The worker's news come from another thread.</summary>
    private void Say(string line)
    {
        lock (_saying)
        {
            foreach (var part in Broken(Visible.Text(line))) output.WriteLine(part);
        }
    }

    /// <summary>Between words: a terminal would break inside of them. One column is left, as some begin a new line by themselves.</summary>
    private IEnumerable<string> Broken(string line) =>
        options.Columns is { } width ? WordWrap.Labels([line], Math.Max(1, width - 1)).Select(part => part.Text) : [line];
}
