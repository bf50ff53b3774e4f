using GpuTty.Host.Pci;
using GpuTty.Linux.Systemd;

namespace GpuTty.Linux.Worker;

/// <summary>The transient unit that brings the only card home when its virtual machine has ended: <c>gputty home</c>.</summary>
internal static class AutoReturnUnit
{
    public const string Name = "gputty-home.service";

    public static TransientUnit Of(OwnProgram program, PciAddress card) =>
        new(
            Name, "GpuTty returns the only graphics card to the host",
            [.. program.Command.Select(TransientUnit.Plain), "home", "--card", card.ToString()], [.. program.Environment])
        {
            Settings =
            [
                // Another switch may be in its way for a moment.
                new TransientSetting.Text("Restart", "on-failure"),
                new TransientSetting.Span("RestartSec", TimeSpan.FromSeconds(5)),
                .. TransientUnit.OfRoot,
            ],
        };
}
