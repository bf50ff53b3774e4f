using System.CommandLine;
using GpuTty.Cli.Output;
using GpuTty.Text;

namespace GpuTty.Cli.Commands;

/// <summary><c>gputty report</c>: one archive for a bug report.</summary>
internal static class ReportCommand
{
    public static Command Create(CommandContext world, HiddenCommands entries)
    {
        var output = new Option<string?>("--output", "-o") { Description = "Write it to this new file", HelpName = "FILE" }
            .NamesFile();
        var full = new Option<bool>("--full")
        {
            Description = "Add what every command says that changes nothing, and the files that were read",
        };
        var command = new Command(
            "report", "Write everything that a bug report needs into one archive, and say what is in it") { output, full };
        command.SetAction(async (parse, cancel) =>
        {
            var files = await Report.CollectAsync(world, cancel, parse.GetValue(full) ? new FullReport(world, entries) : null);
            var archive = Report.Pack(files, world.Now());
            var path = parse.GetValue(output) is { } named
                ? world.WriteForCaller(named, archive)
                : world.WriteReport(null, Report.NameAt(world.Now()), archive);
            foreach (var line in Table.Lines([.. files.Select(file => (string[])[file.Name, file.About])])) world.Page.Line(line);
            world.Page.Line();
            world.Page.Line($"The report is in {path}");
            if (parse.GetValue(output) is null && world.IsForUser())
                world.Page.Line(
                    $"Only root can read it. For a copy of your own: sudo install -m 600 -o \"$USER\" {ShellWord.Quoted(path)} .");
            world.Page.Line(
                "Names of the host and of its users, hardware addresses, serial numbers and UUIDs are replaced; "
                    + "check it before you publish it anyway.");
            if (!world.IsRoot)
                world.Remarks.Line(
                    "You are not root, so the journal, the log and the programs of others are missing. With sudo it tells more.");
            return ExitCodes.Done;
        });
        return command;
    }
}
