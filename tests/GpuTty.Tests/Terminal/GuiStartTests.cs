using System.Diagnostics;
using GpuTty.Tests.Figures;

namespace GpuTty.Tests.Terminal;

/// <summary>A program of root takes nothing from the folder and the home of whoever calls it.</summary>
public sealed class GuiStartTests
{
    [StraceFact]
    public void The_library_reads_no_configuration_of_the_caller_and_starts_nothing()
    {
        var folder = Directory.CreateTempSubdirectory("gputty-tui-");
        try
        {
            var calls = Path.Combine(folder.FullName, "calls");
            Directory.CreateDirectory(Path.Combine(folder.FullName, ".tui"));
            // Whoever opens it waits forever.
            using (var fifo = Process.Start("mkfifo", [Path.Combine(folder.FullName, ".tui", "config.json")])) fifo.WaitForExit();
            var command = $"sh -c 'cd {folder.FullName} && TERM=linux HOME={folder.FullName} "
                + $"TUI_CONFIG={folder.FullName}/.tui/config.json exec strace -f -e trace=openat,open,execve -o {calls} {Tmux.Trial} "
                + "views'";
            using (var program = new TerminalProgram(command, 80, 25)) program.ReadUntil("1 Cards", TimeSpan.FromSeconds(60));
            var lines = File.ReadAllLines(calls);
            Assert.Contains(lines, line => line.Contains("Terminal.Gui.dll", StringComparison.Ordinal));
            Assert.DoesNotContain(
                lines,
                line => line.Contains(".tui", StringComparison.Ordinal) && !line.Contains("execve", StringComparison.Ordinal));
            Assert.Single(
                lines,
                line => line.Contains("execve(", StringComparison.Ordinal) && !line.Contains("= -1", StringComparison.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
