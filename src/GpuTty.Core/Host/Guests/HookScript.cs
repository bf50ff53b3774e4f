using System.Collections.Immutable;
using System.Text;
using GpuTty.Text;

namespace GpuTty.Host.Guests;

/// <summary>The small file that libvirt runs (libvirt hooks.rst): it hands everything on to <c>gputty hook run</c>.</summary>
/// <param name="Program">Absolute path of gputty, and its own file where it runs on a shared runtime.</param>
/// <param name="Guests">The only guests that it is about; empty for all.</param>
public sealed record HookScript(
    [property: JsonPropertyName("program")] ImmutableArray<string> Program,
    [property: JsonPropertyName("guests")] ImmutableArray<string> Guests)
{
    /// <summary>Where it lies, below /etc: libvirt 6.5 and newer run each file of that folder.</summary>
    public const string Folder = "libvirt/hooks/qemu.d";
    public const string Name = "50-gputty";

    private const string Only = "--vm=";
    private const string Mark = "# Installed by: gputty hook install. To take it away: gputty hook remove";

    public string Text() =>
        $"""
        #!/bin/sh
        {Mark}
        # Gives a graphics card to a virtual machine that is started, and takes it home when that has ended.
        # Without gputty no virtual machine shall be kept from starting.
        [ -x {ShellWord.InQuotes(Program[0])} ] || exit 0
        exec {string.Join(' ', Program.Select(ShellWord.InQuotes))} hook run {Named()}-- "$@"

        """;

    private string Named() => string.Concat(Guests.Select(guest => $"{ShellWord.InQuotes($"{Only}{guest}")} "));

    /// <summary>True for a file that this or another version of gputty has written.</summary>
    public static bool IsOurs(string text) => text.Split('\n') is ["#!/bin/sh", Mark, ..];

    /// <summary>The guests of a file of ours, and the program that it runs; null where it was changed by hand.</summary>
    public static HookScript? Parse(string text)
    {
        if (text.Split('\n').FirstOrDefault(line => line.StartsWith("exec ", StringComparison.Ordinal)) is not { } line
            || Words(line) is not ["exec", .. var words])
            return null;
        var run = words.IndexOf("hook");
        if (run < 1 || words.Length < run + 4 || words[run + 1] != "run" || words[^2] != "--") return null;
        var guests = words[(run + 2)..^2];
        return guests.All(word => word.StartsWith(Only, StringComparison.Ordinal))
            ? new HookScript(words[..run], [.. guests.Select(word => word[Only.Length..])])
            : null;
    }

    /// <summary>Words of a shell line as <see cref="ShellWord.InQuotes"/> writes them.</summary>
    private static ImmutableArray<string> Words(string line)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        var word = new StringBuilder();
        var isQuoted = false;
        for (var at = 0; at < line.Length; at++)
        {
            if (line[at] == '\'') isQuoted = !isQuoted;
            else if (!isQuoted && line[at] == '\\' && at + 1 < line.Length) word.Append(line[++at]);
            else if (!isQuoted && line[at] == ' ')
            {
                words.Add(word.ToString());
                word.Clear();
            }
            else word.Append(line[at]);
        }
        words.Add(word.ToString());
        return words.ToImmutable();
    }
}
