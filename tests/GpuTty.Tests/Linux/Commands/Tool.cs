using System.Diagnostics;

namespace GpuTty.Tests.Linux.Commands;

/// <summary>Small programs of the system, for the tests.</summary>
internal static class Tool
{
    public static string Run(string program, params string[] arguments)
    {
        using var process =
            Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output.TrimEnd()
            : throw new InvalidOperationException($"{program}: {process.StandardError.ReadToEnd()}");
    }

    /// <summary>Looks again and again until it is so.</summary>
    public static async Task UntilAsync(Func<bool> isSo, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!isSo())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"waited in vain until {what}");
            await Task.Delay(10);
        }
    }
}
