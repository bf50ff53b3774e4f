using System.CommandLine;
using GpuTty.Cli.Json;
using GpuTty.Cli.Output;
using GpuTty.Host.Settings;
using GpuTty.Planning.Checks;

namespace GpuTty.Cli.Commands;

/// <summary><c>gputty config [check]</c>: each value with its place, and what is wrong with the files.</summary>
internal static class ConfigCommand
{
    public static Command Create(CommandContext world)
    {
        var json = Options.Json();
        var check = new Command("check", "Show what is wrong with the configuration; exits with 2 where something has to be corrected")
        {
            json,
        };
        check.SetAction(async (parse, cancel) =>
        {
            var configured = world.Configured();
            List<ConfigurationProblem> problems = [.. configured.Problems, .. OfMachine(configured, await world.ReadAsync(cancel))];
            if (parse.GetValue(json)) JsonText.Print(world.Out, ConfigDocument.Of(configured, problems), context => context.ConfigDocument);
            else Print(world.Page, problems);
            return problems.Exists(problem => problem.IsError) ? ExitCodes.Refused : ExitCodes.Done;
        });
        var command = new Command("config", "Print what is configured, each value with file and line") { check, json };
        command.SetAction(parse =>
        {
            var configured = world.Configured();
            if (parse.GetValue(json))
                JsonText.Print(world.Out, ConfigDocument.Of(configured, configured.Problems), context => context.ConfigDocument);
            else Print(world.Page, configured);
            return ExitCodes.Done;
        });
        return command;
    }

    private static IEnumerable<ConfigurationProblem> OfMachine(Configuration configured, Host.HostSnapshot host) =>
        ConfiguredCard.Find(host, configured).Obstacle is Obstacle.ConfiguredCardMissing missing
            ? [new(missing.Where, missing.Problem, missing.Remedy, IsError: true)]
            : [];

    private static void Print(TextPage page, Configuration configured)
    {
        foreach (var line in Table.Lines([.. ConfigurationKey.All.Select(key => Row(key, configured.Find(key)))])) page.Line(line);
        if (configured.Problems.IsEmpty) return;
        page.Line();
        Print(page, configured.Problems);
    }

    private static string[] Row(ConfigurationKey key, ConfiguredValue? value) =>
        [
            key.Name,
            value is null ? "-" : value.Value,
            value is null ? "not set" : value.Where + (value.Written is { } written && written != key.Name ? $" ({written})" : ""),
            key.About,
        ];

    private static void Print(TextPage page, IReadOnlyCollection<ConfigurationProblem> problems)
    {
        if (problems.Count == 0) page.Line(new Part("ok ", Ink.Good), "Nothing is wrong with the configuration.");
        foreach (var problem in problems)
        {
            page.Line(problem.IsError ? new Part("!! ", Ink.Bad) : new Part("!  ", Ink.Warn), problem.Problem);
            page.Line("   ", problem.Remedy);
        }
    }
}
