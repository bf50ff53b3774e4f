using System.Runtime.InteropServices;

namespace GpuTty.Linux.Worker;

/// <summary>How to start this very program again, whatever the PATH and the current directory say.</summary>
/// <param name="Command">Absolute path, and the program's own file first where it runs on a shared runtime.</param>
/// <param name="Environment">All that it needs; nothing of the caller's is passed on.</param>
internal sealed record OwnProgram(string[] Command, string[] Environment)
{
    /// <exception cref="Host.HostException">The file has been replaced or removed since it was started.</exception>
    public static OwnProgram Find()
    {
        var file = File.ResolveLinkTarget("/proc/self/exe", returnFinalTarget: false)?.FullName ?? "";
        if (!File.Exists(file))
            throw new Host.HostException(
                "The program's own file has been replaced or removed since it was started.", "Leave gputty and start it again.");
        return new OwnProgram(
            Path.GetFileName(file) == "dotnet" ? [file, Path.GetFullPath(System.Environment.GetCommandLineArgs()[0])] : [file],
            ["LC_ALL=C.UTF-8", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", .. Runtime()]);
    }

    /// <summary>
    /// A development build runs on a shared runtime, which need not be where it is looked for, told from the one
    /// that runs now, and which opens a port for debuggers. The native program that is installed has neither.
    /// </summary>
    private static IEnumerable<string> Runtime()
    {
        var directory = RuntimeEnvironment.GetRuntimeDirectory();
        var end = directory.IndexOf("/shared/Microsoft.NETCore.App/", StringComparison.Ordinal);
        return end > 0 ? [$"DOTNET_ROOT={directory[..end]}", "DOTNET_EnableDiagnostics=0"] : [];
    }
}
