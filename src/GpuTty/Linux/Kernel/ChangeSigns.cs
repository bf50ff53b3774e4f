using GpuTty.Interop;

namespace GpuTty.Linux.Kernel;

/// <summary>A cheap look at what sends no message: modules' reference counts, sessions, the screen's VT, our own notes.</summary>
internal static class ChangeSigns
{
    public static int Read(MachineRoot root)
    {
        var signs = new HashCode();
        signs.Add(Files.Text(root.Proc("modules")));
        signs.Add(Files.Word(root.Sys("class/tty/tty0/active")));
        foreach (var folder in (string[])[root.PciDevices, root.PciDrivers, root.Run("systemd/sessions"), root.Run("udev/rules.d"), root.Run("gputty")])
        {
            foreach (var name in Files.Names(folder)) signs.Add(name);
        }
        signs.Add(Files.Text(root.Run("systemd/seats/seat0")));
        return signs.ToHashCode();
    }
}
