using System.Collections.Immutable;
using GpuTty.Diagnosis;
using GpuTty.Host;
using GpuTty.Planning.Plans;
using GpuTty.Switching;
using GpuTty.Terminal;

namespace GpuTty.Tui;

/// <summary>What can happen to the program; the only way in which anything changes.</summary>
internal abstract record Msg
{
    private Msg() { }

    public sealed record KeyPressed(Key Key) : Msg;
    public sealed record Pasted(string Text) : Msg;

    /// <summary>The mouse.</summary>
    /// <param name="IsDouble">A second press in the same place, soon after the first.</param>
    public sealed record Pointed(int X, int Y, MouseAct Act, bool IsDouble = false) : Msg;
    public sealed record Resized(int Width, int Height) : Msg;

    /// <summary>Somebody else may have written over the screen.</summary>
    public sealed record ScreenReturned : Msg;

    public sealed record HostRead(HostSnapshot Host) : Msg;
    public sealed record HostUnreadable(string Problem) : Msg;

    /// <summary>A new event of the run that is followed.</summary>
    public sealed record RunReported(RunEvent Event) : Msg;

    /// <summary>What is known of earlier runs; only read where none is followed.</summary>
    /// <param name="Begun">The newest one that began a step.</param>
    /// <param name="Unfinished">Those that did not end whole, oldest first.</param>
    public sealed record JournalsRead(
        ImmutableArray<RunEvent> Begun, ImmutableArray<ImmutableArray<RunEvent>> Unfinished) : Msg;

    /// <summary>There is nothing more to follow: the run is closed, or its worker is gone.</summary>
    public sealed record RunLeft : Msg;

    /// <summary>The worker has taken the plan that was handed in.</summary>
    public sealed record RunTaken : Msg;

    /// <summary>The run was not begun.</summary>
    public sealed record RunRefused(string Problem, string Remedy) : Msg;

    /// <summary>Nobody could be asked to roll the run back.</summary>
    public sealed record TakeBackRefused : Msg;

    /// <summary>A line of the run's log.</summary>
    public sealed record Logged(LogLine Line) : Msg;

    /// <summary>A line of the kernel, heard by this program itself.</summary>
    public sealed record KernelSaid(LogLine Line) : Msg;

    /// <summary>The kernel cannot be heard by this program any more; a run still tells what it hears.</summary>
    public sealed record KernelSilent : Msg;

    /// <summary>Somebody has set the clock back: what comes now is later anyway.</summary>
    public sealed record ClockSetBack : Msg;

    /// <summary>How something ended that was asked for by a key.</summary>
    public sealed record Told(string Text, bool IsTrouble = false) : Msg;

    /// <summary>Lines could not be copied to the file that the user has named.</summary>
    /// <param name="Path">As it was typed.</param>
    /// <param name="Why">In whole sentences, with what to do.</param>
    public sealed record CopyRefused(string Path, ImmutableArray<string> Lines, string Why) : Msg;

    /// <summary>What the configuration says now.</summary>
    public sealed record Configured(ConfiguredSwitch Switch) : Msg;

    /// <summary>What a command has printed.</summary>
    public sealed record CommandSaid(ImmutableArray<string> Words, string Text) : Msg;

    /// <summary>What the doctor has found.</summary>
    public sealed record Examined(DiagnosisPage Page) : Msg;

    /// <summary>What the doctor would change.</summary>
    public sealed record FixOffered(FixOffer Offer) : Msg;

    /// <summary>The machine could not be looked at for the doctor.</summary>
    public sealed record DoctorFailed(string Problem) : Msg;

    /// <summary>Time goes by; only sent while a run is on the screen.</summary>
    public sealed record Tick(DateTimeOffset Now) : Msg;
}
