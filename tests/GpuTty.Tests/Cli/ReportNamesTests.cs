using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using GpuTty.Cli.Json;
using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Linux.Processes;
using GpuTty.Simulation;
using GpuTty.Tests.Formats;
using GpuTty.Tests.Linux;

namespace GpuTty.Tests.Cli;

/// <summary>A report is read by strangers: nobody's name and no address is in it, and it can still be understood.</summary>
public sealed class ReportNamesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gputty-names").FullName;

    private static readonly LocalNames s_home = new(
        "lab",
        [
            new(0, "root", true), new(119, "gdm", false), new(1000, "alice", true), new(1001, "bob", true), new(1003, "ftp-carol", false),
            new(64055, "libvirt-qemu", false), new(65534, "nobody", false),
        ],
        []);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Who_is_logged_in_no_more_is_named_in_no_log()
    {
        var files = Written(Nobody().With(
            NobodyThere(),
            reportsGoTo: _folder,
            localNames: s_home,
            reportFiles: [
                new ReportFile("journal.jsonl", "", """{"step":1,"for":"session 2 \u00B7 alice \u00B7 gnome on tty2"}"""),
                new ReportFile(
                    "run-log.txt", "", "End session 2 · alice · gnome on tty2\nsession opened for user bob(uid=1001) by (uid=0)\n"),
                new ReportFile("gputty.log", "", "session opened for user gdm(uid=119), libvirt-qemu, nobody, ftp-carol@lab alice2"),
            ]));
        Assert.Equal("End session 2 · user1 · gnome on tty2\nsession opened for user user2(uid=1001) by (uid=0)\n", files["run-log.txt"]);
        Assert.Equal("session opened for user gdm(uid=119), libvirt-qemu, nobody, user3@host alice2\n", files["gputty.log"]);
        Assert.Equal(
            "session 2 · user1 · gnome on tty2",
            JsonDocument.Parse(files["journal.jsonl"]).RootElement.GetProperty("for").GetString());
    }

    /// <summary>A document writes a backslash and letters outside of ASCII in its own way.</summary>
    [Theory]
    [InlineData("CORP\\joe", "/home/CORP/joe/x")]
    [InlineData("joe@corp.example", "/srv/people/joe/x")]
    [InlineData("j\u00f6rg", "/srv/people/j\u00f6rg/x")]
    public void A_name_with_a_domain_or_with_letters_of_its_own_is_nobody_s_business_either(string name, string path)
    {
        var host = NobodyThere();
        var session = Machines.Find("desktop")!.Machine.Snapshot().Sessions[0] with { Uid = 10_500, User = name };
        ReportFile[] files = [new("status.json", "", new JsonObject { ["user"] = name, ["path"] = path }.ToJsonString())];
        var said = JsonDocument.Parse(Pseudonyms.Of(host with { Sessions = [session] }, s_home, files).Hide(files[0])).RootElement;
        Assert.Equal("user4", said.GetProperty("user").GetString());
        Assert.DoesNotContain(name.Split('\\')[^1].Split('@')[0], said.GetProperty("path").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bound to 192.168.1.57.", "bound to 192.0.2.1.")]
    [InlineData("version 1.2.3.4.5", "version 1.2.3.4.5")]
    public void An_address_at_the_end_of_a_sentence_is_one(string line, string said) =>
        Assert.Equal(said, Pseudonyms.Of(NobodyThere()).Hide(line));

    [Fact]
    public void The_same_person_has_the_same_word_with_and_without_a_session()
    {
        var host = NobodyThere();
        var session = Machines.Find("desktop")!.Machine.Snapshot().Sessions[0] with { Uid = 1001, User = "bob" };
        foreach (var seen in (HostSnapshot[])[host, host with { Sessions = [session] }])
            Assert.Equal("user1 and user2", Pseudonyms.Of(seen, s_home).Hide("alice and bob"));
    }

    [Fact]
    public void Where_the_machine_cannot_be_read_its_logs_name_nobody_either()
    {
        var files = Written(Gputty.On("desktop").With(
            reader: new Unreadable(),
            reportsGoTo: _folder,
            localNames: s_home with { HostName = "box.example.org" },
            reportFiles: [new ReportFile("run-log.txt", "", "alice on box.example.org, box")]));
        Assert.Equal("user1 on host, host\n", files["run-log.txt"]);
    }

    [Theory]
    [InlineData("pam_unix(login:session): session opened for user carol(uid=200017) by carol(uid=0)")]
    [InlineData("pam_unix(sudo:session): session opened for user root(uid=0) by carol(uid=0)")]
    [InlineData("session closed for user carol\ncarol was there")]
    [InlineData("systemd-logind: New session 3 of user carol.")]
    [InlineData("systemd-logind: New session 'c3' of user 'carol'.")]
    [InlineData("sshd[1]: Accepted publickey for carol from 10.0.0.7 port 1 ssh2")]
    [InlineData("sshd[1]: Failed password for invalid user carol from 10.0.0.7 port 1 ssh2")]
    [InlineData("sudo[1]:    carol : TTY=tty3 ; PWD=/home/carol ; USER=root ; COMMAND=/usr/bin/gputty")]
    [InlineData("End session 2 · carol · gnome on tty2")]
    [InlineData("type=USER_AUTH acct=\"carol\" exe=/usr/bin/su")]
    public void A_user_whose_account_is_kept_elsewhere_is_known_by_what_is_said_of_it(string line)
    {
        var hidden = Pseudonyms.Of(NobodyThere(), s_home, [new ReportFile("run-log.txt", "", line)]).Hide($"{line}; carol");
        Assert.DoesNotContain("carol", hidden, StringComparison.Ordinal);
        Assert.EndsWith("; user4", hidden, StringComparison.Ordinal);
        Assert.DoesNotContain("user5", hidden, StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_called_is_known_by_what_sudo_says() =>
        Assert.Equal(
            "user4 in CORP",
            Pseudonyms.Of(NobodyThere(), s_home with { Callers = ["root", "carol", "no name", ""] }).Hide("carol in CORP"));

    [Theory]
    [InlineData("of user services, for user programs, of user units")]
    [InlineData("session opened for user root(uid=0), session opened for user gdm(uid=119)")]
    [InlineData("session opened for user sssd-kcm(uid=990); session closed for user sssd-kcm")]
    [InlineData("user@1000.service of user 1000")]
    public void What_is_no_person_keeps_its_name(string line) =>
        Assert.Equal(line, Pseudonyms.Of(NobodyThere(), s_home, [new ReportFile("run-log.txt", "", line)]).Hide(line));

    /// <summary>A word that is put in the place of a name may be another one's name.</summary>
    [Fact]
    public void Nobody_is_taken_for_somebody_else() =>
        Assert.Equal(
            "user1, user2, user3",
            Pseudonyms.Of(
                NobodyThere(), s_home with { Accounts = [new(1000, "alice", true), new(1001, "user1", true), new(1002, "user2", true)] })
                .Hide("alice, user1, user2"));

    /// <summary>In any other place the word says nothing, and another one would say what it stands for.</summary>
    [Theory]
    [InlineData("user")]
    [InlineData("host")]
    [InlineData("vm")]
    [InlineData("card")]
    [InlineData("manager")]
    [InlineData("nvidia")]
    [InlineData("pi")]
    public void An_account_that_is_called_like_a_word_of_the_report_leaves_it_readable(string name)
    {
        var machine = Machines.Find("desktop")!;
        var plain = machine.Machine.Snapshot();
        var host = plain with
        {
            Sessions = [.. plain.Sessions.Select(session => session.User == "fernando" ? session with { User = name } : session)],
        };
        var log = $"session opened for user {name}(uid=1000)\n/home/{name}/x, {name}@lab, session 2 · {name} · GNOME on tty2\n"
            + $"sudo[1]: {name} : TTY=tty3\ngnome-shell (2101)  {name}  card1\n";
        var said = $"The {name} of a machine, in user@1000.service: {name}.";
        var names = new LocalNames("lab", [new(1000, name, true)], []);
        var files = Written(Gputty.On("desktop").With(
            host, reportsGoTo: _folder, localNames: names, reportFiles: [new ReportFile("run-log.txt", "", log + said)]));
        Assert.Equal(
            "session opened for user user1(uid=1000)\n/home/user1/x, user1@host, session 2 · user1 · GNOME on tty2\n"
                + $"sudo[1]: user1 : TTY=tty3\ngnome-shell (2101)  user1  card1\n{said}\n",
            files["run-log.txt"]);
        foreach (var document in files.Where(file => file.Key.EndsWith(".json", StringComparison.Ordinal)))
            foreach (var (field, value) in Texts(JsonNode.Parse(document.Value), ""))
                if (field == "user") Assert.NotEqual(name, value);
        using var status = JsonDocument.Parse(files["status.json"]);
        Assert.Equal("host", status.RootElement.GetProperty("cards")[0].GetProperty("owner").GetString());
        Assert.Equal("vm", status.RootElement.GetProperty("next")[0].GetProperty("direction").GetString());
        var there = ReportArchive.Read(File.ReadAllBytes(Directory.EnumerateFiles(_folder).Single()), "it").Machine;
        Assert.Equal(plain.Devices.Select(device => device.Driver), there.Devices.Select(device => device.Driver));
        Assert.Equal(plain.Sessions.Select(session => session.Class), there.Sessions.Select(session => session.Class));
        Assert.Equal(plain.Holders.Select(holder => holder.Unit), there.Holders.Select(holder => holder.Unit));
    }

    [Fact]
    public void A_machine_that_is_called_like_a_word_of_the_report_leaves_it_readable()
    {
        var names = Pseudonyms.Of(NobodyThere() with { HostName = "desktop.example.org" });
        Assert.Equal(
            "host: Linux 6.12\nthe desktop is restarted on host; root@host:~#\n",
            names.Hide("desktop: Linux 6.12\nthe desktop is restarted on desktop.example.org; root@desktop:~#\n"));
        Assert.Equal(
            """{"host_name":"host","x":"desktop"}""",
            names.Hide(new ReportFile("a.json", "", """{"host_name":"desktop","x":"desktop"}""")));
    }

    /// <summary>Whoever is called like one of them: the documents stay what they are.</summary>
    [Fact]
    public void Every_word_of_the_documents_is_known_as_one()
    {
        var words = ((System.Text.Json.Serialization.JsonSerializerContext[])[ReportJson.Default, JsonContext.Default])
            .SelectMany(WrittenTypes.Of)
            .SelectMany(type => type.PolymorphismOptions?.DerivedTypes.Select(kind => $"{kind.TypeDiscriminator}")
                ?? (type.Type.IsEnum
                    ? Enum.GetValues(type.Type).Cast<object>().Select(value => JsonSerializer.Serialize(value, type).Trim('"'))
                    : []))
            .ToList();
        Assert.Contains("rolled-back", words);
        Assert.Equal("", string.Join(' ', words.Where(word => !ReportWords.Has(word))));
    }

    [Fact]
    public void A_text_that_is_nothing_but_a_name_is_another_one_in_every_field()
    {
        const string json = """
            {"intent":{"vfioOwner":{"uid":1000,"name":"alice"}},"access":{"owner":{"name":"vm"}},"closed_to":["alice","libvirt-qemu","vm"],
            "owner":"vm:kvm","whatever_comes":"alice","direction":"vm","guests":[{"name":"vm"}],"torn":"alice
            """;
        Assert.Equal(
            json.Replace("alice", "user1", StringComparison.Ordinal)
                .Replace("{\"owner\":{\"name\":\"vm\"}}", "{\"owner\":{\"name\":\"user2\"}}", StringComparison.Ordinal)
                .Replace("-qemu\",\"vm\"", "-qemu\",\"user2\"", StringComparison.Ordinal)
                .Replace("vm:kvm", "user2:kvm", StringComparison.Ordinal),
            Pseudonyms.Of(NobodyThere(), new LocalNames("", [new(1000, "alice", true), new(1001, "vm", true)], []))
                .Hide(new ReportFile("journal.jsonl", "", json)));
    }

    [Theory]
    [InlineData(
        "MAC=3c:7c:3f:aa:bb:cc:00:11:22:33:44:55:08:00 SRC=10.1.2.3",
        "MAC=00:00:00:00:00:01:00:00:00:00:00:02:08:00 SRC=192.0.2.1")]
    [InlineData(
        "gid 50:01:43:80:aa:bb:cc:dd and 3C-7C-3F-AA-BB-CC, 3c:7c:3f:aa:bb:cc",
        "gid 00:00:00:00:00:01 and 00:00:00:00:00:02, 00:00:00:00:00:02")]
    [InlineData("bluez_output.3C_7C_3F_AA_BB_CC.1", "bluez_output.00:00:00:00:00:01.1")]
    [InlineData(
        "enx3c7c3faabbcc: link up, 3c:7c:3f:aa:bb:cc, wlx3c7c3faabbcd",
        "enx000000000001: link up, 00:00:00:00:00:01, wlx000000000002")]
    [InlineData("SRC=fe80:0000:0000:0000:3e7c:3fff:feaa:bbcc", "SRC=2001:db8::1")]
    [InlineData(
        "from fe80::3e7c:3fff:feaa:bbcc%eth0: 2a02:8109:aa::17/64, [2a02:8109:aa::17]:22",
        "from 2001:db8::1%eth0: 2001:db8::2/64, [2001:db8::2]:22")]
    [InlineData("FD00::1, to ff02::1:ffaa:bbcc", "2001:db8::1, to 2001:db8::2")]
    [InlineData("/var/home/carol/x, /home/carol, /run/media/carol/disk", "/var/home/someone/x, /home/someone, /run/media/someone/disk")]
    public void An_address_is_another_one(string line, string hidden) => Assert.Equal(hidden, Pseudonyms.Of(NobodyThere()).Hide(line));

    [Theory]
    [InlineData("0000:01:00.0 and 10000:e1:00.0, 2a3f:00:00.0, 2001:01:00.1, 10de:2684:1043:88e2 at 12:30:45")]
    [InlineData("std::string a::b, dead::beef, ::1, :: ff02::1, 2026-11-30T12:30:45.123")]
    [InlineData("pci 0000:00:01.0: bridge window [mem 0xfe800000-0xfe8fffff], 04-gputty-boot-0000-01-00.0.rules")]
    [InlineData("enp3s0 wlan0 enxyz 127.0.0.1")]
    public void What_only_looks_like_an_address_stays(string line) => Assert.Equal(line, Pseudonyms.Of(NobodyThere()).Hide(line));

    [Fact]
    public void The_machine_s_own_file_tells_of_all_accounts()
    {
        using var tree = new MachineTree();
        tree.File("proc/sys/kernel/hostname", "lab\n")
            .File(
                "etc/passwd",
                "root:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/bash\nqemu:x:64055:1::/:/usr/sbin/nologin\n+\n"
                    + "broken:x\n:x:7:7\n");
        var names = LocalNamesReader.Read(tree.Root, name => name is "SUDO_USER" or "USER" ? "carol" : null);
        Assert.Equal("lab", names.HostName);
        Assert.Equal((Account[])[new(0, "root", true), new(1000, "alice", true), new(64055, "qemu", false)], names.Accounts.ToArray());
        Assert.Equal(["carol"], names.Callers.ToArray());
    }

    private static Gputty Nobody() => Gputty.On("desktop");

    private static HostSnapshot NobodyThere() =>
        Machines.Find("desktop")!.Machine.Snapshot() with { Sessions = [], Holders = [], HostName = "lab" };

    private static IEnumerable<(string Field, string Text)> Texts(JsonNode? node, string field) => node switch
    {
        JsonObject all => all.SelectMany(pair => Texts(pair.Value, pair.Key)),
        JsonArray list => list.SelectMany(one => Texts(one, field)),
        JsonValue one when one.TryGetValue<string>(out var text) => [(field, text)],
        _ => [],
    };

    private Dictionary<string, string> Written(Gputty gputty)
    {
        Assert.Equal(0, gputty.Run("report").Code);
        var files = new Dictionary<string, string>();
        using var tar = new TarReader(
            new GZipStream(File.OpenRead(Directory.EnumerateFiles(_folder).Single()), CompressionMode.Decompress));
        while (tar.GetNextEntry(copyData: true) is { } entry)
            files.Add(entry.Name["gputty-report/".Length..], new StreamReader(entry.DataStream!).ReadToEnd());
        return files;
    }

    private sealed class Unreadable : IHostReader
    {
        public Task<HostSnapshot> ReadAsync(SnapshotSections facts, HostSnapshot? before, CancellationToken cancel) =>
            throw new HostException("/sys is not mounted.", "Mount it.");
        public Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancel) => Task.CompletedTask;
    }
}
