using System.IO.Hashing;
using GpuTty.Host;
using GpuTty.Linux.State;
using GpuTty.Planning.Plans;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tests.Linux.Commands;

namespace GpuTty.Tests.Linux.State;

public sealed class FileJournalTests : StateFixture
{
    private static readonly DateTimeOffset s_at = DateTimeOffset.UnixEpoch;

    [Fact]
    public void What_is_recorded_is_read_back_by_another()
    {
        using var journal = new FileJournal(State.Lib);
        foreach (var entry in Samples.Journal) journal.Append(entry);

        var run = Assert.IsType<JournalContent.Run>(FileJournal.Read(State.Lib));

        Assert.Equal(Samples.Journal.Length, run.Events.Length);
        Assert.False(run.IsTorn);
    }

    [Fact]
    public void Where_there_was_no_run_there_is_nothing() => Assert.IsType<JournalContent.Nothing>(FileJournal.Read(State.Lib));

    [Fact]
    public void A_new_run_keeps_the_one_before_it()
    {
        using (var first = new FileJournal(State.Lib))
        {
            first.Append(Samples.Opened("first"));
            first.Append(new RunEvent.Begun(0, TimeSpan.FromSeconds(10)) { At = s_at });
            first.Append(new RunEvent.Closed(Outcome.Switched, "well") { At = s_at });
        }
        using var second = new FileJournal(State.Lib);
        second.Append(Samples.Opened("second"));

        Assert.True(Assert.IsType<JournalContent.Run>(FileJournal.Read(State.Lib)).IsOf("second"));
        var before = Assert.IsType<JournalContent.Run>(JournalReader.Parse(State.Lib.Read("journal.1")));
        Assert.True(before.IsOf("first") && before.IsClosed);
        Assert.Equal(["journal", "journal.1"], Directory.GetFiles(State.Lib.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_run_that_did_not_end_whole_is_kept_through_others_until_one_resolves_it()
    {
        Begin(Moves("boot"));
        Assert.Single(FileJournal.ReadUnfinished(State.Lib));
        var other = Moves("boot") with
        {
            At = s_at.AddMinutes(1),
            Intent = new SwitchIntent(Moves("boot").Intent.Card, Direction.HideFromSeat),
        };
        for (var again = 0; again < 3; again++) Begin(other with { At = other.At.AddMinutes(again) }, Outcome.Switched);
        Assert.Equal(Moves("boot").At, FileJournal.ReadUnfinished(State.Lib).Single()[0].At);

        // Torn files and other things are not in the way.
        State.Lib.Replace("unfinished.2", "half a li"u8);
        Begin(Moves("boot") with { At = s_at.AddMinutes(9) }, Outcome.TakenBack);
        Assert.Single(FileJournal.ReadUnfinished(State.Lib));
        Begin(Moves("boot") with { At = s_at.AddMinutes(10) }, Outcome.Switched);
        Assert.Empty(FileJournal.ReadUnfinished(State.Lib));
        Assert.False(State.Lib.Exists("unfinished.1"), "what was resolved is still there");
        Begin(other with { At = s_at.AddMinutes(11) }, Outcome.Switched);
        Assert.DoesNotContain(Directory.GetFiles(State.Lib.Path), file => file.Contains("unfinished", StringComparison.Ordinal));
    }

    [Fact]
    public void What_another_boot_has_left_is_not_kept()
    {
        Begin(Moves("before"));
        Begin(Moves("after") with { At = s_at.AddMinutes(1) }, Outcome.Switched);
        Assert.Empty(FileJournal.ReadUnfinished(State.Lib));
    }

    [Fact]
    public void A_run_that_was_dismissed_is_not_kept_as_the_last_one_nor_among_the_others()
    {
        Begin(Moves("boot"));
        using (var journal = new FileJournal(State.Lib)) journal.Dismiss(Moves("boot"), s_at);
        Assert.Empty(FileJournal.ReadUnfinished(State.Lib));

        Begin(Moves("boot") with { At = s_at.AddMinutes(1) });
        Begin(
            Moves("boot") with { At = s_at.AddMinutes(2), Intent = new SwitchIntent(Moves("boot").Intent.Card, Direction.HideFromSeat) },
            Outcome.Switched);
        Assert.Single(FileJournal.ReadUnfinished(State.Lib));
        using (var journal = new FileJournal(State.Lib)) journal.Dismiss(Moves("boot") with { At = s_at.AddMinutes(1) }, s_at);
        Assert.Empty(FileJournal.ReadUnfinished(State.Lib));
    }

    private static RunEvent.Opened Moves(string boot) => Samples.Opened(boot, steps: [new LoadModule("vfio-pci")]);

    private void Begin(RunEvent.Opened run, Outcome? ends = null)
    {
        using var journal = new FileJournal(State.Lib);
        journal.Append(run);
        journal.Append(new RunEvent.Begun(0, TimeSpan.FromSeconds(10)) { At = run.At });
        if (ends is { } outcome) journal.Append(new RunEvent.Closed(outcome, "well") { At = run.At });
    }

    [Fact]
    public void A_run_that_was_refused_does_not_hide_the_one_that_was_interrupted_before_it()
    {
        using (var interrupted = new FileJournal(State.Lib))
        {
            interrupted.Append(Samples.Opened("interrupted"));
            interrupted.Append(new RunEvent.Begun(0, TimeSpan.FromSeconds(10)) { At = s_at });
        }
        for (var again = 0; again < 3; again++)
        {
            using var refused = new FileJournal(State.Lib);
            refused.Append(Samples.Opened("refused"));
            refused.Append(new RunEvent.Closed(Outcome.Refused, "The machine has changed.") { At = s_at });
        }

        Assert.True(Assert.IsType<JournalContent.Run>(FileJournal.Read(State.Lib)).IsOf("refused"));
        Assert.True(Assert.IsType<JournalContent.Run>(FileJournal.ReadBegun(State.Lib)).IsOf("interrupted"));
    }

    [Fact]
    public void M35_what_a_newer_version_wrote_is_kept_for_it_however_many_switches_follow()
    {
        State.Lib.Ensure();
        var sum = new Crc32();
        var newer = JournalReader.Line(((RunEvent.Opened)Samples.Opened("newer")) with { Schema = 9 }, sum);
        State.Lib.Replace("journal", newer);
        Assert.Equal(9, Assert.IsType<JournalContent.OtherVersion>(FileJournal.ReadBegun(State.Lib)).Schema);
        for (var run = 0; run < 3; run++)
        {
            using var journal = new FileJournal(State.Lib);
            journal.Append(Samples.Opened($"run {run}"));
            journal.Append(new RunEvent.Begun(0, TimeSpan.FromSeconds(10)) { At = s_at });
        }
        Assert.Equal(newer, State.Lib.Read("journal.format-9"));
    }

    [Fact]
    public void The_recovery_goes_on_where_a_killed_worker_broke_off_in_the_middle_of_a_line()
    {
        using (var worker = new FileJournal(State.Lib))
        {
            worker.Append(Samples.Opened());
            worker.Append(new RunEvent.Begun(0, default) { At = s_at });
        }
        File.AppendAllText(State.Lib.PathOf("journal"), "{\"event\":\"done\",\"ste");

        using (var recovery = new FileJournal(State.Lib)) recovery.Append(new RunEvent.DesktopRestored("back") { At = s_at });

        var run = Assert.IsType<JournalContent.Run>(FileJournal.Read(State.Lib));
        Assert.False(run.IsTorn);
        Assert.Equal(
            [typeof(RunEvent.Opened), typeof(RunEvent.Begun), typeof(RunEvent.DesktopRestored)],
            run.Events.Select(e => e.GetType()));
    }

    [Fact]
    public void Without_a_run_there_is_nothing_to_go_on_with()
    {
        using var journal = new FileJournal(State.Lib);

        Assert.Throws<HostException>(() => journal.Append(new RunEvent.Done(0, default) { At = s_at }));
    }

    [Fact]
    public void Waiting_for_very_much_does_not_use_up_the_room_for_what_must_be_recorded()
    {
        using var journal = new FileJournal(State.Lib);
        journal.Append(Samples.Opened());
        for (var i = 0; i < 5000; i++) journal.Append(new RunEvent.Waiting(0, $"for number {i} of very many") { At = s_at });
        journal.Append(new RunEvent.Closed(Outcome.Switched, "well") { At = s_at });

        var run = Assert.IsType<JournalContent.Run>(FileJournal.Read(State.Lib));
        Assert.True(run.IsClosed);
        Assert.InRange(run.Length, 100_000, 140_000);
    }

    [RootFact]
    public void M4_on_a_full_disk_a_run_that_has_begun_is_recorded_to_its_end_and_another_does_not_begin()
    {
        State.Lib.Ensure();
        Tool.Run("mount", "-t", "tmpfs", "-o", "size=512k,mode=0700", "tmpfs", State.Lib.Path);
        try
        {
            using (var journal = new FileJournal(State.Lib))
            {
                journal.Append(Samples.Opened());
                Fill($"{State.Lib.Path}/filler");
                for (var i = 0; i < 500; i++) journal.Append(new RunEvent.Begun(i, default) { At = s_at });
                journal.Append(new RunEvent.Closed(Outcome.Switched, "well") { At = s_at });
            }
            var run = Assert.IsType<JournalContent.Run>(FileJournal.Read(State.Lib));
            Assert.Equal(502, run.Events.Length);

            using var next = new FileJournal(State.Lib);
            var refused = Assert.Throws<HostException>(() => next.Append(Samples.Opened("next")));
            Assert.Contains("Make room", refused.Remedy, StringComparison.Ordinal);
            Assert.True(Assert.IsType<JournalContent.Run>(FileJournal.Read(State.Lib)).IsClosed);
        }
        finally
        {
            Tool.Run("umount", State.Lib.Path);
        }
    }

    private static void Fill(string path)
    {
        using var file = File.Create(path);
        var page = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(page);
                file.Flush(flushToDisk: true);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }
}
