using System.Text;

namespace GpuTty.Cli;

/// <summary><c>gputty demo MACHINE COMMAND ...</c>: a command on a simulated machine, and what it prints to type there next.</summary>
internal static class OnDemo
{
    private const string Program = "gputty ", Suggest = "[suggest:";

    /// <summary>Names of the commands that run on a simulated machine.</summary>
    public static HashSet<string> Commands(CommandContext world, HiddenCommands entries) =>
    [
        .. CommandLine.Root(world, entries).Subcommands
            .Where(command => command is { Hidden: false, Name: not ("demo" or "completions") }).Select(command => command.Name),
    ];

    public static bool Is(IReadOnlyList<string> args) => args.Count > 2 && args[0] == "demo" && !args[1].StartsWith('-');

    public static int NoSuchMachine(CommandContext world, string name) =>
        CommandLine.Complain(world, $"There is no simulated machine '{name}'.", "List them with: gputty demo --list");

    /// <summary>The same text, with the machine in each command that runs on it.</summary>
    public static string Placed(string text, string machine, HashSet<string> commands)
    {
        var placed = new StringBuilder();
        var from = 0;
        for (var at = text.IndexOf(Program, StringComparison.Ordinal); at >= 0; at = text.IndexOf(Program, from, StringComparison.Ordinal))
        {
            var next = at + Program.Length;
            placed.Append(text, from, next - from);
            from = next;
            if (commands.Contains(WordAt(text, next))) placed.Append("demo ").Append(machine).Append(' ');
        }
        return placed.Append(text, from, text.Length - from).ToString();
    }

    /// <summary>What the shell asks to complete behind a machine's name, as it would ask without; null for any other line.</summary>
    public static IReadOnlyList<string>? Completion(IReadOnlyList<string> args, HiddenCommands entries)
    {
        if (args is not [var position, var line] || !position.StartsWith(Suggest, StringComparison.Ordinal) || !position.EndsWith(']'))
            return null;
        if (!int.TryParse(position.AsSpan(Suggest.Length, position.Length - Suggest.Length - 1), out var at)) return null;
        if (line.Split(' ', 4) is not [var program, "demo", var machine, _] || entries.Machines().All(one => one.Name != machine))
            return null;
        var skipped = $"demo {machine} ".Length;
        return at - skipped < program.Length ? null : [$"{Suggest}{at - skipped}]", line.Remove(program.Length + 1, skipped)];
    }

    private static string WordAt(string text, int start)
    {
        var end = start;
        while (end < text.Length && (char.IsAsciiLetterLower(text[end]) || (text[end] == '-' && end > start))) end++;
        return text[start..end];
    }
}
