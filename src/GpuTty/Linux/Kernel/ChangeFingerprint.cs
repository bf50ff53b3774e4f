using GpuTty.Interop;

namespace GpuTty.Linux.Kernel;

/// <summary>A cheap look at what sends no message: modules' reference counts, sessions, the screen's VT, our own notes.</summary>
internal static class ChangeFingerprint
{
    /// <param name="withSessions">False where logind tells of sessions by itself.</param>
    public static int Read(FileSystemRoot root, bool withSessions)
    {
        var signs = new HashCode();
        signs.Add(SysFiles.Text(root.Proc("modules")));
        signs.Add(SysFiles.Word(root.Sys("class/tty/tty0/active")));
        foreach (var folder in (string[])[root.PciDevices, root.PciDrivers, root.Run("udev/rules.d"), root.Run("gputty")])
        {
            foreach (var name in SysFiles.Names(folder)) signs.Add(name);
        }
        if (withSessions)
        {
            foreach (var name in SysFiles.Names(root.Run("systemd/sessions"))) signs.Add(name);
            signs.Add(SysFiles.Text(root.Run("systemd/seats/seat0")));
        }
        return signs.ToHashCode();
    }
}
