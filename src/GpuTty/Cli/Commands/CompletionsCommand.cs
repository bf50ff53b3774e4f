using System.CommandLine;

namespace GpuTty.Cli.Commands;

/// <summary><c>gputty completions bash|zsh|fish</c>: a few lines that ask the program itself, so that they never fall behind it.</summary>
internal static class CompletionsCommand
{
    public static Command Create(CommandContext world)
    {
        var shell = new Argument<string>("bash|zsh|fish") { Description = "Which shell" };
        shell.AcceptOnly("bash", "zsh", "fish");
        var command = new Command("completions", "Print the completion script of a shell") { shell };
        command.SetAction(parse =>
        {
            world.Out.Write(parse.GetRequiredValue(shell) switch { "bash" => Bash, "zsh" => Zsh, _ => Fish });
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>Bash breaks words at colons, which PCI addresses are full of:
    /// what stands before the last one is cut from each answer.</summary>
    private const string Bash =
        """
        # bash completion for gputty
        _gputty() {
            local word=${COMP_LINE:0:COMP_POINT} answers prefix=
            word=${word##*[[:space:]]}
            [[ $COMP_WORDBREAKS == *:* && $word == *:* ]] && prefix=${word%"${word##*:}"}
            mapfile -t answers < <(gputty "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)
            COMPREPLY=()
            local answer
            for answer in "${answers[@]}"; do
                [[ $answer == "$word"* ]] && COMPREPLY+=("${answer#"$prefix"}")
            done
        }
        complete -o default -F _gputty gputty

        """;

    private const string Zsh =
        """
        #compdef gputty
        _gputty() {
            local -a answers
            local line="${(j: :)words[1,CURRENT-1]} $PREFIX"
            answers=("${(@f)$(gputty "[suggest:${#line}]" "$line" 2>/dev/null)}")
            # Where it is for a file, gputty has no answer that begins so.
            answers=(${(M)answers:#${(b)PREFIX}?*})
            if (( $#answers )); then compadd -a answers; else _files; fi
        }
        if [ "$funcstack[1]" = "_gputty" ]; then _gputty "$@"; else compdef _gputty gputty; fi

        """;

    private const string Fish =
        """
        # fish completion for gputty
        function __gputty_answers
            set -l line (commandline -cp | string trim -l)
            set -l word (commandline -ct)
            set -l answers (gputty "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null |
                string match -r -- '^'(string escape --style=regex -- "$word")'.+')
            if set -q answers[1]
                printf '%s\n' $answers
            else
                __fish_complete_path "$word"
            end
        end
        complete -c gputty -f -a '(__gputty_answers)'

        """;
}
