using System.Globalization;
using GpuTty.Host.Pci;
using GpuTty.Linux.Worker;

namespace GpuTty.Linux.Vt;

/// <summary>
/// The transient unit of a program on a text console (systemd-run(1), systemd.exec(5)): it belongs to nobody's session, so the end of
/// a desktop does not touch it. There is no login and no shell: when the program ends, the console is empty and the one before is shown.
/// </summary>
internal static class ConsoleUnit
{
    /// <param name="vt">A console that nobody has open.</param>
    /// <param name="former">The console on the screen now.</param>
    public static string[] Arguments(OwnProgram program, int vt, int former, PciAddress? card) =>
    [
        $"--unit=gputty-tty{vt}.service",
        $"--description=GpuTty on tty{vt}",
        "--collect",
        "--quiet",
        "--no-ask-password",
        // The caller learns whether the program could be started at all, which needs the console.
        "--service-type=exec",
        // Whoever has taken the console in the meantime keeps it.
        "--property=StandardInput=tty-fail",
        "--property=StandardOutput=tty",
        "--property=StandardError=tty",
        $"--property=TTYPath=/dev/tty{vt}",
        "--property=TTYReset=yes",
        "--property=TTYVHangup=yes",
        "--property=TTYVTDisallocate=yes",
        // What clears up after a killed switch must not be killed with the screen.
        "--property=KillMode=process",
        "--property=UMask=0077",
        .. program.Environment.Append("TERM=linux").Select(pair => $"--setenv={pair}"),
        $"--property=ExecStopPost=-{string.Join(' ', program.Command.Select(WorkerUnit.Quote))} leave-console {Number(vt)} {Number(former)}",
        "--",
        .. program.Command.Select(WorkerUnit.Plain),
        "console",
        Number(vt),
        .. card is { } address ? [address.ToString()] : Array.Empty<string>(),
    ];

    private static string Number(int vt) => vt.ToString(CultureInfo.InvariantCulture);
}
