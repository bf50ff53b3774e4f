using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;

namespace GpuTty.Lab.Driver;

/// <summary>The lab's side of the world: its folder, its image, and what it shares with the guest.</summary>
public static class LabHost
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> s_images = new();
    private static readonly Lazy<Task<string>> s_stagedShare = new(StageShareAsync);

    public static string Folder { get; } = typeof(LabHost).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(fact => fact.Key == "LabFolder").Value!;

    public static string Artifacts { get; } = Directory.CreateDirectory(Path.Combine(Folder, "artifacts")).FullName;

    /// <summary>Where the published program is, or null when the lab runs without one (run.sh says where).</summary>
    public static string? Program { get; } = Environment.GetEnvironmentVariable("GPUTTY_LAB_PROGRAM");

    /// <summary>Whether everything was asked for, with as many rounds as the claims name, and not the short form.</summary>
    public static bool IsFull { get; } = Environment.GetEnvironmentVariable("GPUTTY_LAB_FULL") == "1";

    /// <summary>Not in the type's own initialiser: the task would wait for that to end.</summary>
    private static readonly Lazy<bool> s_canSwitch = new(() => Program is not null
        && Task.Run(() => RunAsync(Program, "--help")).GetAwaiter().GetResult().Contains("switch", StringComparison.Ordinal));

    /// <summary>A program that cannot switch yet has nothing to prove here.</summary>
    public static bool ProgramCanSwitch => s_canSwitch.Value;

    /// <summary>The folder of a guest's image; built at first use, which takes minutes once.</summary>
    public static Task<string> ImageAsync(Guest guest) =>
        s_images.GetOrAdd($"{guest.Suite} {guest.Desktop}", image => new(() => RunScriptAsync("build-image.sh", image.Split(' ')))).Value;

    /// <summary>The folder that every guest sees read-only: the helpers of guest/, compiled, and the program.</summary>
    public static Task<string> ShareAsync() => s_stagedShare.Value;

    /// <summary>Adds the modules of guest/nvidia, made for this image's kernel.</summary>
    public static async Task StageModulesAsync(string image) => await RunScriptAsync("guest/stage-modules.sh", await ShareAsync(), image);

    /// <summary>Tells versions of a folder of guest/ apart.</summary>
    public static string Fingerprint(string software) => string.Concat(
        Directory.GetFiles(Path.Combine(Folder, "guest", software)).Append(Path.Combine(Folder, "guest", "hold.c"))
            .Order(StringComparer.Ordinal).Select(File.ReadAllText));

    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? (await output).Trim()
            : throw new LabException($"{program} {string.Join(' ', arguments)} failed ({process.ExitCode}):\n{await errors}{await output}");
    }

    private static Task<string> RunScriptAsync(string name, params string[] arguments) =>
        RunAsync(Path.Combine(Folder, name), arguments);

    private static async Task<string> StageShareAsync()
    {
        var share = Path.Combine(Artifacts, "share");
        await RunScriptAsync("guest/stage.sh", share);
        if (Program is not null) File.Copy(Program, Path.Combine(share, "bin", "gputty"), overwrite: true);
        return share;
    }
}
