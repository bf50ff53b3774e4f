using System.Collections.Immutable;
using System.CommandLine;
using GpuTty.Cli.Guests;
using GpuTty.Cli.Json;
using GpuTty.Host;
using GpuTty.Host.Guests;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Guests;
using GpuTty.Planning.Plans;

namespace GpuTty.Cli.Commands;

/// <summary><c>gputty hook check NAME|-</c>: what the start of a guest would do, without doing it.</summary>
internal static class HookCheckCommand
{
    public static Command Create(CommandContext world)
    {
        var guest = new Argument<string>("NAME|-")
        {
            Description = "Name of a virtual machine, or - for a description on standard input",
        };
        guest.CompletionSources.Add(_ =>
            world.Libvirt
                .Read().Guests
                .Select(known => new System.CommandLine.Completions.CompletionItem(Text.Visible.Text(known.Name, 80)))
                .ToList());
        var json = Options.Json();
        var command = new Command("check", "Show what the start of a virtual machine would do; changes nothing") { guest, json };
        command.SetAction(async (parse, cancel) =>
        {
            var name = parse.GetRequiredValue(guest);
            var text = name == "-" ? await HookRun.ReadAsync(world.In, cancel) : world.Libvirt.DescriptionOf(name);
            var tuning = ConfiguredIntent.Tuning(world.ConfiguredForGuests());
            var host = await world.ReadAsync(
                cancel, tuning is null ? SnapshotSections.Programs : SnapshotSections.Programs | SnapshotSections.TunableSettings);
            var description = DomainXml.Read(text, out var problem);
            var answer = description is not null
                ? Answer(world, host, description)
                : new(CommandOutcome.Refused, [], "", [Unreadable(name, text, problem!)]);
            return Say(world, parse.GetValue(json), host, answer with { Guest = description?.Name ?? name });
        });
        return command;
    }

    private static Obstacle.GuestUnreadable Unreadable(string name, string text, string problem) => name == "-"
        ? new(
            "the guest",
            string.IsNullOrWhiteSpace(text) ? "nothing came on standard input" : problem,
            $"Give it on standard input: {Virsh.OfSystem} dumpxml NAME | gputty hook check -")
        : new(name, problem);

    private sealed record Told(CommandOutcome Outcome, ImmutableArray<Card> Cards, string Sentence, ImmutableArray<Obstacle> Obstacles)
    {
        public string Guest { get; init; } = "";
    }

    private static Told Answer(CommandContext world, HostSnapshot host, GuestDescription guest)
    {
        var configured = world.ConfiguredForGuests();
        if (world.Libvirt.Read().Script is { Guests.IsEmpty: false } script && !script.Guests.Contains(guest.Name))
            return new(
                CommandOutcome.NothingToDo,
                [],
                "The hook was not installed for this virtual machine, so its start goes on unchanged.",
                []);
        var wanted = GuestCards.Of(
            host, guest, GuestNames.Of(configured[ConfigurationKey.HookVmNames]).Has(guest.Name), configured, world.Grants.All());
        if (wanted is { Cards.IsEmpty: true, Refused.IsEmpty: true })
            return new(CommandOutcome.NothingToDo, [], "It wants no graphics card, so its start goes on unchanged.", []);
        if (configured.Error is { } error)
            return new(CommandOutcome.Refused, wanted.Cards, "", [new Obstacle.NotConfigured(error.Problem, error.Remedy)]);
        if (!wanted.Refused.IsEmpty) return new(CommandOutcome.Refused, wanted.Cards, "", wanted.Refused);
        var results = wanted.Cards
            .Select(card => (Card: card, Intent: world.WithGuestSettings(GuestCards.Intent(card, Direction.ToVm, configured), configured)))
            .Select(pair => (pair.Card, pair.Intent, Result: SwitchPlanner.Plan(host, pair.Intent)))
            .ToList();
        ImmutableArray<Obstacle> obstacles = [.. results.SelectMany(one =>
            one.Result is PlanResult.Blocked blocked
                ? blocked.Obstacles.Select(obstacle => GuestCards.ForHook(obstacle, one.Intent))
                : [])];
        if (!obstacles.IsEmpty) return new(CommandOutcome.Refused, wanted.Cards, "", obstacles);
        var goes = results.Where(one => one.Result is PlanResult.Ready).Select(one => one.Card.Address.SlotName).ToList();
        var home = configured[ConfigurationKey.AfterVm] == "keep"
            ? "stays with vfio-pci when it has ended"
            : "is returned to the host when it has ended";
        return goes.Count == 0
            ? new(
                CommandOutcome.NothingToDo,
                wanted.Cards,
                $"Card {string.Join(", ", wanted.Cards.Select(card => card.Address.SlotName))} is with vfio-pci already and free; "
                    + "it stays there when the virtual machine has ended.",
                [])
            : new(CommandOutcome.Ready, wanted.Cards, $"Card {string.Join(", ", goes)} goes to it, and {home}.", []);
    }

    private static int Say(CommandContext world, bool json, HostSnapshot host, Told told)
    {
        if (json)
            JsonText.Print(
                world.Out,
                HookCheckDocument.Of(told.Guest, told.Outcome, told.Cards, told.Sentence, told.Obstacles, host),
                context => context.HookCheckDocument);
        else if (told.Obstacles.IsEmpty) world.Page.Line(new Output.Part("ok ", Output.Ink.Good), told.Sentence);
        foreach (var obstacle in told.Obstacles) world.Remarks.Problem(obstacle.Problem, obstacle.Remedy);
        return ExitCodes.Of(told.Outcome);
    }
}
