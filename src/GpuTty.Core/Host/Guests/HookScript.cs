using System.Collections.Immutable;
using System.Text;
using GpuTty.Text;

namespace GpuTty.Host.Guests;

/// <summary>The small file that libvirt runs (libvirt hooks.rst): the begin of a start and the very end of
/// a guest are handed on to <c>gputty hook run</c>, everything else is answered by the file itself.</summary>
/// <param name="Program">Absolute path of gputty, and its own file where it runs on a shared runtime.</param>
/// <param name="Guests">The only guests that it is about; empty for all.</param>
public sealed record HookScript(
    [property: JsonPropertyName("program")] ImmutableArray<string> Program,
    [property: JsonPropertyName("guests")] ImmutableArray<string> Guests)
{
    /// <summary>Where it lies, below libvirt's configuration: libvirt 6.5 and newer run each file of that folder.</summary>
    public const string Folder = "hooks/qemu.d";
    public const string Name = "50-gputty";

    private const string Only = "--vm=";
    private const string Mark = "# Installed by: gputty hook install. To take it away: gputty hook remove";
    private const string Shell = """/bin/sh -c 'exec "$0" "$@"' """;

    /// <summary>
    /// A failure of reconnect ends a running guest, and one of any other operation is of no use to anybody. libvirt's AppArmor profile
    /// (usr.sbin.libvirtd) runs programs of /bin, /sbin, /usr/bin and /usr/sbin outside of itself, hooks within, and others not at all.
    /// </summary>
    public string Text() =>
        $"""
        #!/bin/sh
        {Mark}
        # Gives a graphics card to a virtual machine that is started, and takes it home when that has ended.
        # Nothing else that libvirt says is answered, and without gputty no virtual machine shall be kept from starting.
        [ "$2 $3" = 'prepare begin' ] || [ "$2 $3" = 'release end' ] || exit 0
        {OnlyThese()}[ -x {ShellWord.InQuotes(Program[0])} ] || exit 0
        # AppArmor lets a hook run the programs of /bin, and lets those run any other: hence a second shell.
        {Shell}{Call()}
        code=$?
        [ "$2" = prepare ] || exit 0
        [ $code = 126 ] || [ $code = 127 ] || exit $code
        # It could not be run: only a virtual machine that gets a device of this machine is kept from starting.
        while IFS= read -r line || [ -n "$line" ]; do
            case $line in *hostdev*|*vfio*) ;; *) continue ;; esac
            printf '%s %s\n' {ShellWord.InQuotes($"gputty: {Program[0]} cannot be run by libvirt, so it cannot give a card.")} \
                "Run it by hand to see why; to do without it: rm $0" >&2
            exit $code
        done
        exit 0

        """;

    /// <summary>As it was written before: it ran gputty itself, and for every operation.</summary>
    public string OlderText() =>
        $"""
        #!/bin/sh
        {Mark}
        # Gives a graphics card to a virtual machine that is started, and takes it home when that has ended.
        # Without gputty no virtual machine shall be kept from starting.
        [ -x {ShellWord.InQuotes(Program[0])} ] || exit 0
        exec {Call()}

        """;

    /// <summary>A hookscript of Proxmox VE, which runs it with PATH=/sbin:/bin:/usr/sbin:/usr/bin.</summary>
    public string ProxmoxText() =>
        $"""
        #!/bin/sh
        # Gives a graphics card to a virtual machine of Proxmox VE that is started, and takes it home when that has ended.
        # Without gputty no virtual machine shall be kept from starting.
        [ -x {ShellWord.InQuotes(Program[0])} ] || exit 0
        exec {string.Join(' ', Program.Select(ShellWord.InQuotes))} hook proxmox "$@"

        """;

    private string OnlyThese() => Guests.IsEmpty ? ""
        : $"case $1 in {string.Join('|', Guests.Select(ShellWord.InQuotes))}) ;; *) exit 0 ;; esac\n";

    private string Call() =>
        $"{string.Join(' ', Program.Select(ShellWord.InQuotes))} hook run "
        + string.Concat(Guests.Select(guest => $"{ShellWord.InQuotes($"{Only}{guest}")} ")) + "-- \"$@\"";

    /// <summary>True for a file that this or another version of gputty has written.</summary>
    public static bool IsOurs(string text) => text.Split('\n') is ["#!/bin/sh", Mark, ..];

    /// <summary>The guests of a file of ours, of this version or an older one, and the
    /// program that it runs; null where it was changed so that it runs no gputty.</summary>
    public static HookScript? Parse(string text)
    {
        if (text.Split('\n').Select(CallOf).FirstOrDefault(call => call is not null) is not { } line) return null;
        var words = Words(line);
        var run = words.IndexOf("hook");
        if (run < 1 || words.Length < run + 4 || words[run + 1] != "run" || words[^2] != "--") return null;
        var guests = words[(run + 2)..^2];
        return guests.All(word => word.StartsWith(Only, StringComparison.Ordinal))
            ? new HookScript(words[..run], [.. guests.Select(word => word[Only.Length..])])
            : null;
    }

    private static string? CallOf(string line) =>
        new[] { Shell, "exec " }.FirstOrDefault(by => line.StartsWith(by, StringComparison.Ordinal)) is { } by ? line[by.Length..] : null;

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
