using System.Diagnostics;

namespace GpuTty.Tests;

/// <summary>The program as it was built, started as somebody starts it, who may mean ill or speak any language.</summary>
public sealed class RealProgramTests : IDisposable
{
    /// <summary>Read-only, and together they ask every tool that looking needs.</summary>
    private static readonly string[] s_commands =
    [
        "status", "doctor", "plan vm", "switch vm --dry-run", "keep-off status", "report --output report.tar.gz", "--nonsense",
    ];

    private static readonly string[] s_tools =
        [
            "lspci", "lsmod", "modprobe", "rmmod", "modinfo", "systemctl", "systemd-run", "loginctl", "journalctl", "udevadm",
            "tee", "dmesg", "fuser", "lsof", "sh", "bash", "sudo", "id", "uname", "dotnet",
        ];

    private readonly string _folder = Directory.CreateTempSubdirectory("gputty-program").FullName;

    [Fact]
    public async Task M28_no_tool_of_the_caller_is_run()
    {
        var program = Copy();
        string[] places = [
            Directory.CreateDirectory($"{_folder}/path").FullName,
            Directory.CreateDirectory($"{_folder}/current").FullName,
            program,
        ];
        foreach (var place in places)
            foreach (var tool in s_tools)
            {
                await File.WriteAllTextAsync($"{place}/{tool}", $"#!/bin/sh\necho $0 >>{_folder}/ran\n");
                File.SetUnixFileMode($"{place}/{tool}", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        Dictionary<string, string> environment = new()
        {
            ["PATH"] = $".:{places[0]}",
            ["HOME"] = places[1],
            ["SHELL"] = $"{places[0]}/sh",
            ["PAGER"] = $"{places[0]}/sh",
            ["TMPDIR"] = places[1],
        };
        // The bait is good: who asks for a bare name gets it.
        using (var bait = Process.Start(new ProcessStartInfo($"{places[1]}/lspci") { WorkingDirectory = places[1] })!)
            await bait.WaitForExitAsync();
        Assert.Single(await File.ReadAllLinesAsync($"{_folder}/ran"));
        File.Delete($"{_folder}/ran");

        foreach (var command in s_commands) Assert.Matches("status [0-5]$", await SayAsync(program, command, places[1], environment));

        Assert.False(File.Exists($"{_folder}/ran"), File.Exists($"{_folder}/ran") ? await File.ReadAllTextAsync($"{_folder}/ran") : "");
    }

    [Fact]
    public async Task M29_in_every_language_the_program_says_the_same()
    {
        var program = Copy();
        // What makes it so; on a machine without the languages below nothing else would show that it is gone.
        Assert.Matches("\"System.Globalization.Invariant\": true", await File.ReadAllTextAsync($"{program}/gputty.runtimeconfig.json"));
        Dictionary<string, string>[] languages =
        [
            [], new() { ["LC_ALL"] = "C" }, new() { ["LANG"] = "tr_TR.UTF-8", ["LC_ALL"] = "tr_TR.UTF-8", ["LANGUAGE"] = "tr" },
            new() { ["LANG"] = "de_DE.UTF-8", ["LC_ALL"] = "de_DE.UTF-8", ["LANGUAGE"] = "de" },
        ];
        foreach (var command in (string[])["status", "doctor --json", "--help", "--nonsense"])
        {
            var said = new List<string>();
            foreach (var language in languages) said.Add(await SayAsync(program, command, "/", language));
            Assert.Matches("status [0-5]$", said[0]);
            Assert.All(said, text => Assert.Equal(said[0], text));
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>What belongs to the program and nothing else, in a folder of its own.</summary>
    private string Copy()
    {
        var to = Directory.CreateDirectory($"{_folder}/program").FullName;
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(AppContext.BaseDirectory, file);
            if (!IsOfProgram(name)) continue;
            Directory.CreateDirectory(Path.GetDirectoryName($"{to}/{name}")!);
            File.Copy(file, $"{to}/{name}");
        }
        return to;
    }

    private static bool IsOfProgram(string name) =>
        name.StartsWith("gputty", StringComparison.Ordinal) || (name.EndsWith(".dll", StringComparison.Ordinal)
            && ((string[])[
                "GpuTty.Core", "CliWrap", "Serilog", "System.CommandLine", "System.IO.Hashing", "Tmds.DBus.Protocol",
            ]).Any(Path.GetFileName(name).StartsWith));

    private static async Task<string> SayAsync(string program, string arguments, string folder, Dictionary<string, string> environment)
    {
        // The program's own launcher, so that its folder is the one it looks at; where the runtime is, it must be told.
        var runtime = Path.GetDirectoryName(File.ResolveLinkTarget("/proc/self/exe", returnFinalTarget: true)!.FullName)!;
        var start = new ProcessStartInfo($"{program}/gputty", arguments.Split(' '))
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["DOTNET_ROOT"] = runtime;
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return $"{output}{await errors}status {process.ExitCode}";
    }
}
