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
        argument.Validators.Add(result => Refuse(result, argument.HelpName ?? argument.Name, words));
        argument.CompletionSources.Add(_ => words.Select(word => new CompletionItem(word)));
        return argument;
    }

    private static void Refuse(SymbolResult result, string name, string[] words)
    {
        if (result.Tokens.FirstOrDefault(token => !words.Contains(token.Value)) is not { } wrong) return;
        var where = name.StartsWith('-') ? $"{name} takes" : "Here stands";
        result.AddError($"{where} {string.Join(", ", words[..^1])} or {words[^1]}, not '{Visible.Text(wrong.Value, 40)}'.");
    }
}
