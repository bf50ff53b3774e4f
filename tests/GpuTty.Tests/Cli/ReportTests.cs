using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using GpuTty.Cli;
using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Simulation;

namespace GpuTty.Tests.Cli;

/// <summary>The archive for a bug report: complete, harmless, and nobody else's.</summary>
public sealed class ReportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gputty-report").FullName;

    public static TheoryData<string> Everywhere => [.. Machines.All.Select(machine => machine.Name)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory, MemberData(nameof(Everywhere))]
    public void It_holds_what_the_commands_show_on_every_machine(string machine)
    {
        var gputty = Gputty.On(machine).With(reportsGoTo: _folder);
        var files = Written(gputty);
        foreach (var name in (string[])["status", "devices", "groups", "holders", "doctor"])
        {
            using var document = JsonDocument.Parse(files[$"{name}.json"]);
            Assert.Equal(2, document.RootElement.GetProperty("schema").GetInt32());
        }
        Assert.Equal(gputty.Run("devices", "--json").Out, files["devices.json"]);
        Assert.All(
            files.Keys,
            name => Assert.Contains(name == "README.txt" ? "report of gputty" : name, files["README.txt"], StringComparison.Ordinal));
    }

    [Fact]
    public void Who_called_sudo_gets_it_as_theirs_where_they_name_a_file_and_else_the_command_that_copies_it()
    {
        var gputty = Gputty.On("desktop").With(reportsGoTo: _folder);
        gputty.IsForUser = true;
        var said = gputty.Run("report");
        var path = Directory.GetFiles(_folder).Single();
        Assert.Contains($"sudo install -m 600 -o \"$USER\" {path} .", said.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("sudo install", gputty.Run("report", "-o", Path.Combine(_folder, "mine")).Out, StringComparison.Ordinal);
        gputty.IsForUser = false;
        File.Delete(path);
        Assert.DoesNotContain("sudo install", gputty.Run("report").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void It_tells_the_last_switch_line_by_line()
    {
        var gputty = Gputty.On("desktop").With(reportsGoTo: _folder);
        gputty.Run("switch", "vm", "--end-sessions", "--yes");
        var lines = Written(gputty)["run.jsonl"]
            .TrimEnd('\n')
            .Split('\n')
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("event").GetString())
            .ToList();
        Assert.Equal(("opened", "closed"), (lines[0], lines[^1]));
    }

    [Fact]
    public void What_the_machine_says_cannot_steer_a_terminal()
    {
        const string evil = "log\e]0;owned\a line\u202e one\r\nline\ttwo\e[2J\0";
        var host = Machines.Find("desktop")!.Machine.Snapshot();
        var hostile = host with
        {
            HostName = "\e[2Jlab",
            Devices = [.. host.Devices.Select(device => device with { Name = "GPU\e[31m\u202e" })],
        };
        var files =
            Written(Gputty.On("desktop").With(hostile, reportsGoTo: _folder, reportFiles: [new ReportFile("run-log.txt", "a log", evil)]));
        Assert.Equal("log\\x1b]0;owned\\x07 line\\u202e one\nline two\\x1b[2J\\x00\n", files["run-log.txt"]);
        Assert.All(files.Values, text => Assert.DoesNotContain(text, c => char.IsControl(c) && c != '\n' || c == '\u202e'));
    }

    [Fact]
    public void Kernel_parameters_that_are_nobodys_business_stay_at_home()
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot() with
        {
            CommandLine = "root=UUID=1234 intel_iommu=on luks.key=/secret ip=10.0.0.7 vfio-pci.ids=10de:2684 systemd.set_credential=a:b",
        };
        var files = Written(Gputty.On("desktop").With(host, reportsGoTo: _folder));
        Assert.Equal("intel_iommu=on\nvfio-pci.ids=10de:2684\n", files["kernel-parameters.txt"]);
        Assert.All(files.Values, text => Assert.DoesNotContain("secret", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Neither_the_environment_nor_arguments_of_programs_are_in_it()
    {
        Environment.SetEnvironmentVariable("GPUTTY_TEST_SECRET", "hunter2-in-the-environment");
        var files = Written(Gputty.On("desktop").With(reportsGoTo: _folder));
        Assert.All(files.Values, text => Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal));
        Assert.All(files.Values, text => Assert.DoesNotContain("cmdline", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Nobody_s_name_address_or_serial_number_is_in_it()
    {
        const string log = "login of fernando on lab (lab.example.org) from 10.1.2.3, eth0 3c:7c:3f:aa:bb:cc, disk SerialNumber: "
            + "S4EWNX0M1, 0f3a1b2c-1111-2222-3333-444455556666 at 0000:01:00.0, again 10.1.2.3, /home/fernando/x, fernando2";
        var host = Machines.Find("desktop")!.Machine.Snapshot() with { HostName = "lab.example.org" };
        var files = Written(Gputty.On("desktop").With(
            host,
            reportsGoTo: _folder,
            reportFiles: [
                new ReportFile("run-log.txt", "a log", log),
                new ReportFile("journal.jsonl", "a journal", $"{{\"text\":\"{log}\"}}\n{{\"torn\":\"fernando"),
            ]));
        // The first UUID is that of the boot.
        const string hidden = "login of user1 on host (host) from 192.0.2.1, eth0 00:00:00:00:00:01, disk SerialNumber: (removed), "
            + "00000000-0000-0000-0000-000000000002 at 0000:01:00.0, again 192.0.2.1, /home/user1/x, fernando2";
        Assert.Equal($"{hidden}\n", files["run-log.txt"]);
        Assert.Equal($"{{\"text\":\"{hidden}\"}}\n{{\"torn\":\"user1\n", files["journal.jsonl"]);
        Assert.Contains("user1", files["status.json"], StringComparison.Ordinal);
        Assert.All(files.Values, text => Assert.DoesNotContain("example.org", text, StringComparison.Ordinal));
        Assert.All(files.Values, text => Assert.DoesNotMatch("fernando(?!2)", text));
    }

    [Fact]
    public void A_user_whose_name_is_a_word_of_the_documents_leaves_them_readable()
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot();
        var files = Written(Gputty.On("desktop").With(
            host with { Sessions = [.. host.Sessions.Select(session => session with { User = "vm", Uid = 1000 })] },
            reportsGoTo: _folder));
        using var status = JsonDocument.Parse(files["status.json"]);
        Assert.Equal("vm", status.RootElement.GetProperty("next")[0].GetProperty("direction").GetString());
        Assert.DoesNotContain(
            status.RootElement.GetProperty("desktop").GetProperty("sessions").EnumerateArray(),
            session => session.GetProperty("user").GetString() == "vm");
    }

    [Fact]
    public void A_person_reads_first_what_doctor_says()
    {
        var files = Written(Gputty.On("desktop").With(reportsGoTo: _folder));
        Assert.Equal("README.txt", files.Keys.First());
        Assert.Contains("This machine can give 01:00 to a VM, with a logout.", files["README.txt"], StringComparison.Ordinal);
    }

    [Fact]
    public void Only_its_owner_can_read_it_and_it_never_goes_over_another_file()
    {
        var gputty = Gputty.On("desktop");
        var path = Path.Combine(_folder, "mine.tar.gz");
        var said = gputty.Run("report", "--output", path);
        Assert.Equal(ExitCodes.Done, said.Code);
        Assert.Contains($"The report is in {path}", said.Out, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(ExitCodes.Refused, gputty.Run("report", "--output", path).Code);

        File.CreateSymbolicLink(Path.Combine(_folder, "link"), Path.Combine(_folder, "elsewhere"));
        Assert.Equal(ExitCodes.Refused, gputty.Run("report", "-o", Path.Combine(_folder, "link")).Code);
        Assert.False(File.Exists(Path.Combine(_folder, "elsewhere")));
    }

    [Fact]
    public void A_machine_that_cannot_be_read_is_reported_all_the_same()
    {
        var files = Written(Gputty.On("desktop").With(reader: new Unreadable(), reportsGoTo: _folder));
        Assert.Contains("/sys is not mounted.", files["machine.txt"], StringComparison.Ordinal);
    }

    private Dictionary<string, string> Written(Gputty gputty)
    {
        var said = gputty.Run("report");
        Assert.Equal((ExitCodes.Done, ""), (said.Code, said.Error));
        var path = Directory.EnumerateFiles(_folder, "gputty-report-*.tar.gz").Single();
        var files = new Dictionary<string, string>();
        using (var tar = new TarReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress)))
        {
            while (tar.GetNextEntry(copyData: true) is { } entry)
            {
                Assert.Equal((TarEntryType.RegularFile, UnixFileMode.UserRead | UnixFileMode.UserWrite), (entry.EntryType, entry.Mode));
                Assert.StartsWith("gputty-report/", entry.Name, StringComparison.Ordinal);
                files.Add(entry.Name["gputty-report/".Length..], new StreamReader(entry.DataStream!).ReadToEnd());
            }
        }
        return files;
    }

    private sealed class Unreadable : IHostReader
    {
        public Task<HostSnapshot> ReadAsync(SnapshotSections facts, HostSnapshot? before, CancellationToken cancel) =>
            throw new HostException("/sys is not mounted.", "Mount it.");
        public Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancel) => Task.CompletedTask;
    }
}
