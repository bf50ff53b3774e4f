using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using GpuTty.Interop;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Desktop;
using GpuTty.Linux.State;
using GpuTty.Linux.Systemd;
using GpuTty.Linux.Worker;
using Microsoft.Win32.SafeHandles;

namespace GpuTty.Tests.Linux.Processes;

/// <summary>What the tests start as another process: somebody who has the
/// lock, a worker on a pretended machine, a stubborn program.</summary>
internal static partial class OtherProcess
{
    /// <summary>Below its root, what a worker has done to its pretended machine; no such file where that is nothing.</summary>
    public const string Done = "done";

    public static string[] Command(params string[] arguments) =>
        [
            Path.GetFullPath(File.ResolveLinkTarget("/proc/self/exe", returnFinalTarget: true)!.FullName),
            typeof(OtherProcess).Assembly.Location,
            .. arguments,
        ];

    public static Process Start(params string[] arguments)
    {
        var command = Command(arguments);
        return Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
            RedirectStandardError = true,
        })!;
    }

    public static int Run(string[] arguments)
    {
        switch (arguments)
        {
            case ["lock", var root]:
                using (SwitchLock.Take(StatePaths.Below(root).Run))
                {
                    Console.WriteLine("got it");
                    Console.ReadLine();
                }
                return 0;
            case ["host", var root, var pace, "worker", var request]:
                return RunWorker(root, request, TimeSpan.FromMilliseconds(int.Parse(pace, CultureInfo.InvariantCulture)));
            case ["switch", var root, var bus]:
                return (int)FakeKernel.KernelDrill.RunAsync(root, bus, TimeProvider.System).GetAwaiter().GetResult();
            case ["hold", var how, var node]:
                return Hold(how, node);
            case ["untold-holders"]:
                PidNamespaceTests.SayUntold();
                return 0;
            case ["file", var path]:
                SystemFile.Write(path, "for all");
                return 0;
            default:
                return 64;
        }
    }

    private static int RunWorker(string root, string request, TimeSpan pace)
    {
        var host = new PretendedHost(pace);
        // A systemctl of the test's own tells how the machine is.
        var tools = Directory.Exists($"{root}/tools") ? new CommandRunner([$"{root}/tools"]) : new CommandRunner();
        var worker =
            new SwitchWorker(StatePaths.Below(root), tools, new Buses(new FileSystemRoot(root)), TimeProvider.System, host, (_, _) => host);
        try
        {
            return (int)(worker.RunAsync(request).GetAwaiter().GetResult() ?? (GpuTty.Switching.Outcome)99);
        }
        finally
        {
            if (host.Done.Count > 0) File.WriteAllLines($"{root}/{Done}", host.Done);
        }
    }

    /// <summary>Holds a node as told, until it is asked to end: by a map alone, or by a descriptor, whose node it may take away.</summary>
    private static int Hold(string how, string node)
    {
        var handle = Native.Open(node, Native.ReadWrite | Native.CloseOnExec, 0);
        if (how == "map")
        {
            const int readWrite = 3, isPrivate = 2;
            if (Map(0, 4096, readWrite, isPrivate, handle, 0) == -1) return 1;
            handle.Dispose();
        }
        if (how == "gone") File.Delete(node);
        Console.WriteLine("ready");
        Console.ReadLine();
        return 0;
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(nint address, nint length, int protection, int flags, SafeFileHandle file, long offset);
}
