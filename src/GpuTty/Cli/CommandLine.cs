using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Reflection;
using GpuTty.Cli.Commands;
using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Switching;
using GpuTty.Text;

namespace GpuTty.Cli;

/// <summary>The command tree, and the one place where a command's end becomes an exit code.</summary>
internal static class CommandLine
{
    public static string Version { get; } =
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    // ENFILE and EMFILE (errno(3)), which .NET hands on as they are.
    private const int TooManyFilesHere = 24, TooManyFiles = 23;

    public static async Task<int> RunAsync(
        IReadOnlyList<string> args, CommandContext world, HiddenCommands entries, CancellationToken cancel = default)
    {
        if (OnDemo.Is(args) && OnDemo.Commands(world, entries) is var commands && commands.Contains(args[2]))
        {
            if (entries.Simulated(args[1]) is not { } simulated) return OnDemo.NoSuchMachine(world, args[1]);
            world.Remarks.Line($"The simulated machine {args[1]}: nothing here is real.");
            return await RunAsync(
                [.. args.Skip(2)], simulated with { Place = text => OnDemo.Placed(text, args[1], commands) }, entries, cancel);
        }
        if (OnDemo.Completion(args, entries) is { } there) args = there;
        ParseResult? parse = null;
        try
        {
            parse = Parse(args, world, entries);
            if (parse.Action is ParseErrorAction)
                return Complain(
                    world,
                    WhichOne(parse) ?? parse.Errors[0].Message,
                    Suggestion(parse) ?? $"See: {Path(parse.CommandResult.Command)} --help");
            return await parse.InvokeAsync(
                new InvocationConfiguration
                {
                    Output = parse.Action is HelpAction && NeedsCommand(parse) ? new RequiredCommandHelp(world.Out) : world.Out,
                    Error = world.Error,
                    EnableDefaultExceptionHandler = false,
                    // Ctrl+C is the matter of the command that runs: a switch must not end with it.
                    ProcessTerminationTimeout = null,
                }, cancel);
        }
        catch (AlreadyRunningException other)
        {
            return Refusal.Say(world, parse, CommandOutcome.AlreadyRunning, other);
        }
        catch (NeedsRootException refusal)
        {
            return Refusal.Say(world, parse, CommandOutcome.NeedsRoot, refusal);
        }
        catch (HostException refusal)
        {
            return Refusal.Say(world, parse, CommandOutcome.Refused, refusal);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (OutOfMemoryException)
        {
            world.Remarks.Problem(
                "There is not enough memory to go on.",
                "Close other programs, or raise the limit that this one was started with: ulimit -v unlimited");
            return ExitCodes.Bug;
        }
        catch (IOException failure) when (failure.HResult is TooManyFilesHere or TooManyFiles)
        {
            world.Remarks.Problem(
                "Too many files are open to go on.", "Raise the limit that this program was started with: ulimit -n 1024");
            return ExitCodes.Bug;
        }
        catch (IOException failure)
        {
            world.Remarks.Problem($"Reading or writing failed: {failure.Message}", $"Free some space, or see {world.LogFile}.");
            return ExitCodes.Bug;
        }
#pragma warning disable CA1031 // The last line of defence: a person gets a sentence, not a stack trace.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            world.Remarks.Problem(
                $"Internal error: {bug.GetType().Name}: {bug.Message}",
                $"Nothing more was done. See {world.LogFile}, and check the cards with: gputty status");
            return ExitCodes.Bug;
        }
    }

    /// <summary>A wrong command line: one sentence, one next action.</summary>
    public static int Complain(CommandContext world, string problem, string remedy)
    {
        world.Remarks.Problem(problem, remedy);
        return ExitCodes.Usage;
    }

    /// <summary>No @file arguments: a root program reads only what it is meant to read.</summary>
    internal static ParseResult Parse(IReadOnlyList<string> args, CommandContext world, HiddenCommands entries) =>
        Root(world, entries).Parse(
            args.Count > 0 && args[0] == "help" ? [.. args.Skip(1), "--help"] : args,
            new ParserConfiguration { ResponseFileTokenReplacer = null });

    internal static RootCommand Root(CommandContext world, HiddenCommands entries)
    {
        var root = new RootCommand(
            "Moves a graphics card between its host driver and vfio-pci, without a reboot. Without a command: the full-screen program.")
        {
            StatusCommand.Create(world),
            DevicesCommand.Create(world),
            GroupsCommand.Create(world),
            HoldersCommand.Create(world),
            DoctorCommand.Create(world),
            PlanCommand.Create(world),
            SwitchCommand.Create(world),
            UndoCommand.Create(world),
            ResumeCommand.Create(world),
            DismissCommand.Create(world),
            ConfirmCommand.Create(world),
            FollowCommand.Create(world),
            KeepOffCommand.Create(world),
            ReportCommand.Create(world, entries),
            PinCommand.Create(world),
            ClearOverrideCommand.Create(world),
            RescanCommand.Create(world),
            ConfigCommand.Create(world),
            HookCommand.Create(world),
            GuestCommand.Create(world),
            RunCommand.Create(world),
            RomCommand.Create(world),
            BootCommand.Create(world),
            DemoCommand.Create(world, entries),
            CompletionsCommand.Create(world),
            AutoReturnCommand.Create(world),
            Inner("worker", entries.Worker),
            Inner("recover", entries.Recover),
            Inner("supervise", entries.Supervise),
            Inner("console", entries.Console),
            Inner("leave-console", entries.LeaveConsole),
        };
        foreach (var alias in (string[])["/?", "/h", "-?"]) root.Options.OfType<HelpOption>().Single().Aliases.Remove(alias);
        root.Options.OfType<VersionOption>().Single().Action = new PrintVersion();
        root.Options.OfType<VersionOption>().Single().Aliases.Add("-V");
        var screen = new ScreenOptions();
        foreach (var option in screen.All) root.Options.Add(option);
        root.SetAction((parse, cancel) => world.IsTerminal || screen.Of(parse).Plain
            ? entries.Screen(screen.Of(parse), cancel)
            : Task.FromResult(Complain(world, "The full-screen program needs a terminal.", "Run it in one, or see: gputty status")));
        return root;
    }

    /// <summary>Commands that GpuTty gives to itself; whatever follows is theirs.</summary>
    private static Command Inner(string name, Func<IReadOnlyList<string>, CancellationToken, Task<int>> run)
    {
        var command = new Command(name) { Hidden = true, TreatUnmatchedTokensAsErrors = false };
        command.SetAction((parse, cancel) => run(parse.UnmatchedTokens, cancel));
        return command;
    }

    /// <summary>What was perhaps meant by a misspelt word; null when nothing
    /// is near. System.CommandLine prints its guesses, one a line.</summary>
    private static string? Suggestion(ParseResult parse)
    {
        if (parse.UnmatchedTokens.Count == 0 || parse.Action is not ParseErrorAction guess) return null;
        (guess.ShowHelp, guess.ShowTypoCorrections) = (false, true);
        using var said = new StringWriter();
        parse.Invoke(new InvocationConfiguration { Output = said, Error = TextWriter.Null });
        var command = parse.CommandResult.Command;
        var known = command.Subcommands
            .Where(sub => !sub.Hidden)
            .Select(sub => sub.Name)
            .Concat(command.Options.SelectMany(option => option.Aliases.Append(option.Name)));
        var guesses = said.ToString()
            .Split('\n', StringSplitOptions.TrimEntries)
            .Intersect(known)
            .Where(guess => IsLike(guess, parse.UnmatchedTokens[0]))
            .ToList();
        return guesses.Count == 0 ? null : $"Did you mean: {Path(command)} {string.Join(" or ", guesses)}? See: {Path(command)} --help";
    }

    /// <summary>Slips of the fingers keep the first letter, or all of them; another short word has been meant otherwise.</summary>
    private static bool IsLike(string guess, string typed) =>
        typed.Length > 0 && (guess[0] == typed[0] && !guess.StartsWith('-') || guess.Order().SequenceEqual(typed.Order())
        || (guess.StartsWith("--", StringComparison.Ordinal) && typed.StartsWith('-')));

    private static bool NeedsCommand(ParseResult parse) =>
        parse.CommandResult.Command is { Action: null, Subcommands.Count: > 0 };

    /// <summary>The commands of which one is missing, or is misspelt; null where another thing is wrong.</summary>
    private static string? WhichOne(ParseResult parse)
    {
        if (!NeedsCommand(parse)) return null;
        string[] words = [.. parse.CommandResult.Command.Subcommands.Where(command => !command.Hidden).Select(command => command.Name)];
        return parse.UnmatchedTokens is [var typed, ..] && !typed.StartsWith('-')
            ? $"'{Visible.Text(typed, 40)}' is none of {string.Join(", ", words[..^1])} and {words[^1]}."
            : $"Which one: {string.Join(", ", words[..^1])} or {words[^1]}?";
    }

    private static string Path(Command command) =>
        command is RootCommand ? "gputty" : $"{command.Parents.OfType<Command>().Select(Path).FirstOrDefault("gputty")} {command.Name}";

    private sealed class PrintVersion : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine($"gputty {Version}");
            return ExitCodes.Done;
        }
    }
}
