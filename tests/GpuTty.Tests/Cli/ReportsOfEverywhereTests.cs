using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;
using GpuTty.Cli;
using GpuTty.Cli.Output;
using GpuTty.Diagnosis;
using GpuTty.Host;
using GpuTty.Simulation;
using GpuTty.Tests.Cases;
using GpuTty.Tests.Linux;
using GpuTty.Tests.Linux.Pci;
using GpuTty.Tests.Tui;

namespace GpuTty.Tests.Cli;

/// <summary>Whoever opens a report sees what its machine showed: of every
/// simulated machine, of strangers' machines and of captured ones.</summary>
public sealed class ReportsOfEverywhereTests(CapturedMachines captured) : IClassFixture<CapturedMachines>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gputty-everywhere").FullName;

    public static TheoryData<string> Simulated => [.. Machines.All.Select(machine => machine.Name)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory, MemberData(nameof(Simulated))]
    public void Of_a_simulated_machine(string name) =>
        AssertSame(Machines.Find(name)!.Machine.Snapshot(SnapshotSections.All | SnapshotSections.SettingsFiles));

    [RootFact]
    public async Task Of_every_stranger_s_machine()
    {
        foreach (var name in StrangersMachine.Names)
        {
            using var machine = StrangersMachine.Load(name);
            AssertSame(await machine.ReadAsync());
        }
    }

    [RootTheory, MemberData(nameof(CapturedMachines.Names), MemberType = typeof(CapturedMachines))]
    public void Of_a_captured_machine(string name) => AssertSame(captured.Read(name));

    private void AssertSame(HostSnapshot host)
    {
        // A session of its own at the machine: the report knows people by other names from the first look on.
        var seen = ReportedMachineTests.Renamed(host);
        var folder = Directory.CreateDirectory(Path.Combine(_folder, Guid.NewGuid().ToString("N"))).FullName;
        Assert.Equal(ExitCodes.Done, Gputty.On(seen).With(reportsGoTo: folder).Run("report").Code);
        var packed = System.IO.File.ReadAllBytes(Directory.EnumerateFiles(folder).Single());
        var read = ReportArchive.Read(packed, "it").Machine;

        foreach (var keys in (string[])["", "2\n", "v\n", "h\n\n"])
            Assert.Equal(Play.At(seen).Type(keys).Text(), Play.At(read).Type(keys).Text());
        var unexplained = seen with { SettingsFiles = null };
        foreach (var line in (string[])["status", "devices", "groups", "holders", "plan vm", "plan host", "doctor", "doctor --json"])
            Assert.Equal(Gputty.On(unexplained).Run(line.Split(' ')), Gputty.On(read).Run(line.Split(' ')));

        // The doctor's page, with what it found in files that never leave the machine.
        var there = new Doctor(Gputty.On(seen).World(TextWriter.Null, TextWriter.Null)).Examine(seen);
        var packedFindings = ReportArchive.Read(packed, "it").FindingsThere();
        var here = new Doctor(Gputty.On(read).World(TextWriter.Null, TextWriter.Null), packedFindings).Examine(read);
        Assert.Equal(OnScreen(seen, there), OnScreen(read, here));

        // What the machine's own doctor said is in it, settings and all.
        var live = Gputty.On(seen).Run("doctor", "--json");
        var kept = JsonNode.Parse(File(packed, "doctor.json"))!;
        Assert.Equal(JsonNode.Parse(live.Out)!["findings"]!.ToJsonString(), kept["findings"]!.ToJsonString());
        Assert.Contains(Gputty.On(seen).Run("doctor").Out.Split('\n')[0], File(packed, "README.txt"), StringComparison.Ordinal);
    }

    /// <summary>Without the line of keys: a report has no files that could be put right.</summary>
    private static string OnScreen(HostSnapshot host, DiagnosisPage page)
    {
        var text = Play.At(host, 200, 200).Type("X").Hear(new GpuTty.Tui.Msg.Examined(page)).Text();
        return text[..text.TrimEnd().LastIndexOf('\n')];
    }

    private static string File(byte[] packed, string name)
    {
        using var tar = new TarReader(new GZipStream(new MemoryStream(packed), CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
            if (entry.Name == $"{Report.Folder}/{name}") return new StreamReader(entry.DataStream!).ReadToEnd();
        throw new FileNotFoundException(name);
    }
}
