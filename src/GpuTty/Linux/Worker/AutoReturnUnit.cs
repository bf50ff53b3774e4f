using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Systemd;

namespace GpuTty.Linux.Worker;

/// <summary>The transient unit that brings the only card home when its virtual machine has ended: <c>gputty home</c>.</summary>
internal static class AutoReturnUnit
{
    public const string Name = "gputty-home.service";

    /// <returns>Why it could not be started; null where it was.</returns>
    public static async Task<string?> StartAsync(Buses buses, CommandRunner tools, PciAddress card, bool atOnce = false)
    {
        try
        {
            var started = await new TransientUnits(buses, tools).StartAsync(
                Of(OwnProgram.Find(), card, atOnce), TimeSpan.FromSeconds(60), CancellationToken.None);
            // The recovery runs twice.
            return atOnce && started.Exists ? null : started.Problem;
        }
        catch (HostException failed)
        {
            // The program has been exchanged in the middle.
            return failed.Message;
        }
    }

    /// <param name="atOnce">The card has not been given to a virtual machine yet, or not completely: none is waited for.</param>
    public static TransientUnit Of(OwnProgram program, PciAddress card, bool atOnce = false) =>
        new(
            Name, "GpuTty returns the only graphics card to the host",
            [.. program.Command.Select(TransientUnit.Plain), "home", "--card", card.ToString(), .. atOnce ? ["--at-once"] : (string[])[]],
            [.. program.Environment])
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
