using System.Collections.Immutable;
using System.CommandLine;
using GpuTty.Cli.Json;
using GpuTty.Cli.Output;
using GpuTty.Diagnosis;
using GpuTty.Host;
using GpuTty.Host.Boot;
using GpuTty.Host.Pci;
using GpuTty.Planning.Boot;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;

namespace GpuTty.Cli.Commands;

/// <summary><c>gputty boot vm|host|show</c>: whom a card belongs to when the machine starts. Nothing is moved now.</summary>
internal static class BootCommand
{
    public static Command Create(CommandContext world) =>
        new("boot", "Choose whom a card belongs to when the machine starts") { Vm(world), HostCommand(world), Show(world), Run(world) };

    private static Command Vm(CommandContext world)
    {
        var card = Options.Card(world);
        var once = new Option<bool>("--once") { Description = "At the next start only" };
        var dryRun = Options.DryRun();
        dryRun.Description = "Only print the files; change nothing";
        var command = new Command("vm", "Give a card to vfio-pci each time the machine starts; moves nothing now") { card, once, dryRun };
        command.SetAction(async (parse, cancel) =>
        {
            var host = await world.ReadAsync(cancel);
            var choice = world.Choose(host, parse.GetValue(card));
            if (choice.Obstacle is { } obstacle) return Refusal.Say(world, json: false, host, obstacle);
            if (BootOutlook.Lasting(host, choice.Card!) is { Length: > 0 } against)
                return Refusal.Say(world, json: false, host, [.. against]);
            if (BootOutlook.Recipes(host, choice.Card!).FirstOrDefault() is { } recipe)
                return Refuse(world, recipe, "It works without gputty; to have gputty do it, take that out first.");
            var wanted = BootChoice.For(choice.Card!, parse.GetValue(once));
            if (wanted.IsOnce && host.RunsSystemd == false)
                return Refuse(
                    world,
                    "For the next start only, a card is moved by a service of systemd, which does not run this machine.",
                    $"Choose it for every start: gputty boot vm --card {wanted.Card.SlotName}");
            if (parse.GetValue(dryRun))
            {
                Print(world, world.Boot.FilesFor(BootChoices.None.With(wanted)));
                return ExitCodes.Done;
            }
            if (!world.IsRoot) return NeedsRoot(world);
            var older = world.Boot.Files(world.Boot.Choices()).OlderRules;
            world.Boot.Keep(all => all.With(wanted));
            Say(world, $"{choice.Card}", BootOutlook.Of(host, choice.Card!, await world.Boot.ReadAsync(host.Kernel, cancel)));
            await SayCopiesAsync(world, older, cancel);
            world.Page.Line("Nothing has been moved now.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command HostCommand(CommandContext world)
    {
        var card = Options.Card(world);
        var command = new Command("host", "Leave a card to the host when the machine starts, as it is without gputty; moves nothing now")
        {
            card,
        };
        command.SetAction(async (parse, cancel) =>
        {
            var choices = world.Boot.Choices();
            var host = await world.Reader().ReadAsync(SnapshotSections.Devices, null, cancel);
            var chosen = choices.Cards;
            // Without a name all that were chosen are meant; a card that is gone can be named by its address.
            if (parse.GetValue(card) is { } typed)
                chosen = CardChoice.Find(host, typed).Card is { } found ? [.. chosen.Where(one => one.IsOf(found))]
                    : PciAddress.TryParse(typed, out var address) || PciAddress.TryParse($"{typed}.0", out address)
                        ? [.. chosen.Where(one => one.Functions.Any(function => function.Address.SharesSlotWith(address)))]
                        : [];
            // Without the note of their choice, too.
            var files = world.Boot.Files(choices);
            if (chosen.IsEmpty && files.Unwanted.IsEmpty)
            {
                world.Page.Line("Nothing was chosen, so it is left to the host already.");
                return ExitCodes.Done;
            }
            if (!world.IsRoot) return NeedsRoot(world);
            world.Boot.Keep(all => chosen.Aggregate(all, (left, one) => left.Without(one)));
            foreach (var one in chosen)
                world.Page.Line($"{one.Card.SlotName} is left to the host from the next start on. Nothing has been moved now.");
            foreach (var path in files.Unwanted) world.Page.Line($"Removed {path}, for which nothing was chosen.");
            // A rule of which nobody knows the choice may be as old as any.
            await SayCopiesAsync(world, [.. files.OlderRules, .. files.Unwanted.Where(BootFiles.IsRule)], cancel);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Show(CommandContext world)
    {
        var card = Options.Card(world);
        var json = Options.Json();
        var command = new Command("show", "Show whom a card belongs to when the machine starts, whether that will work here, and why")
        {
            card,
            json,
        };
        command.SetAction(async (parse, cancel) =>
        {
            var host = await world.ReadAsync(cancel);
            ImmutableArray<Card> cards = Card.FindAll(host) is var all && parse.GetValue(card) is null ? all : [];
            if (parse.GetValue(card) is { } typed)
            {
                var choice = CardChoice.Find(host, typed);
                if (choice.Obstacle is { } obstacle) return Refusal.Say(world, parse.GetValue(json), host, obstacle);
                cards = [choice.Card!];
            }
            var state = await world.Boot.ReadAsync(host.Kernel, cancel);
            var told = cards.Select(one => (Card: one, Findings: BootOutlook.Of(host, one, state))).ToList();
            var gone = parse.GetValue(card) is null ? BootOutlook.Gone(host, state.Choices) : [];
            if (parse.GetValue(json))
                JsonText.Print(
                    world.Out,
                    new BootDocument(
                        JsonText.Schema,
                        [
                            .. told.Select(one => Fields(one.Card.Address, one.Findings)),
                            .. gone.Select(one => Fields(one.Choice.Card, [one.Finding])),
                        ],
                        UnknownFields.Of(host)),
                    context => context.BootDocument);
            else
            {
                foreach (var (one, findings) in told) Say(world, $"{one}", findings);
                foreach (var (choice, finding) in gone) Say(world, $"{choice.Card}", [finding]);
            }
            return gone.Length > 0 || told.Exists(one => IsChosen(one.Findings) && !WillGo(one.Findings))
                ? ExitCodes.Refused
                : ExitCodes.Done;
        });
        return command;
    }

    /// <summary>What the service runs.</summary>
    private static Command Run(CommandContext world)
    {
        var command = new Command("run") { Hidden = true };
        command.SetAction(async (parse, cancel) =>
        {
            var choices = world.Boot.Choices();
            // Forgotten first: should this start go wrong, the next one does not.
            if (choices.Cards.Any(choice => choice.IsOnce))
                world.Boot.Keep(all => new BootChoices([.. all.Cards.Where(choice => !choice.IsOnce)]));
            await world.ClearUp();
            var worst = ExitCodes.Done;
            foreach (var choice in choices.Cards) worst = Math.Max(worst, await GiveAsync(world, choice, cancel));
            return worst;
        });
        return command;
    }

    private static async Task<int> GiveAsync(CommandContext world, BootChoice choice, CancellationToken cancel)
    {
        var host = await world.ReadAsync(cancel);
        if (BootOutlook.IsEscaped(host)) return ExitCodes.Done;
        if (choice.Exchanged(host) is { } other || Card.FindAt(host, choice.Card) is not { } card)
            return Refuse(
                world,
                $"At {choice.Card.ShortName} is not the card that was chosen, so nothing has been done.",
                BootOutlook.Forget(choice));
        // From the start on it is as after a switch: whoever is configured may open its nodes, and the machine is set as configured.
        var configured = ConfiguredSwitch.Of(world.ConfiguredForGuests(), world.VfioOwner);
        if (configured.Error is { } wrong) world.Remarks.Problem(wrong.Problem, $"The card goes without these settings. {wrong.Remedy}");
        // Nobody is asked, so nothing is ended.
        var intent = new SwitchIntent(card.Address, Direction.ToVm);
        if (configured.Error is null) intent = configured.With(intent) with { EndHolders = HolderConsent.Never };
        return await new SwitchRun(world, new Manner(Yes: true, DryRun: false, Json: false)).RunAsync(host, intent, cancel);
    }

    private static bool IsChosen(ImmutableArray<BootFinding> findings) =>
        findings.Any(finding => finding.Matter is BootMatter.Chosen or BootMatter.ChosenOnce);

    private static bool WillGo(ImmutableArray<BootFinding> findings) =>
        IsChosen(findings) && findings.All(finding => finding.Holds != false);

    private static BootCardFields Fields(PciAddress card, ImmutableArray<BootFinding> findings) =>
        new(
            card.ToString(),
            WillGo(findings),
            [.. findings.Select(finding => new BootFindingFields(finding.Matter, finding.Holds, finding.Sentence))]);

    private static void Say(CommandContext world, string card, ImmutableArray<BootFinding> findings)
    {
        world.Page.Heading(card);
        foreach (var finding in findings)
            world.Page.Line(
                "  ",
                finding switch
                {
                    { Holds: true } => new Part("ok ", Ink.Good),
                    { Holds: false } => new Part("!! ", Ink.Bad),
                    { Matter: BootMatter.EarlyUnknown or BootMatter.Refused } => new Part("?? ", Ink.Warn),
                    { Matter: BootMatter.OtherRecipe or BootMatter.NoService or BootMatter.FilesWrong } or { IsOlder: true } =>
                        new Part("!  ", Ink.Warn),
                    _ => new Part("   "),
                },
                finding.Sentence);
        world.Page.Line();
    }

    /// <summary>Rules of earlier versions act in an initramfs too, where they are until that is built anew.</summary>
    private static async Task SayCopiesAsync(CommandContext world, ImmutableArray<string> older, CancellationToken cancel)
    {
        if (older.IsEmpty) return;
        var host = await world.Reader().ReadAsync(SnapshotSections.SettingsFiles, null, cancel);
        if (host.SettingsFiles is { } settings && CopiedRules.Remedy(settings) is { } remedy)
            world.Remarks.Problem("The initramfs may have a copy of the rule, which gives the card away at every start.", remedy);
    }

    private static void Print(CommandContext world, ImmutableArray<(string Path, string Text)> files)
    {
        foreach (var (path, text) in files)
        {
            world.Page.Line($"{path}:");
            foreach (var line in text.TrimEnd('\n').Split('\n')) world.Verbatim.Line($"    {line}");
        }
    }

    private static int Refuse(CommandContext world, string problem, string remedy)
    {
        world.Remarks.Problem(problem, remedy);
        return ExitCodes.Refused;
    }

    private static int NeedsRoot(CommandContext world)
    {
        world.Remarks.Problem(
            "Only root can choose what happens when the machine starts.",
            "Run it again with sudo; gputty boot vm --dry-run needs no root.");
        return ExitCodes.NeedsRoot;
    }
}
