using System.Collections.Immutable;
using GpuTty.Diagnosis;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;

namespace GpuTty.Tui;

/// <summary>What the program wants from the world; plain data, so that tests compare it and only the loop acts.</summary>
internal abstract record Effect
{
    private Effect() { }

    public sealed record ReadHost : Effect;
    public sealed record BeginRun(SwitchPlan Plan) : Effect;
    public sealed record TakeBack : Effect;

    /// <summary>An interrupted run is left as it is.</summary>
    public sealed record Dismiss(Switching.RunEvent.Opened Run) : Effect;

    /// <summary>Tells the worker what a person wants of the step that waits.</summary>
    public sealed record Ask(Switching.RunRequest RunRequest) : Effect;
    public sealed record ShowTerminal(int Vt) : Effect;

    /// <summary>Starts this program once more on a free text console, with this card.</summary>
    public sealed record OpenConsole(PciAddress? Card) : Effect;
    public sealed record WriteReport : Effect;

    /// <summary>Runs a command of gputty's that asks nothing; what it prints comes back.</summary>
    public sealed record RunCommand(ImmutableArray<string> Words) : Effect;

    /// <summary>The doctor looks at the machine, and says what is found.</summary>
    public sealed record Examine : Effect;

    /// <summary>The doctor shows what it would change.</summary>
    /// <param name="Code">Of these findings alone; null for all.</param>
    public sealed record OfferFix(string? Code) : Effect;

    public sealed record Fix(FixOffer Offered) : Effect;

    /// <summary>Writes the lines that the log shows to a file.</summary>
    public sealed record SaveLog(ImmutableArray<string> Lines) : Effect;

    /// <summary>Writes lines to a new file that the user has named.</summary>
    public sealed record Copy(string Path, ImmutableArray<string> Lines) : Effect;

    /// <summary>Draws every cell again, because nobody knows what is on the screen.</summary>
    public sealed record Repaint : Effect;

    /// <summary>Drops keys that were typed before the user can have read the question.</summary>
    public sealed record ForgetTyped : Effect;

    public sealed record Quit(int ExitCode = 0) : Effect;
}
