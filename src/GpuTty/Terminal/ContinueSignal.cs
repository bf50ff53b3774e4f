using System.Runtime.InteropServices;

namespace GpuTty.Terminal;

/// <summary>Tells when the program goes on after it was stopped (SIGCONT).</summary>
internal static class ContinueSignal
{
    public static PosixSignalRegistration Create(Action goesOn) => PosixSignalRegistration.Create(PosixSignal.SIGCONT, context =>
    {
        // Else the runtime would afterwards set the line as it was when the program began, and key presses would become lines.
        context.Cancel = true;
        goesOn();
    });
}
