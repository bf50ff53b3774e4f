using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using GpuTty.Cli;
using GpuTty.Cli.Json;
using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Tests.Tui;

namespace GpuTty.Tests.Cli;

/// <summary>A maintainer opens a report and sees what the reporter saw; whatever else comes in its place is a sentence.</summary>
public sealed class ReportedMachineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gputty-from").FullName;

    public static TheoryData<string> Everywhere => [.. Machines.All.Select(machine => machine.Name)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory, MemberData(nameof(Everywhere))]
    public void Every_machine_comes_out_of_its_report_as_it_was(string name)
    {
        var demo = Machines.Find(name)!;
        var gputty = Gputty.On(demo.Machine, [.. demo.Journal]).With(reportsGoTo: _folder);
        var seen = Renamed(gputty.Host.Machine.Snapshot(SnapshotSections.All | SnapshotSections.SettingsFiles));
        var read = ReportArchive.Read(Written(gputty), "it");
        // The same again, written anew: nothing was lost on the way.
        Assert.Equal(read.Text(), JsonSerializer.Deserialize(read.Text(), ReportJson.Default.ReportedMachine)!.Text());
        Assert.Equal(demo.Journal.Length, read.LastRun.Length);
        foreach (var keys in (string[])["", "2\n", "3\n", "v\n", "v\n\n\n", "h\n\n"])
            Assert.Equal(Play.At(seen).Type(keys).Text(), Play.At(read.Machine).Type(keys).Text());
        foreach (var line in (string[])["status", "devices", "groups", "holders", "plan vm", "plan host"])
            Assert.Equal(Gputty.On(seen).Run(line.Split(' ')), Gputty.On(read.Machine).Run(line.Split(' ')));
    }

    [Fact]
    public void Nothing_private_is_in_the_machine_of_a_report()
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot() with
        {
            HostName = "box.example.org",
            BootId = "7d0c6a52-3f1e-4c1b-9a35-2f8f6f0f5a11",
            CommandLine = "root=UUID=12345678-1111-2222-3333-444455556666 luks.key=/secret quiet",
        };
        var text = ReportArchive.Read(Written(Gputty.On("desktop").With(host, reportsGoTo: _folder)), "it").Text();
        foreach (var word in (string[])["fernando", "example", "7d0c6a52", "12345678", "secret"])
            Assert.DoesNotContain(word, text, StringComparison.Ordinal);
        Assert.Contains("user1", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_of_a_version_that_did_not_tell_of_libvirt_is_opened()
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(ReportArchive.Read(
            Written(Gputty.On("desktop").With(reportsGoTo: _folder)), "it").Text())!;
        Assert.True(json["machine"]!.AsObject().Remove("libvirt"));
        Assert.Equal(GpuTty.Host.Guests.LibvirtState.None, ReportArchive.Read(Machine(json.ToJsonString()), "it").Machine.Libvirt);
    }

    [Fact]
    public void What_libvirt_has_is_in_it_with_other_words_for_people_and_uuids()
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot() with
        {
            Libvirt = GpuTty.Host.Guests.LibvirtState.None with
            {
                IsInstalled = true,
                Hook = GpuTty.Host.Guests.HookPresence.Installed,
                Script = new(["/home/fernando/gputty"], ["win11"]),
                Guests = [new("win11", new("win11", "7d0c6a52-3f1e-4c1b-9a35-2f8f6f0f5a11", [new(Machines.Card, false)]), null, false)],
            },
        };
        var read = ReportArchive.Read(Written(Gputty.On("desktop").With(host, reportsGoTo: _folder)), "it").Machine;
        Assert.Equal(
            ("win11", "00000000-0000-0000-0000-000000000001", "/home/user1/gputty"),
            (read.Libvirt.Guests[0].Name, read.Libvirt.Guests[0].Description!.Uuid, read.Libvirt.Script!.Program[0]));
        Assert.Equal([Machines.Card], read.Libvirt.Guests[0].Description!.Devices.Select(device => device.Address));
    }

    [Fact]
    public void A_kernel_s_version_that_looks_like_an_address_stays()
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot() with
        {
            Kernel = "6.6.87.2-microsoft-standard-WSL2",
            HostName = "box-10.1.2.3",
        };
        var read = ReportArchive.Read(Written(Gputty.On("desktop").With(host, reportsGoTo: _folder)), "it").Machine;
        Assert.Equal("6.6.87.2-microsoft-standard-WSL2", read.Kernel);
        Assert.Equal("host", read.HostName);
    }

    [Fact]
    public void It_is_opened_by_the_full_screen_program()
    {
        var gputty = Gputty.On("desktop").With(reportsGoTo: _folder, isTerminal: true);
        gputty.Run("report");
        var path = Directory.EnumerateFiles(_folder).Single();
        Assert.Equal(ExitCodes.Done, gputty.Run("demo", "--from", path).Code);
        Assert.Equal($"demo --from {path}", Assert.Single(gputty.Entered));
        Assert.Equal(ExitCodes.Usage, gputty.Run("demo", "twins", "--from", path).Code);
        Assert.Equal(ExitCodes.Usage, gputty.Run("demo", "--list", "--from", path).Code);
    }

    [Fact]
    public async Task Nothing_can_be_changed_on_it()
    {
        var host = Machines.Find("kept-off")!.Machine.Snapshot();
        var service = new RecordedSwitchService([], [], []);
        var plan = Assert.IsType<PlanResult.Ready>(SwitchPlanner.Plan(host, new SwitchIntent(Machines.Card, Direction.ToVm))).Plan;
        Assert.Contains(
            "nothing can be changed",
            (await Assert.ThrowsAsync<HostException>(() => service.BeginAsync(plan, default))).Message,
            StringComparison.Ordinal);
        Assert.Same(host, await new RecordedHost(host).ReadAsync(SnapshotSections.All, null, default));
    }

    [Theory]
    [InlineData("nothing at all")]
    [InlineData("no archive")]
    [InlineData("cut off")]
    [InlineData("another archive")]
    [InlineData("not JSON")]
    [InlineData("no machine")]
    [InlineData("a machine of nothing")]
    [InlineData("a function that is null")]
    [InlineData("a holder that is null")]
    [InlineData("words for numbers")]
    [InlineData("deeper than anything")]
    [InlineData("newer")]
    [InlineData("a bomb")]
    [InlineData("a header that is gigabytes long")]
    [InlineData("a finding that is null")]
    [InlineData("a finding that nobody knows")]
    [InlineData("a link")]
    [InlineData("missing")]
    public void What_is_no_whole_report_is_a_sentence_and_nothing_is_written(string what)
    {
        var path = Path.Combine(_folder, "it.tar.gz");
        var good = Written(
            Gputty.On("desktop").With(reportsGoTo: Directory.CreateDirectory(Path.Combine(_folder, "good")).FullName),
            Path.Combine(_folder, "good"));
        // On one line, as the mutations below expect it.
        var json = System.Text.Json.Nodes.JsonNode.Parse(ReportArchive.Read(good, "it").Text())!.ToJsonString();
        var bytes = what switch
        {
            "nothing at all" => [],
            "no archive" => "hello"u8.ToArray(),
            "cut off" => good[..(good.Length / 2)],
            "another archive" => Pack(("etc/passwd", "root")),
            "not JSON" => Machine(json[..^200]),
            "no machine" => Machine("{\"schema\":1}"),
            "a machine of nothing" =>
                Machine(
                    "{\"schema\":1,\"version\":\"0\",\"machine\":{},\"last_run\":[],\"last_begun\":[],\"unfinished\":[],"
                        + "\"journal_problem\":null}"),
            "a function that is null" => Machine(json.Replace("\"devices\":[{", "\"devices\":[null,{", StringComparison.Ordinal)),
            "a finding that is null" => Machine(json.Replace("\"findings\":[{", "\"findings\":[null,{", StringComparison.Ordinal)),
            "a finding that nobody knows" =>
                Machine(json.Replace("\"findings\":[{\"code\":\"", "\"findings\":[{\"code\":\"not-", StringComparison.Ordinal)),
            "a holder that is null" => Machine(json.Replace("\"holders\":[{", "\"holders\":[null,{", StringComparison.Ordinal)),
            "words for numbers" => Machine(json.Replace("\"pid\":", "\"pid\":\"x\",\"p\":", StringComparison.Ordinal)),
            "deeper than anything" => Machine(new string('[', 100_000)),
            "newer" => Machine(json.Replace("\"schema\":1", "\"schema\":99", StringComparison.Ordinal)),
            "a bomb" => Bomb(),
            "a header that is gigabytes long" => LongHeader(),
            "a link" => Link(),
            _ => null,
        };
        if (bytes is not null) File.WriteAllBytes(path, bytes);
        var files = Directory.GetFileSystemEntries(_folder, "*", SearchOption.AllDirectories).Order().ToList();
        var gputty = Gputty.On("desktop").With(isTerminal: true);
        var said = gputty.Run("demo", "--from", path);
        Assert.Equal((ExitCodes.Refused, ""), (said.Code, said.Out));
        Assert.Matches("^!! .+\\.\n   .+\n$", said.Error);
        if (what == "newer") Assert.Contains("Update gputty.", said.Error, StringComparison.Ordinal);
        Assert.Empty(gputty.Entered);
        Assert.Equal(files, Directory.GetFileSystemEntries(_folder, "*", SearchOption.AllDirectories).Order());
    }

    /// <summary>What is worked out for each function from all the others must not keep whoever opens it for hours.</summary>
    [Fact]
    public void A_machine_with_more_functions_than_any_has_is_no_report()
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(ReportArchive.Read(
            Written(Gputty.On("desktop").With(reportsGoTo: _folder)), "it").Text())!;
        var devices = json["machine"]!["devices"]!.AsArray();
        for (var number = 0; number < 20_000; number++)
        {
            var another = devices[0]!.DeepClone();
            another["address"] = $"{number / 8192 + 1:x4}:{number / 32 % 256:x2}:{number % 32:x2}.0";
            devices.Add(another);
        }
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Throws<GpuTty.Host.HostException>(() => ReportArchive.Read(Machine(json.ToJsonString()), "it"));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void A_machine_that_was_edited_to_steer_a_terminal_does_not()
    {
        var json = ReportArchive.Read(Written(Gputty.On("desktop").With(reportsGoTo: _folder)), "it").Text();
        var read = ReportArchive.Read(Machine(json.Replace("AD102", "\\u001b[2J\\u202eAD", StringComparison.Ordinal)), "it");
        Assert.DoesNotContain(
            Play.At(read.Machine).Text() + Gputty.On(read.Machine).Run("status").Out,
            c => (char.IsControl(c) && c != '\n') || c == '\u202e');
    }

    /// <summary>The same machine whose host and people are called as in the report,
    /// so that its screens have the same words in the same places.</summary>
    internal static HostSnapshot Renamed(HostSnapshot host)
    {
        var names = Pseudonyms.Of(host);
        return host with
        {
            HostName = names.HideNames(host.HostName),
            Devices = [.. host.Devices.Select(device => device with { MediatedDevices = [.. device.MediatedDevices.Select(names.Hide)] })],
            Sessions = [.. host.Sessions.Select(session => session with { User = names.HideNames(session.User) })],
            Holders = [.. host.Holders.Select(holder => holder with { User = holder.User is { } user ? names.HideNames(user) : null })],
        };
    }

    private byte[] Written(Gputty gputty, string? folder = null)
    {
        Assert.Equal(ExitCodes.Done, gputty.Run("report").Code);
        return File.ReadAllBytes(Directory.EnumerateFiles(folder ?? _folder, "gputty-report-*.tar.gz").Single());
    }

    private static byte[] Machine(string json) => Pack(($"gputty-report/{ReportedMachine.FileName}", json));

    private static byte[] Pack(params (string Name, string Text)[] files) => Packed(tar =>
    {
        foreach (var (name, text) in files)
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name)
            {
                DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)),
            });
    });

    private static byte[] Link() =>
        Packed(tar => tar.WriteEntry(new UstarTarEntry(TarEntryType.SymbolicLink, $"gputty-report/{ReportedMachine.FileName}")
        {
            LinkName = "/etc/passwd",
        }));

    /// <summary>Its extended header (pax) says that it is as long as one can say.</summary>
    private static byte[] LongHeader()
    {
        var header = Packed(
            tar => tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"gputty-report/{ReportedMachine.FileName}")
            {
                DataStream = new MemoryStream(new byte[1]),
            }),
            isZipped: false)[..512];
        Encoding.ASCII.GetBytes("17777777777").CopyTo(header, 124);
        header[156] = (byte)'x';
        Encoding.ASCII.GetBytes("        ").CopyTo(header, 148);
        Encoding.ASCII.GetBytes($"{Convert.ToString(header.Sum(value => value), 8).PadLeft(6, '0')}\0 ").CopyTo(header, 148);
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true)) zip.Write([.. header, .. new byte[64 * 1024]]);
        return bytes.ToArray();
    }

    /// <summary>Half a gigabyte of nothing, in half a megabyte.</summary>
    private static byte[] Bomb()
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            var header = Packed(
                tar => tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"gputty-report/{ReportedMachine.FileName}")
                {
                    DataStream = new MemoryStream(new byte[1]),
                }),
                isZipped: false)[..512];
            // The length of the file, in octal, and the sum of the header.
            Encoding.ASCII.GetBytes("04000000000").CopyTo(header, 124);
            Encoding.ASCII.GetBytes("        ").CopyTo(header, 148);
            Encoding.ASCII.GetBytes($"{Convert.ToString(header.Sum(value => value), 8).PadLeft(6, '0')}\0 ").CopyTo(header, 148);
            zip.Write(header);
            var nothing = new byte[1 << 20];
            for (var count = 0; count < 512; count++) zip.Write(nothing);
        }
        return bytes.ToArray();
    }

    private static byte[] Packed(Action<TarWriter> write, bool isZipped = true)
    {
        using var bytes = new MemoryStream();
        using (Stream zip = isZipped ? new GZipStream(bytes, CompressionLevel.Optimal, leaveOpen: true) : bytes)
        using (var tar = new TarWriter(zip, TarEntryFormat.Ustar, leaveOpen: true)) write(tar);
        return bytes.ToArray();
    }
}
