using System.CommandLine;
using GpuTty.Cli.Json;
using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Planning.Checks;

namespace GpuTty.Cli.Commands;

/// <summary><c>gputty doctor</c>: every check of every card that could be meant, each ok, !! or ??.</summary>
internal static class DoctorCommand
{
    public static Command Create(World world)
    {
        var card = Options.Card(world);
        var json = Options.Json();
        var command = new Command("doctor", "Check whether this machine can switch its cards; each check is ok, !! (failed) or ?? (could not tell)") { card, json };
        command.SetAction(async (parse, cancel) =>
        {
            var host = await world.ReadAsync(cancel);
            var text = parse.GetValue(card);
            var choice = text is null ? null : CardChoice.Find(host, text);
            if (choice?.Obstacle is { } obstacle) return Refusal.Say(world, parse.GetValue(json), host, obstacle);
            var cards = choice?.Card is { } one ? [one] : CardChoice.Candidates(host);
            if (cards.Length == 0) return Refusal.Say(world, parse.GetValue(json), host, new Obstacle.NoCard());
            var examined = cards.Select(each => Examination.Of(host, each)).ToList();
            if (parse.GetValue(json)) JsonText.Print(world.Out, DoctorDocument.Of(host, examined), context => context.DoctorDocument);
            else Print(world.Page, host, examined);
            return examined.Any(one => one.IsRefused) ? ExitCodes.Refused : ExitCodes.Done;
        });
        return command;
    }

    private static void Print(TextPage page, HostSnapshot host, List<Examination> examined)
    {
        foreach (var one in examined)
        {
            page.Heading($"{one.Card} {Words.Target(one.Direction)}");
            foreach (var check in one.Checks) PrintCheck(page, check);
        }
        page.Unknowns(host);
    }

    private static void PrintCheck(TextPage page, Check check)
    {
        var mark = check.Holds switch
        {
            true => new Part("ok", Ink.Good),
            false => new Part("!!", Ink.Bad),
            null => new Part("??", Ink.Warn),
        };
        page.Line("  ", mark, $"  {check.Question} {check.Finding}");
        if (check.Obstacle is { } obstacle) page.Line($"      {obstacle.Remedy}");
    }
}
