using System.Collections.Immutable;
using System.Globalization;
using GpuTty.Host.Pci;
using GpuTty.Linux.Systemd;
using GpuTty.Linux.Worker;

namespace GpuTty.Linux.Vt;

/// <summary>
/// The transient unit of a program on a text console (systemd.exec(5)): it belongs to nobody's session, so the end of
/// a desktop does not touch it. There is no login and no shell: when the program ends, the console is empty and the one before is shown.
/// </summary>
internal static class ConsoleUnit
{
    /// <param name="vt">A console that nobody has open.</param>
    /// <param name="former">The console on the screen now.</param>
    public static TransientUnit Of(OwnProgram program, int vt, int former, PciAddress? card)
    {
        ImmutableArray<string> command = [.. program.Command.Select(TransientUnit.Plain)];
        return new TransientUnit(
            $"gputty-tty{Number(vt)}.service", $"GpuTty on tty{Number(vt)}",
            [.. command, "console", Number(vt), .. card is { } address ? [address.ToString()] : Array.Empty<string>()],
            [.. program.Environment, "TERM=linux"])
        {
            Settings =
            [
                // The caller learns whether the program could be started at all, which needs the console.
                new TransientSetting.Text("Type", "exec"),
                // Whoever has taken the console in the meantime keeps it.
                new TransientSetting.Text("StandardInput", "tty-fail"),
                new TransientSetting.Text("StandardOutput", "tty"),
                new TransientSetting.Text("StandardError", "tty"),
                new TransientSetting.Text("TTYPath", $"/dev/tty{Number(vt)}"),
                new TransientSetting.Flag("TTYReset", true),
                new TransientSetting.Flag("TTYVHangup", true),
                new TransientSetting.Flag("TTYVTDisallocate", true),
                // What clears up after a killed switch must not be killed with the screen.
                new TransientSetting.Text("KillMode", "process"),
                new TransientSetting.Mask("UMask", TransientUnit.OnlyOwner),
            ],
            Afterwards = [[.. command, "leave-console", Number(vt), Number(former)]],
        };
    }

    private static string Number(int vt) => vt.ToString(CultureInfo.InvariantCulture);
}
