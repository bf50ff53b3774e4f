using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using GpuTty.Text;

namespace GpuTty.Cli.Commands;

/// <summary>Values of which one is meant: another is refused in one line that names them all, and the shell completes them.</summary>
internal static class OneOf
{
    public static Option<T> AcceptOnly<T>(this Option<T> option, params string[] words)
    {
        option.Validators.Add(result => Refuse(result, option.Name, words));
        option.CompletionSources.Add(_ => words.Select(word => new CompletionItem(word)));
        return option;
    }

    public static Argument<T> AcceptOnly<T>(this Argument<T> argument, params string[] words)
    {
        // Else the list of the help has them in the order of the alphabet, and the line of usage as they are named.
        argument.HelpName = argument.Name;
        argument.Validators.Add(result => Refuse(result, null, words));
        argument.CompletionSources.Add(_ => words.Select(word => new CompletionItem(word)));
        return argument;
    }

    /// <summary>An empty name, as of a variable that is not set, is none.</summary>
    public static Option<T> NamesFile<T>(this Option<T> option)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => token.Value.Length == 0)) result.AddError($"{option.Name} takes the name of a file.");
        });
        return option;
    }

    public static Argument<T> NamesFile<T>(this Argument<T> argument)
    {
        argument.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => token.Value.Length == 0)) result.AddError($"{argument.Name} is the name of a file.");
        });
        return argument;
    }

    /// <param name="option">Null for the word of a command.</param>
    private static void Refuse(SymbolResult result, string? option, string[] words)
    {
        if (result.Tokens.FirstOrDefault(token => !words.Contains(token.Value)) is not { } token) return;
        var wrong = $"'{Visible.Text(token.Value, 40)}'";
        result.AddError(option is not null ? $"{option} takes {string.Join(", ", words[..^1])} or {words[^1]}, not {wrong}."
            : words is [var one, var other] ? $"{wrong} is neither {one} nor {other}."
            : $"{wrong} is none of {string.Join(", ", words[..^1])} and {words[^1]}.");
    }
}
