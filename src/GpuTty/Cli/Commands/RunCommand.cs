using System.CommandLine;
using GpuTty.Cli.Guests;
using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Planning.Plans;

namespace GpuTty.Cli.Commands;

/// <summary><c>gputty run -- COMMAND</c>: for QEMU without libvirt, and scripts around it.</summary>
internal static class RunCommand
{
    public static Command Create(CommandContext world)
    {
        var card = Options.Card(world);
        var user = new Option<string?>("--as")
        {
            Description = "Run the command as this user; usually the one who called sudo",
            HelpName = "USER",
        };
        Option<bool> sessions = Options.EndSessions(), dryRun = Options.DryRun();
        sessions.Description = "Agree that graphical sessions are closed, when the card is given and when it is returned";
        var holders = Options.EndHolders();
        var words = new Argument<string[]>("COMMAND")
        {
            Description = "The command and its arguments, after --",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("run", "Give the card to a command, such as QEMU, and return it to the host when that has ended")
        {
            card, user, sessions, holders, dryRun, words,
        };
        command.SetAction(async (parse, cancel) =>
        {
            if (!parse.GetValue(dryRun) && !world.IsRoot)
            {
                world.Remarks.Problem("Only root can switch a card.", "Run it again with sudo; the command itself is run as you.");
                return ExitCodes.NeedsRoot;
            }
            if (world.UserProblem(parse.GetValue(user)) is { } problem) throw new HostException(problem.Problem, problem.Remedy);
            // Whoever mistypes its name would lose the session for nothing.
            if (!parse.GetValue(dryRun)
                && await world.ProgramProblem(parse.GetRequiredValue(words)[0], parse.GetValue(user), cancel) is { } cannot)
                throw new HostException(cannot.Problem, cannot.Remedy);
            if (!parse.GetValue(dryRun)) await world.ClearUp();
            var host = await world.ReadAsync(cancel, SnapshotSections.Programs);
            var choice = world.Choose(host, parse.GetValue(card));
            if (choice.Obstacle is { } obstacle) return Refusal.Say(world, json: false, host, obstacle);
            var configured = world.Configured().Usable();
            var end = parse.GetResult(holders) is { Implicit: false }
                ? ValueText.ConsentOf(parse.GetValue(holders))
                : ConfiguredIntent.Holders(configured);
            var intent = new SwitchIntent(choice.Card!.Address, Direction.ToVm, parse.GetValue(sessions), end);
            // Whoever runs the command has to open the card's node.
            intent = world.WithGuestSettings(intent);
            intent = intent with
            {
                VfioOwner = world.CommandOwner(parse.GetValue(user)) ?? intent.VfioOwner,
                // The command runs among what would be kept off those CPUs.
                Tuning = intent.Tuning is { } tuning && tuning with { FreeCpus = null } is var rest && rest != GuestTuning.None
                    ? rest
                    : null,
            };
            host = await world.Reader().WithNeedsOfAsync(intent, host, cancel);
            return parse.GetValue(dryRun)
                ? PlanCommand.Print(
                    world,
                    json: false,
                    host,
                    intent,
                    SwitchPlanner.Plan(host, intent),
                    command: IntentLine.PrintRun(host, intent, configured, parse.GetValue(user), parse.GetRequiredValue(words)))
                : await new CommandWithCard(world, parse.GetRequiredValue(words), parse.GetValue(user)).RunAsync(
                    host, choice.Card!, intent, cancel);
        });
        return command;
    }
}
