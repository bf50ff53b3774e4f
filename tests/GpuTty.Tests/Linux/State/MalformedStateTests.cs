using System.IO.Hashing;
using System.Text;
using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux.Boot;
using GpuTty.Linux.Guests;
using GpuTty.Linux.Kernel;
using GpuTty.Linux.State;
using GpuTty.Linux.Worker;
using GpuTty.Simulation;
using GpuTty.Tests.Cli;
using Xunit.Abstractions;

namespace GpuTty.Tests.Linux.State;

/// <summary>Whatever a state file holds, everything that reads it comes back, with a
/// value or with words of ours, and with no byte that steers a terminal.</summary>
public sealed class MalformedStateTests(ITestOutputHelper output) : StateFixture
{
    private static readonly string[] s_names =
    [
        "request-00000000000000000000000000000000", "home.json", "wish", "write", "lock", "crash", "log.jsonl", "watch",
        "home.json.new",
    ];

    private static readonly byte[][] s_contents =
    [
        [],
        new byte[300],
        "{"u8.ToArray(),
        "[]"u8.ToArray(),
        "null"u8.ToArray(),
        "1"u8.ToArray(),
        "\"\""u8.ToArray(),
        "{}"u8.ToArray(),
        Deep(2000),
        "{\"schema\":99999999999999999999}\n"u8.ToArray(),
        "{\"schema\":2}"u8.ToArray(),
        "{\"schema\":-5}"u8.ToArray(),
        "{\"schema\":1,\"schema\":1}"u8.ToArray(),
        "{\"schema\":1e400}"u8.ToArray(),
        [0xff, 0xfe, 0xfa],
        "{\"pid\":1e999}"u8.ToArray(),
        "{\"pid\":-1,\"startTime\":0}"u8.ToArray(),
        "{\"pid\":1,\"startTime\":9223372036854775808}"u8.ToArray(),
        Encoding.ASCII.GetBytes(new string('[', 100_000)),
        Encoding.ASCII.GetBytes($"\"{new string('A', 3_000_000)}\""),
        Encoding.UTF8.GetBytes("{\"schema\":1,\"a\":\"\e[31m\a\"}"),
    ];

    [Fact]
    public void M26_no_content_of_a_file_below_run_breaks_a_reader()
    {
        State.Ensure();
        var reads = 0;
        foreach (var name in s_names)
        {
            foreach (var content in s_contents)
            {
                State.Run.Replace(name, content);
                reads += ReadAll($"{name} {Encoding.Latin1.GetString(content.AsSpan(0, Math.Min(40, content.Length)))}");
            }
            State.Run.Delete(name);
        }
        Counts.Add(output, "readings of malformed state survived", reads);
    }

    [Fact]
    public void M26_no_content_of_the_journal_breaks_a_reader_with_or_without_its_checksum()
    {
        State.Ensure();
        var reads = 0;
        foreach (var content in s_contents.Concat(s_contents.Where(content => content is [(byte)'{', ..]).Select(Sealed)))
        {
            State.Lib.Replace(FileJournal.Name, content);
            reads += ReadAll("journal");
        }
        var sum = new Crc32();
        byte[] whole = [.. Machines.Find("interrupted")!.Journal.SelectMany(entry => JournalReader.Line(entry, sum))];
        for (var length = 0; length < whole.Length; length += 7)
        {
            State.Lib.Replace(FileJournal.Name, whole.AsSpan(0, length));
            reads += ReadAll($"journal cut at {length}");
        }
        Counts.Add(output, "readings of malformed state survived", reads);
    }

    /// <summary>Notes of what starts of guests have given away, and what was chosen for the start of the machine.</summary>
    [Fact]
    public void M26_no_content_of_a_grant_or_of_a_choice_for_the_boot_breaks_a_reader()
    {
        State.Ensure();
        var folder = new StateDirectory(State.Run.PathOf("hook"));
        var host = Machines.Find("kept-off")!.Machine.Snapshot();
        byte[][] nearly =
        [
            .. ((string[])["null", "{}", "[null]", "[\"x\"]", "[\"0000:01:00.0\",null]", "1"]).Select(cards => Encoding.UTF8.GetBytes(
                $$"""
                {"schema":1,"bootId":"{{host.BootId}}","guest":"\u001b[2J","uuid":"no uuid","cards":{{cards}},
                "token":"../../x","at":"2026-01-01T00:00:00Z","pid":-1}
                """)),
            .. ((string[])[
                "null", "{}", "[null]", "[{}]", "[{\"functions\":null,\"isOnce\":true}]", "[{\"functions\":[],\"isOnce\":true}]",
                "[{\"functions\":[null],\"isOnce\":true}]",
            ]).Select(cards =>
                Encoding.UTF8.GetBytes($$"""{"schema":1,"cards":{{cards}}}""")),
        ];
        var reads = 0;
        foreach (var content in s_contents.Concat(nearly))
        {
            folder.Replace("00000000-0000-0000-0000-000000000000.json", content);
            State.Lib.Replace("boot.json", content);
            reads += Survive(Encoding.Latin1.GetString(content.AsSpan(0, Math.Min(200, content.Length))),
                () => _ = new GrantStore(State.Run).All().SelectMany(grant => grant.Away(host)).Count(),
                () =>
                {
                    foreach (var choice in new BootSettings(
                        new FileSystemRoot(Root),
                        State.Lib,
                        Readers.NoTools,
                        () => new OwnProgram(["/bin/false"], []),
                        () => new MemoryStream()).Choices().Cards)
                        _ = (choice.Card, choice.IsOf(Card.FindAll(host)[0]), choice.Exchanged(host));
                });
        }
        Counts.Add(output, "readings of malformed state survived", reads);
    }

    /// <summary>Not a plain file of root's alone: none is opened for what it is not, and none is waited for.</summary>
    [RootFact]
    public void M26_no_kind_of_a_file_is_followed_waited_for_or_believed()
    {
        State.Ensure();
        var reads = 0;
        var victim = $"{Root}/victim";
        foreach (var name in s_names)
            foreach (var make in (Action<string>[])
            [
                path => File.CreateSymbolicLink(path, victim),
                path => File.CreateSymbolicLink(path, $"{Root}/nowhere"),
                path => Commands.Tool.Run("mkfifo", path),
                path => Directory.CreateDirectory(path),
                path => Commands.Tool.Run("ln", victim, path),
                path => Open(path, UnixFileMode.UserRead | UnixFileMode.OtherWrite),
                path => Commands.Tool.Run("mknod", path, "c", "1", "5"),
            ])
            {
                File.WriteAllText(victim, "untouched");
                var path = State.Run.PathOf(name);
                make(path);
                reads += ReadAll(name);
                Assert.Equal("untouched", File.ReadAllText(victim));
                if (Directory.Exists(path) && new FileInfo(path).LinkTarget is null) Directory.Delete(path);
                else File.Delete(path);
            }
        Counts.Add(output, "readings of malformed state survived", reads);
    }

    private static void Open(string path, UnixFileMode mode)
    {
        File.WriteAllText(path, "{}");
        File.SetUnixFileMode(path, mode);
    }

    private int ReadAll(string what)
    {
        var service = new LinuxSwitchService(State, TimeProvider.System, new OwnProgram(["/bin/false"], []), units: null);
        Action[] readers =
        [
            () => _ = new OriginalStateStore(State.Run).Read(),
            () => _ = KernelIncidents.Read(State.Run),
            () => _ = SwitchLock.Holder(State.Run),
            () => _ = new WatchNotes(State.Run).WasInUse(default),
            () => _ = new RequestFile(State.Run).Take(),
            () => _ = SwitchRequest.Take(State.Run, s_names[0])?.Plan,
            () => _ = service.LastRun(),
            () => _ = service.LastBegun(),
            () => _ = service.Unfinished(),
            () => AssertClean(service.JournalProblem(), what),
            () => AssertClean(ReportOf(new ReportSources(State, "0", Root)), what),
        ];
        return Survive(what, readers);
    }

    private static int Survive(string what, params Action[] readers)
    {
        foreach (var read in readers)
        {
            try
            {
                read();
            }
            catch (HostException words)
            {
                AssertClean(words.Message, what);
            }
        }
        return readers.Length;
    }

    /// <summary>As it is packed, of a machine of which nothing else can be read.</summary>
    private static string ReportOf(ReportSources sources)
    {
        var world = Gputty.On("desktop")
            .With(
                reader: new Unreadable(),
                reportFiles: [.. sources.All().Select(file => new ReportFile(file.Name, file.About, file.Text))])
            .World(TextWriter.Null, TextWriter.Null);
        return string.Concat(Report.CollectAsync(world, default).GetAwaiter().GetResult().Select(file => file.Text));
    }

    private sealed class Unreadable : IHostReader
    {
        public Task<HostSnapshot> ReadAsync(SnapshotSections facts, HostSnapshot? before, CancellationToken cancel) =>
            Task.FromException<HostSnapshot>(new HostException("No.", "Not now."));
        public Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancel) => Task.CompletedTask;
    }

    private static void AssertClean(string? text, string what) =>
        Assert.True(text is null || !text.Any(c => char.IsControl(c) && c is not ('\n' or '\t')), $"{what}: {text}");

    private static byte[] Deep(int levels) =>
        Encoding.ASCII.GetBytes($"{string.Concat(Enumerable.Repeat("{\"a\":", levels))}1{new string('}', levels)}");

    /// <summary>With the checksum that the first line of a journal has.</summary>
    private static byte[] Sealed(byte[] content)
    {
        var body = content.AsSpan().TrimEnd("\n"u8)[..^1].ToArray();
        var sum = new Crc32();
        sum.Append(body);
        return [.. body, .. Encoding.ASCII.GetBytes($",\"crc\":\"{sum.GetCurrentHashAsUInt32():x8}\"}}\n")];
    }
}
