using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using GpuTty.Tests.Linux.Commands;

namespace GpuTty.Tests.Linux;

/// <summary>The lab's attack programs (tests/lab/guest/*.c), run on this machine as somebody else.</summary>
internal static class AttackProgram
{
    private static readonly ConcurrentDictionary<string, string> s_built = new();
    private static readonly Lazy<string> s_folder = new(MakeFolder);

    /// <summary>The C compiler of this machine; null where it has none.</summary>
    public static string? Compiler { get; } = ((string[])["/usr/bin/gcc", "/usr/bin/clang"]).FirstOrDefault(File.Exists);

    /// <summary>Where one lies that has been built.</summary>
    public static string PathOf(string name) => s_built.GetOrAdd(name, Build);

    /// <summary>Starts one as a second user who has given up everything of root's.</summary>
    public static Process Start(string name, params string[] arguments)
    {
        string[] asUser = ["--reuid", $"{SecondUser.Uid}", "--regid", $"{SecondUser.Uid}", "--clear-groups", PathOf(name)];
        return Process.Start(new ProcessStartInfo("setpriv", [.. asUser, .. arguments]) { RedirectStandardOutput = true })!;
    }

    /// <summary>Starts one that says when it is ready.</summary>
    public static async Task<Process> StartReadyAsync(string name, params string[] arguments)
    {
        var process = Start(name, arguments);
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync());
        return process;
    }

    private static string Build(string name)
    {
        var program = Path.Combine(s_folder.Value, name);
        Tool.Run(
            Compiler!,
            "-O1",
            "-pthread",
            "-o",
            program,
            Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "lab", "guest", $"{name}.c"));
        return program;
    }

    /// <summary>Another user enters it, whatever the mask of the tests is.</summary>
    private static string MakeFolder()
    {
        var folder = Directory.CreateTempSubdirectory("gputty-attacks").FullName;
        File.SetUnixFileMode(folder, (UnixFileMode)0x1ed);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }

    private static string Here([CallerFilePath] string file = "") => file;
}

/// <summary>Needs root and a C compiler. Shown as skipped otherwise.</summary>
internal sealed class AttackFactAttribute : FactAttribute
{
    public AttackFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess || AttackProgram.Compiler is null) Skip = "needs root and a C compiler";
    }
}
