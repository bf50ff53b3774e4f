using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using GpuTty.Interop;
using GpuTty.Tests.Linux.Processes;

namespace GpuTty.Tests.Linux;

/// <summary>A process of the tests that is another user's: it gives root up before it does anything (setresuid(2)).</summary>
internal static partial class SecondUser
{
    /// <summary>Nobody's, on every machine.</summary>
    public const int Uid = 65534;

    /// <summary>Waits until it has begun with it.</summary>
    public static async Task<Process> StartAsync(params string[] arguments)
    {
        var process = OtherProcess.Start(["attack", .. arguments]);
        var said = await process.StandardOutput.ReadLineAsync();
        Assert.True(said == "ready", $"{said} {(process.HasExited ? await process.StandardError.ReadToEndAsync() : "")}");
        return process;
    }

    /// <summary>In the other process.</summary>
    public static int Run(string[] arguments)
    {
        // As root, so that the node need not be open to all: who has access to a card's render node is given it by udev.
        using var node = arguments is ["hold" or "flip", var path, ..] ? Native.Open(path, Native.ReadWrite, 0) : null;
        // Loaded now: as somebody else this process may not even read the folder that the runtime is in.
        Console.Out.Flush();
        _ = Console.In;
        if (SetGroups(0, 0) != 0 || SetGroup(Uid, Uid, Uid) != 0 || SetUser(Uid, Uid, Uid) != 0) return 1;
        // As a process that has begun as him: what is his below /proc is his to write.
        const int setDumpable = 4;
        if (Control(setDumpable, 1) != 0) return 1;
        switch (arguments)
        {
            case ["hold", _, var name]:
                Rename(name);
                return Stay();
            case ["flip", _]:
                var count = 0;
                using (new Timer(_ => Rename(string.Create(CultureInfo.InvariantCulture, $"x{count++}")), null, 0, 1)) return Stay();
            default:
                return 64;
        }
    }

    private static int Stay()
    {
        Console.WriteLine("ready");
        Console.ReadLine();
        return 0;
    }

    /// <summary>The name of the process is that of its first thread (proc_pid_comm(5)).</summary>
    private static void Rename(string name) =>
        File.WriteAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/self/task/{Environment.ProcessId}/comm"), name);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Control(int option, nuint argument);

    [LibraryImport("libc", EntryPoint = "setgroups", SetLastError = true)]
    private static partial int SetGroups(nuint count, nint groups);

    [LibraryImport("libc", EntryPoint = "setresgid", SetLastError = true)]
    private static partial int SetGroup(int real, int effective, int saved);

    [LibraryImport("libc", EntryPoint = "setresuid", SetLastError = true)]
    private static partial int SetUser(int real, int effective, int saved);
}
