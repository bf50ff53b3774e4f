using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using GpuTty.Cli.Guests;
using GpuTty.Cli.Json;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Text;

namespace GpuTty.Cli.Output;

/// <summary>A file of the report.</summary>
/// <param name="About">What it holds, for the list that comes with it.</param>
internal sealed record ReportFile(string Name, string About, string Text);

/// <summary>
/// Everything that a bug report needs, in one archive: what the commands show, the last run, its log, the versions. Neither the
/// environment nor the arguments of anybody's programs; nothing in it can steer a terminal.
/// </summary>
internal static class Report
{
    public const string Folder = "gputty-report";

    /// <summary>Longer lines are nothing that a person reads. Documents are for programs, and cannot be cut.</summary>
    private const int LongestLine = 4000;

    /// <param name="full">Adds what else somebody needs who has another machine; null where a bug report is enough.</param>
    public static async Task<IReadOnlyList<ReportFile>> CollectAsync(
        CommandContext world, CancellationToken cancel, FullReport? full = null)
    {
        var files = new List<ReportFile>();
        var summary = "";
        HostSnapshot? host = null;
        try
        {
            host = await world.ReadAsync(
                cancel, SnapshotSections.SettingsFiles | SnapshotSections.Initramfs | SnapshotSections.TunableSettings);
            files.AddRange(OfMachine(world, host));
            if (full is not null) files.AddRange(await full.OfAsync(host, cancel));
            summary = Summary(world, host);
        }
        catch (HostException unreadable)
        {
            // A report of a machine that cannot be read is needed most of all.
            files.Add(new ReportFile("machine.txt", "why the machine could not be read", $"{unreadable.Message} {unreadable.Remedy}"));
        }
        files.AddRange(world.ReportFiles());
        files.Insert(0, Contents([.. files], summary));
        // Also of people who have no session now, and where the machine could not be read: a log may name them.
        var names = Pseudonyms.Of(host, world.LocalNames(), files);
        return [.. files
            .Select(file =>
                file with { Text = Inert(names.Hide(file), Path.GetExtension(file.Name) == ".json" ? int.MaxValue : LongestLine) })];
    }

    /// <summary>What a person wants to know first: what doctor says.</summary>
    private static string Summary(CommandContext world, HostSnapshot host)
    {
        using var text = new StringWriter();
        DoctorPrinter.Print(new TextPage(text, false), DoctorPages.Of(host, GpuTty.Diagnosis.Findings.Of(host), world.Configured()));
        return text.ToString();
    }

    public static byte[] Pack(IEnumerable<ReportFile> files, DateTimeOffset at)
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Optimal, leaveOpen: true))
        using (var tar = new TarWriter(zip, TarEntryFormat.Ustar))
        {
            foreach (var file in files)
            {
                using var content = new MemoryStream(Encoding.UTF8.GetBytes(file.Text));
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"{Folder}/{file.Name}")
                {
                    DataStream = content,
                    Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                    ModificationTime = at,
                });
            }
        }
        return bytes.ToArray();
    }

    /// <summary>What the archive is called where nobody says otherwise.</summary>
    public static string NameAt(DateTimeOffset local) => $"{Folder}-{local:yyyyMMdd-HHmmss}.tar.gz";

    private static IEnumerable<ReportFile> OfMachine(CommandContext world, HostSnapshot host)
    {
        var cards = Card.FindAll(host);
        var configured = world.Configured();
        var next = ConfiguredCard.Candidates(host, configured).Select(card => NextSwitch.Of(host, card, configured)).ToList();
        yield return Document(
            "status.json",
            "gputty status --json",
            StatusDocument.Of(host, LastRun.Of(world, host), next, GivenCard.Of(world, host)),
            context => context.StatusDocument);
        yield return Document(
            "devices.json", "gputty devices --json", DevicesDocument.Of(host, host.Devices), context => context.DevicesDocument);
        yield return Document("groups.json", "gputty groups --json", GroupsDocument.Of(host), context => context.GroupsDocument);
        yield return Document(
            "holders.json",
            "gputty holders --json: who holds the cards, by the names of programs, users and units",
            HoldersDocument.Of(host, cards),
            context => context.HoldersDocument);
        yield return Document(
            "doctor.json", "gputty doctor --json", DoctorDocument.Of(host, cards, configured), context => context.DoctorDocument);
        yield return new ReportFile(
            ReportedMachine.FileName,
            "the machine as gputty saw it; opened by gputty demo --from REPORT",
            ReportedMachine.Of(world, host with { CommandLine = string.Join(' ', Parameters(host.CommandLine)) }).Text());
        yield return new ReportFile(
            "kernel-parameters.txt",
            "those that are about graphics, IOMMU and modules; no others",
            string.Join('\n', Parameters(host.CommandLine)));
        var run = Run(world).ToList();
        if (run.Count > 0)
            yield return new ReportFile("run.jsonl", "the last switch, as gputty follow --json tells it", string.Join('\n', run));
    }

    private static ReportFile Document<T>(string name, string about, T document, Func<JsonContext, JsonTypeInfo<T>> type)
    {
        using var text = new StringWriter();
        JsonText.Print(text, document, type);
        return new ReportFile(name, about, text.ToString());
    }

    private static IEnumerable<string> Run(CommandContext world)
    {
        Switching.RunState? run = null;
        foreach (var entry in LastEvents(world))
        {
            run = entry is Switching.RunEvent.Opened opened ? Switching.RunState.Begin(opened) : run?.After(entry);
            using var line = new StringWriter();
            JsonText.PrintLine(line, RunDocument.Of(entry, run), context => context.RunDocument);
            yield return line.ToString().TrimEnd('\n');
        }
    }

    private static System.Collections.Immutable.ImmutableArray<Switching.RunEvent> LastEvents(CommandContext world)
    {
        try
        {
            return world.SwitchService().LastRun();
        }
        catch (HostException)
        {
            return [];
        }
    }

    /// <summary>A kernel command line may hold addresses and keys; only what a switch depends on goes into the report.</summary>
    internal static IEnumerable<string> Parameters(string commandLine) =>
        commandLine
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Where(parameter => s_telling.Any(start => parameter.StartsWith(start, StringComparison.Ordinal)));

    private static readonly string[] s_telling =
    [
        "iommu=", "intel_iommu=", "amd_iommu=", "vfio", "pci=", "pcie_", "nvidia", "nouveau", "amdgpu", "radeon", "i915", "xe.",
        "modprobe.blacklist=", "module_blacklist=",
        "rd.driver.", "initcall_blacklist=", "video=", "fbcon=", "nomodeset",
        "console=", "consoleblank=", "quiet", "loglevel=", "efifb", "simpledrm",
    ];

    private static ReportFile Contents(
        IEnumerable<ReportFile> files, string summary) => new("README.txt", "this list, and what doctor says",
        $"""
        A report of gputty {CommandLine.Version}. Names of the host and of its users, hardware and network addresses, serial numbers and UUIDs are replaced.
        It names programs, services, containers and virtual machines that have to do with a card: look through it before you give it away.
        It holds neither the environment nor the arguments of programs, and no keys or passwords that gputty knows of.

        {string.Join('\n', files.Select(file => $"{file.Name,-24} {file.About}"))}

        {summary}

        """);

    /// <summary>Whoever opens it in a terminal sees what was written, and nothing else happens.</summary>
    private static string Inert(string text, int longestLine) =>
        string.Join(
            '\n',
            text.Replace("\r\n", "\n", StringComparison.Ordinal)
                .Split('\n')
                .Select(line => Visible.Text(line.Replace('\t', ' '), longestLine))).TrimEnd('\n')
        + "\n";
}
