using GpuTty.Switching;

namespace GpuTty.Cli;

/// <summary>What scripts may rely on; documented in gputty(1).</summary>
internal static class ExitCodes
{
    /// <summary>Done, or already so.</summary>
    public const int Done = 0;

    /// <summary>The command line itself is wrong.</summary>
    public const int Usage = 1;

    /// <summary>Refused, and nothing was changed: the obstacles are on standard error.</summary>
    public const int Refused = 2;

    /// <summary>A step failed, and everything that was done has been rolled back.</summary>
    public const int TakenBack = 3;

    /// <summary>A step failed, and something could not be rolled back.</summary>
    public const int LeftHalfway = 4;

    public const int NeedsRoot = 5;
    public const int AnotherSwitch = 6;

    /// <summary>A mistake in this program, or an input or output that failed: EX_SOFTWARE
    /// of sysexits(3), far from the codes with a meaning of their own.</summary>
    public const int Bug = 70;

    /// <summary>Ended by Ctrl+C before anything was begun: 128 and the number of SIGINT, as shells
    /// report a program that the signal has killed. A switch that runs does not end with it.</summary>
    public const int Interrupted = 130;

    public static int Of(Outcome outcome) => Of(CommandOutcomes.Of(outcome));

    public static int Of(CommandOutcome outcome) => outcome switch
    {
        CommandOutcome.Ready or CommandOutcome.Completed or CommandOutcome.NothingToDo or CommandOutcome.NoRun => Done,
        CommandOutcome.UsageError => Usage,
        CommandOutcome.RolledBack => TakenBack,
        CommandOutcome.LeftHalfway => LeftHalfway,
        CommandOutcome.NeedsRoot => NeedsRoot,
        CommandOutcome.AlreadyRunning => AnotherSwitch,
        _ => Refused,
    };
}
