using GpuTty.Host.Pci;

namespace GpuTty.Linux.Worker;

/// <summary>The transient unit that brings the only card home when its virtual machine has ended: <c>gputty home</c>.</summary>
internal static class HomeUnit
{
    public const string Name = "gputty-home.service";

    public static string[] Arguments(OwnProgram program, PciAddress card) =>
    [
        $"--unit={Name}",
        "--description=GpuTty brings the only graphics card home",
        "--collect",
        "--quiet",
        "--no-ask-password",
        // Another switch may be in its way for a moment.
        "--property=Restart=on-failure",
        "--property=RestartSec=5",
        "--property=OOMScoreAdjust=-900",
        "--property=StandardInput=null",
        "--property=UMask=0077",
        "--property=UnsetEnvironment=TERM HOME",
        .. program.Environment.Select(pair => $"--setenv={pair}"),
        "--",
        .. program.Command.Select(WorkerUnit.Plain),
        "home",
        "--card",
        card.ToString(),
    ];
}
