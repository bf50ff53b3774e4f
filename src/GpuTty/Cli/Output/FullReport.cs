using System.Collections.Immutable;
using System.Text;
using GpuTty.Diagnosis;
using GpuTty.Host;
using GpuTty.Host.Settings;

namespace GpuTty.Cli.Output;

/// <summary>
/// What a report holds besides where a machine is sent as a case: what every command says that changes nothing, the kernel's files about
/// cards, and the settings that count. Of files that may hold anything only those lines that something was found in.
/// </summary>
internal sealed class FullReport(CommandContext world, HiddenCommands entries)
{
    /// <summary>Everything that changes nothing, ends by itself and needs no argument of the user's own.</summary>
    public static ImmutableArray<string> Commands { get; } =
    [
        "status", "devices", "groups", "holders", "doctor", "plan vm", "plan host", "keep-off status", "pin status", "hook status",
        "boot show", "config", "config check", "guest xml", "guest qemu",
    ];

    /// <summary>Words in whose lines a secret may stand.</summary>
    private static readonly string[] s_secret = ["passw", "secret", "token", "credential", "private", "apikey", "api_key", "://", "key="];

    public async Task<IEnumerable<ReportFile>> OfAsync(HostSnapshot host, CancellationToken cancel) =>
    [
        new("commands.txt", "what each command says that changes nothing, with its exit code", await CommandsAsync(host, cancel)),
        new("files.txt", "the kernel's files about cards, IOMMU groups, modules and consoles, as they are", world.MachineFiles(cancel)),
        new("settings.txt", "settings of modprobe, udev, Xorg and the like, and lines elsewhere that doctor has found", Settings(host)),
    ];

    private async Task<string> CommandsAsync(HostSnapshot host, CancellationToken cancel)
    {
        var all = new StringBuilder();
        foreach (var line in Commands)
        {
            using var said = new StringWriter();
            // One look for all, so that they tell of one moment.
            var code = await CommandLine.RunAsync(
                line.Split(' '),
                world with
                {
                    Reader = () => new SeenMachine(host),
                    Out = said,
                    Error = said,
                    In = TextReader.Null,
                    IsTerminal = false,
                    UsesColour = false,
                },
                entries,
                cancel);
            all.Append($"$ gputty {line}\n{said.ToString().TrimEnd('\n')}\n[exit code {code}]\n\n");
        }
        return all.ToString();
    }

    private static string Settings(HostSnapshot host)
    {
        if (host.SettingsFiles is not { } settings) return "They could not be read.";
        var found = Findings.Of(host).Select(finding => finding.Where).OfType<SourceLine>().ToList();
        IEnumerable<string> whole =
            from file in settings.Modprobe.Concat(settings.UdevRules).Concat(settings.Boot).Concat(settings.Xorg)
            where !file.IsOfPackage
            select $"{file.Path}:\n{string.Concat(file.Lines.Select(line => $"  {Harmless(line.Text)}\n"))}";
        IEnumerable<string> lines =
            from file in settings.Units.Concat(settings.Hooks).Concat(settings.Scripts).Concat(settings.Environment)
            from line in file.Lines
            where found.Contains(new SourceLine(file.Path, line.Number))
            select $"{file.Path}:{line.Number}:\n  {Harmless(line.Text)}\n";
        IEnumerable<string> parameters =
            from file in settings.CommandLines
            let known = Report.Parameters(file.Text.Replace('"', ' ').Replace('\n', ' ')).ToList()
            where known.Count > 0
            select $"{file.Path} (parameters that matter):\n  {string.Join(' ', known)}\n";
        return string.Concat(whole.Concat(lines).Concat(parameters));
    }

    /// <summary>Such a line is no setting of a card, or one that is better asked for.</summary>
    private static string Harmless(string line) =>
        s_secret.Any(word => line.Contains(word, StringComparison.OrdinalIgnoreCase)) ? "(line removed)" : line;

    /// <summary>What was seen; nothing is looked at again.</summary>
    private sealed class SeenMachine(HostSnapshot host) : IHostReader
    {
        public Task<HostSnapshot> ReadAsync(SnapshotSections facts, HostSnapshot? before, CancellationToken cancel) =>
            Task.FromResult(host);

        public Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancel) => Task.CompletedTask;
    }
}
