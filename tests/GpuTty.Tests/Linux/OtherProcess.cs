using System.Diagnostics;
using System.Globalization;
using GpuTty.Linux;

namespace GpuTty.Tests.Linux;

/// <summary>What the tests start as another process: somebody who has the lock, a worker on a pretended machine, a stubborn program.</summary>
internal static class OtherProcess
{
    public static string[] Command(params string[] arguments) =>
        [Path.GetFullPath(File.ResolveLinkTarget("/proc/self/exe", returnFinalTarget: true)!.FullName), typeof(OtherProcess).Assembly.Location, .. arguments];

    public static Process Start(params string[] arguments)
    {
        var command = Command(arguments);
        return Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardInput = true, RedirectStandardError = true })!;
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
            case ["host", var root, var pace, "worker"]:
                return RunWorker(root, TimeSpan.FromMilliseconds(int.Parse(pace, CultureInfo.InvariantCulture)));
            case ["switch", var root, var bus]:
                return (int)FakeKernel.KernelDrill.RunAsync(root, bus, TimeProvider.System).GetAwaiter().GetResult();
            default:
                return 64;
        }
    }

    private static int RunWorker(string root, TimeSpan pace)
    {
        var host = new PretendedHost(pace);
        // A systemctl of the test's own tells how the machine is.
        var tools = Directory.Exists($"{root}/tools") ? new CommandRunner([$"{root}/tools"]) : new CommandRunner();
        var worker = new Worker(StatePaths.Below(root), tools, TimeProvider.System, host, (_, _) => host);
        return (int)(worker.RunAsync().GetAwaiter().GetResult() ?? (GpuTty.Switching.Outcome)99);
    }
}
