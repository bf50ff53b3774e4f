using System.CommandLine;
using GpuTty.Cli.Json;
using GpuTty.Cli.Output;

namespace GpuTty.Cli.Commands;

/// <summary><c>gputty demo [machine]</c>: the full-screen program on a simulated machine; no root, no hardware.</summary>
internal static class DemoCommand
{
    public static Command Create(CommandContext world, HiddenCommands entries)
    {
        var machine = new Argument<string?>("machine")
        {
            Description = "Which machine to simulate; --list names them",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var list = new Option<bool>("--list") { Description = "List the simulated machines" };
        var json = Options.Json();
        var from = new Option<string?>("--from")
        {
            Description = "Show the machine of a report that gputty report has written, "
                + "with the plans and refusals it would have there; nothing is changed",
            HelpName = "REPORT",
        }.NamesFile();
        machine.CompletionSources.Add(_ =>
            entries.Machines().Select(one => new System.CommandLine.Completions.CompletionItem(one.Name, documentation: one.What)));
        var command = new Command(
            "demo",
            "Try GpuTty on a simulated machine; changes nothing, needs neither root nor a card. With a command behind the machine, "
                + "that command runs there: gputty demo twins status")
        {
            machine,
            list,
            json,
            from,
        };
        var screen = new ScreenOptions();
        foreach (var option in screen.All) command.Options.Add(option);
        command.SetAction(async (parse, cancel) =>
        {
            if (parse.GetValue(machine) is { } word && (parse.GetValue(list) || word.StartsWith('-')))
                return CommandLine.Complain(world, $"'{word}' is not understood here.", "See: gputty demo --help");
            if (parse.GetValue(json) && !parse.GetValue(list))
                return CommandLine.Complain(world, "--json goes with --list.", "See: gputty demo --help");
            if (parse.GetValue(from) is { } report)
            {
                if (parse.GetValue(machine) is not null || parse.GetValue(list))
                    return CommandLine.Complain(
                        world, "--from names the machine: no other can be named beside it.", "Run: gputty demo --from REPORT");
                _ = ReportArchive.Read(world.ReadFile(report, ReportArchive.Longest), report);
                return await Shown(world, screen.Of(parse), settings => entries.DemoFrom(report, settings, cancel));
            }
            if (parse.GetValue(list)) return List(world, entries, parse.GetValue(json));
            var name = parse.GetValue(machine) ?? entries.Machines()[0].Name;
            if (entries.Machines().All(one => one.Name != name))
                return CommandLine.Complain(world, $"There is no simulated machine '{name}'.", "List them with: gputty demo --list");
            return await Shown(world, screen.Of(parse), settings => entries.Demo(name, settings, cancel));
        });
        return command;
    }

    private static async Task<int> Shown(CommandContext world, ScreenSettings settings, Func<ScreenSettings, Task<int>> show) =>
        world.IsTerminal || settings.Plain
        ? await show(settings)
        : CommandLine.Complain(
            world, "The full-screen program needs a terminal.", "Run it in one, or list the machines with: gputty demo --list");

    private static int List(CommandContext world, HiddenCommands entries, bool json)
    {
        if (json) JsonText.Print(world.Out, MachinesDocument.Of(entries.Machines()), context => context.MachinesDocument);
        else foreach (var line in Table.Lines([.. entries.Machines().Select(one => (string[])[one.Name, one.What])])) world.Page.Line(line);
        return ExitCodes.Done;
    }
}
