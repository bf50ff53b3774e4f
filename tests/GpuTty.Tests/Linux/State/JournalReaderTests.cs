using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using GpuTty.Linux.State;
using GpuTty.Switching;

namespace GpuTty.Tests.Linux.State;

public sealed class JournalReaderTests
{
    private static readonly byte[][] s_lines = Lines(Samples.Journal);
    private static readonly byte[] s_file = Bytes(s_lines);

    [Fact]
    public void Every_event_and_every_step_comes_back_as_it_was()
    {
        Assert.NotEmpty(Samples.EveryStep);
        foreach (var entry in Samples.EveryEvent)
        {
            var run = Assert.IsType<JournalContent.Run>(JournalReader.Parse(File(entry is RunEvent.Opened
                ? [entry]
                : [Samples.Opened(), entry])));
            AssertSame([entry], run.Events.TakeLast(1));
        }
        var opened = (RunEvent.Opened)((JournalContent.Run)JournalReader.Parse(s_file)).Events[0];
        Assert.Equal(Samples.EveryStep.AsEnumerable(), opened.Steps);
    }

    /// <summary>As version 0.1.0 wrote it, whose checksum was its own code.</summary>
    [Fact]
    public void A_journal_of_the_first_program_is_read_to_its_end()
    {
        const string journal = """
            {"event":"opened","schema":1,"bootId":"7d0c6a52-3f1e-4c1b-9a35-2f8f6f0f5a11","workerPid":3711,"intent":{"card":"0000:01:00.0","direction":"ClearAim","endSessions":false,"endHolders":"Never","desktop":"AsItIs","confirmWithin":null,"singleGpu":false,"owed":[],"isUndo":false},"home":"HostDriver","road":"Soft","risk":"Reversible","steps":[{"step":"aim-device","device":"0000:01:00.0","old":"vfio-pci","new":null}],"consequences":[],"at":"2026-05-14T14:03:00+00:00","crc":"99158e7c"}
            {"event":"begun","step":0,"limit":"00:00:10","at":"2026-05-14T14:03:00+00:00","crc":"ee599f4c"}
            {"event":"done","step":0,"took":"00:00:00","at":"2026-05-14T14:03:00+00:00","crc":"22cfa64f"}
            {"event":"closed","outcome":"Switched","summary":"01:00.0 may take any driver again.","at":"2026-05-14T14:03:00+00:00","crc":"d203cbd1"}

            """;

        var run = Assert.IsType<JournalContent.Run>(JournalReader.Parse(Encoding.UTF8.GetBytes(journal)));
        Assert.Equal(4, run.Events.Length);
        Assert.False(run.IsTorn);
        Assert.True(run.IsClosed);
        Assert.Equal(0xd203cbd1, run.Sum.GetCurrentHashAsUInt32());
    }

    [Fact]
    public void A_journal_is_readable_by_people()
    {
        var line = Encoding.UTF8.GetString(File(new RunEvent.Begun(3, TimeSpan.FromSeconds(15))
        {
            At = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
        }));

        Assert.StartsWith(
            """{"event":"begun","step":3,"limit":"00:00:15","at":"2026-03-01T12:00:00+00:00","crc":""" + '"',
            line,
            StringComparison.Ordinal);
        Assert.Contains("\"device\":\"10000:e1:00.1\"", Encoding.UTF8.GetString(s_file), StringComparison.Ordinal);
        foreach (var json in Encoding.UTF8.GetString(s_file).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            JsonDocument.Parse(json).Dispose();
    }

    [Fact]
    public void M3_cut_at_any_byte_the_whole_lines_before_the_cut_are_left()
    {
        var ends = Ends();
        for (var cut = 0; cut <= s_file.Length; cut++)
        {
            var whole = ends.Count(end => end <= cut);
            AssertPrefix(
                JournalReader.Parse(s_file.AsSpan(0, cut)),
                whole,
                isTorn: whole == 0 || ends[whole - 1] != cut,
                isEmpty: cut == 0);
        }
    }

    [Fact]
    public void M3_with_its_tail_zeroed_or_repeated_the_whole_lines_before_are_left()
    {
        var ends = Ends();
        for (var from = ends[0]; from < s_file.Length; from += 7)
        {
            var zeroed = s_file.ToArray();
            Array.Clear(zeroed, from, zeroed.Length - from);
            AssertPrefix(JournalReader.Parse(zeroed), ends.Count(end => end <= from), isTorn: true);
        }
        AssertPrefix(JournalReader.Parse([.. s_file, .. new byte[4096]]), s_lines.Length, isTorn: true);
        AssertPrefix(JournalReader.Parse([.. s_file, .. s_file[(s_file.Length / 2)..]]), s_lines.Length, isTorn: true);
    }

    [Fact]
    public void A_line_that_was_lost_doubled_or_moved_ends_what_is_believed()
    {
        for (var line = 1; line < s_lines.Length - 1; line++)
        {
            AssertPrefix(JournalReader.Parse(Bytes([.. s_lines[..line], .. s_lines[(line + 1)..]])), line, isTorn: true);
            AssertPrefix(JournalReader.Parse(Bytes([.. s_lines[..(line + 1)], .. s_lines[line..]])), line + 1, isTorn: true);
            AssertPrefix(JournalReader.Parse(Bytes([.. s_lines[..line], s_lines[line + 1], s_lines[line]])), line, isTorn: true);
        }
    }

    [Fact]
    public void M3_a_flipped_bit_is_never_believed()
    {
        var ends = Ends();
        for (var place = 0; place < s_file.Length; place++)
        {
            var flipped = s_file.ToArray();
            flipped[place] ^= (byte)(1 << (place % 8));
            AssertPrefix(JournalReader.Parse(flipped), ends.Count(end => end <= place), isTorn: true);
        }
    }

    [Fact]
    public void M3_a_thousand_random_corruptions_leave_a_prefix_of_what_was_written()
    {
        var random = new Random(20260301);
        for (var round = 0; round < 1000; round++)
        {
            var broken = s_file.ToList();
            for (var hits = random.Next(1, 6); hits > 0; hits--)
            {
                var at = random.Next(broken.Count);
                var length = random.Next(1, Math.Min(200, broken.Count - at) + 1);
                switch (random.Next(4))
                {
                    case 0: broken[at] = (byte)random.Next(256); break;
                    case 1: broken.RemoveRange(at, length); break;
                    case 2: broken.InsertRange(at, broken.GetRange(at, length)); break;
                    default: for (var i = 0; i < length; i++) broken[at + i] = (byte)random.Next(256); break;
                }
                if (broken.Count < 2) break;
            }
            if (JournalReader.Parse([.. broken]) is not JournalContent.Run run) continue;
            AssertSame(Samples.Journal.Take(run.Events.Length), run.Events);
        }
    }

    [Fact]
    public void M35_a_journal_of_another_version_is_named_and_not_read()
    {
        Assert.Equal(
            new JournalContent.OtherVersion(2),
            JournalReader.Parse(File(Samples.Opened(schema: 2), new RunEvent.Done(0, default) { At = default })));
    }

    [Fact]
    public void M35_a_journal_of_another_boot_is_history()
    {
        var run = Assert.IsType<JournalContent.Run>(JournalReader.Parse(File(Samples.Opened("another boot"))));

        Assert.False(run.IsOf("this boot"));
        Assert.True(run.IsOf("another boot"));
        Assert.False(run.IsClosed);
    }

    [Fact]
    public void A_file_that_is_no_journal_is_unreadable_and_an_empty_one_is_none()
    {
        Assert.IsType<JournalContent.Unreadable>(JournalReader.Parse("hello\nworld\n"u8));
        Assert.IsType<JournalContent.Unreadable>(JournalReader.Parse(new byte[1 << 20]));
        Assert.IsType<JournalContent.Unreadable>(JournalReader.Parse(File(new RunEvent.Done(1, default) { At = default })));
        Assert.IsType<JournalContent.Nothing>(JournalReader.Parse([]));
    }

    private static List<int> Ends()
    {
        var ends = new List<int>();
        foreach (var line in s_lines) ends.Add(ends.LastOrDefault() + line.Length);
        return ends;
    }

    private static void AssertPrefix(JournalContent content, int whole, bool isTorn, bool isEmpty = false)
    {
        if (whole == 0)
        {
            Assert.Equal(isEmpty, content is JournalContent.Nothing);
            Assert.True(content is JournalContent.Nothing or JournalContent.Unreadable);
            return;
        }
        var run = Assert.IsType<JournalContent.Run>(content);
        AssertSame(Samples.Journal.Take(whole), run.Events);
        Assert.Equal(s_lines.Take(whole).Sum(line => line.Length), run.Length);
        Assert.Equal(isTorn, run.IsTorn);
    }

    /// <summary>Records with arrays are not equal to themselves read again; their lines are.</summary>
    private static void AssertSame(IEnumerable<RunEvent> expected, IEnumerable<RunEvent> actual) =>
        Assert.Equal(expected.Select(Text), actual.Select(Text));

    private static string Text(RunEvent entry) => Encoding.UTF8.GetString(File(entry));

    private static byte[][] Lines(IEnumerable<RunEvent> events)
    {
        var sum = new Crc32();
        return [.. events.Select(entry => JournalReader.Line(entry, sum))];
    }

    private static byte[] File(params RunEvent[] events) => Bytes(Lines(events));

    private static byte[] Bytes(byte[][] lines) => [.. lines.SelectMany(line => line)];
}
