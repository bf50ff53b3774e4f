using GpuTty.Cli;
using GpuTty.Host;
using GpuTty.Host.Settings;
using GpuTty.Interop;
using GpuTty.Linux.Desktop;
using GpuTty.Linux.Settings;
using GpuTty.Linux.State;
using GpuTty.Switching;
using GpuTty.Tests.Cli;
using GpuTty.Tests.Interop;

namespace GpuTty.Tests.Linux.State;

/// <summary>
/// Everything that is to be on the disk, on a disk that refuses one fsync(2) after the other: each ends in a sentence with a next
/// action, and what was there before is there, or can be brought back.
/// </summary>
internal static class FailingDisk
{
    private static readonly DateTimeOffset s_at = DateTimeOffset.UnixEpoch;

    private static readonly SettingsFile
        s_edited = new("/etc/modprobe.d/edited.conf", "install nvidia /bin/false\noptions z a=1\n"),
        s_removed = new("/etc/modprobe.d/removed.conf", "blacklist nvidia\n"),
        s_renamed = new("/etc/libvirt/hooks/qemu", "#!/bin/sh\n", IsExecutable: true),
        s_script = new("/etc/libvirt/hooks/qemu.d/10-old", "#!/bin/sh\n", IsExecutable: true);

    /// <summary>A program of its own.</summary>
    /// <param name="folder">An empty one.</param>
    public static int Run(string folder)
    {
        try
        {
            var withCopies = 0;
            var refused = EachOf(nth => Journal(Directory.CreateDirectory($"{folder}/journal{nth}").FullName, nth))
                + EachOf(nth => Fix(Directory.CreateDirectory($"{folder}/fix{nth}").FullName, nth))
                + EachOf(nth => Undo(Directory.CreateDirectory($"{folder}/undo{nth}").FullName, nth))
                + EachOf(nth => UndoSaid(Directory.CreateDirectory($"{folder}/said{nth}").FullName, nth, () => withCopies++))
                + EachOf(nth => Saved(Directory.CreateDirectory($"{folder}/saved{nth}").FullName, nth))
                + EachOf(nth => Forgotten(Directory.CreateDirectory($"{folder}/forgotten{nth}").FullName, nth))
                + EachOf(nth => Rule(Directory.CreateDirectory($"{folder}/rule{nth}").FullName, nth))
                + EachOf(nth => RuleRemoved(Directory.CreateDirectory($"{folder}/removed{nth}").FullName, nth));
            Assert.Equal(1, withCopies);
            Console.WriteLine(refused);
            return 0;
        }
        catch (Exception failed)
        {
            Console.Error.WriteLine(failed);
            return 1;
        }
    }

    /// <param name="try">False where there are fewer calls.</param>
    private static int EachOf(Func<int, bool> @try)
    {
        var nth = 0;
        while (@try(nth)) nth++;
        Assert.True(nth > 0);
        return nth;
    }

    /// <summary>A run after another one.</summary>
    private static bool Journal(string folder, int nth)
    {
        var lib = new StateDirectory($"{folder}/gputty");
        RunEvent[] first = [Samples.Opened("first"), Begun(0), new RunEvent.Closed(Outcome.Switched, "well") { At = s_at }];
        RunEvent[] second = [Samples.Opened("second"), Begun(0), new RunEvent.Done(0, TimeSpan.Zero) { At = s_at }, Begun(1)];
        using (var journal = new FileJournal(lib))
            foreach (var entry in first) journal.Append(entry);
        var written = 0;
        var (calls, failure) = RefusedSync.Run(nth, () =>
        {
            using var journal = new FileJournal(lib);
            foreach (var entry in second)
            {
                journal.Append(entry);
                written++;
            }
        });
        if (calls <= nth) return Done(failure);
        IsSentence(failure, nth);
        var now = Assert.IsType<JournalContent.Run>(FileJournal.Read(lib));
        // All that was said to be written; the line that was not is there or is not.
        if (now.IsOf("second")) Assert.InRange(now.Events.Length, Math.Max(1, written), written + 1);
        else Assert.Equal((0, first.Length), (written, now.Events.Length));
        var before = now.IsOf("first") ? now : Assert.IsType<JournalContent.Run>(JournalReader.Parse(lib.Read("journal.1")));
        Assert.True(before.IsOf("first") && before.IsClosed);
        // The disk works again.
        using (var journal = new FileJournal(lib)) journal.Append(Samples.Opened("third"));
        Assert.True(Assert.IsType<JournalContent.Run>(FileJournal.Read(lib)).IsOf("third"));
        return true;
    }

    private static bool Fix(string folder, int nth)
    {
        var corrections = Machine(folder);
        var before = Files(folder);
        var (calls, failure) = RefusedSync.Run(nth, () => corrections.Make(Changes(), s_at));
        if (calls <= nth) return Done(failure);
        IsSentence(failure, nth);
        Assert.False(failure is CorrectionException { IsTakenBack: false }, $"{nth}: {failure}");
        Assert.Equal(before, Files(folder));
        Assert.Null(corrections.Last());
        // The disk works again.
        corrections.Make(Changes(), s_at);
        Assert.NotEqual(before, Files(folder));
        corrections.TakeBack(corrections.Last()!);
        Assert.Equal(before, Files(folder));
        return true;
    }

    private static bool Undo(string folder, int nth)
    {
        var corrections = Machine(folder);
        var before = Files(folder);
        corrections.Make(Changes(), s_at);
        var after = Files(folder);
        (string Problem, string Remedy)? remark = null;
        var (calls, failure) = RefusedSync.Run(nth, () => remark = corrections.TakeBack(corrections.Last()!));
        if (calls <= nth) return Done(failure);
        if (remark is var (problem, remedy))
        {
            // Only the copies are there still.
            IsSentence(new HostException(problem, remedy), nth);
            Assert.Equal(before, Files(folder));
            return true;
        }
        IsSentence(failure, nth);
        foreach (var (path, content) in Files(folder))
            Assert.True(content == before.GetValueOrDefault(path) || content == after.GetValueOrDefault(path), path);
        // Copies of what is not back are still there.
        corrections.TakeBack(corrections.Last()!);
        Assert.Equal(before, Files(folder));
        return true;
    }

    /// <summary>Copies that nobody needs any more are no failure.</summary>
    private static bool UndoSaid(string folder, int nth, Action withCopies)
    {
        var corrections = Machine(folder);
        corrections.Make(Changes(), s_at);
        using var errors = new StringWriter();
        var undo = new FixRun(
            Gputty.On("desktop").With(corrections: corrections).World(TextWriter.Null, errors),
            new Manner(Yes: true, DryRun: false, Json: false));
        var code = -1;
        var (calls, failure) = RefusedSync.Run(nth, () => code = undo.UndoAsync().GetAwaiter().GetResult());
        if (calls <= nth) return Done(failure);
        Assert.Null(failure);
        Assert.Contains("Input/output error", errors.ToString(), StringComparison.Ordinal);
        Assert.Equal(
            errors.ToString().Contains("which nobody needs any more, could not be removed", StringComparison.Ordinal),
            code == ExitCodes.Done);
        if (code == ExitCodes.Done) withCopies();
        return true;
    }

    /// <summary>Firmware of a card, a report: whole and on the disk, or not there.</summary>
    private static bool Saved(string folder, int nth)
    {
        var path = $"{folder}/card.rom";
        var (calls, failure) = RefusedSync.Run(nth, () => NewFile.Write(path, "image"u8));
        // The file, and the folder with its name.
        return IsGoneUnlessDone(path, calls, failure, nth);
    }

    /// <summary>A file of gputty's own that goes.</summary>
    private static bool Forgotten(string folder, int nth)
    {
        var lib = new StateDirectory($"{folder}/gputty");
        lib.Replace("boot.json", "{}"u8);
        var (calls, failure) = RefusedSync.Run(nth, () => lib.Delete("boot.json"));
        if (calls <= nth) return Done(failure);
        IsSentence(failure, nth);
        Assert.False(lib.Exists("boot.json"));
        return true;
    }

    /// <summary>A rule for udev, and the like.</summary>
    private static bool Rule(string folder, int nth)
    {
        var path = $"{folder}/61-gputty.rules";
        File.WriteAllText(path, "before");
        var (calls, failure) = RefusedSync.Run(nth, () => SystemFile.Write(path, "after"));
        if (calls <= nth) return Done(failure);
        IsSentence(failure, nth);
        // The first is the file, which has its name only once it is on the disk; the second is the folder with the name.
        Assert.Equal(nth == 0 ? "before" : "after", File.ReadAllText(path));
        Assert.InRange(nth, 0, 1);
        Assert.Equal([path], Directory.EnumerateFileSystemEntries(folder));
        return true;
    }

    private static bool RuleRemoved(string folder, int nth)
    {
        var path = $"{folder}/drop-ins/61-gputty.rules";
        SystemFile.Write(path, "before");
        var (calls, failure) = RefusedSync.Run(nth, () => SystemFile.DeleteWithFolder(path));
        // The folder of the file, and that of the folder.
        return IsGoneUnlessDone(path, calls, failure, nth);
    }

    /// <summary>Whichever of them is refused, it is said, and the file is not there.</summary>
    private static bool IsGoneUnlessDone(string path, int calls, Exception? failure, int nth)
    {
        if (calls <= nth)
        {
            Assert.Equal(2, calls);
            return Done(failure);
        }
        IsSentence(failure, nth);
        Assert.False(File.Exists(path));
        return true;
    }

    /// <summary>Nothing was refused.</summary>
    private static bool Done(Exception? failure) => failure is null ? false : throw failure;

    private static void IsSentence(Exception? failure, int nth)
    {
        var said = failure as HostException
            ?? throw new InvalidOperationException($"refused fsync {nth}: {failure?.ToString() ?? "nothing"}");
        Assert.Contains("Input/output error", said.Message, StringComparison.Ordinal);
        Assert.Matches(@"^[/A-Z].+\.$", said.Message);
        Assert.Matches("^[A-Z]", said.Remedy);
    }

    private static RunEvent.Begun Begun(int step) => new(step, TimeSpan.FromSeconds(10)) { At = s_at };

    private static Corrections Machine(string folder)
    {
        foreach (var file in (SettingsFile[])[s_edited, s_removed, s_renamed, s_script])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder + file.Path)!);
            File.WriteAllText(folder + file.Path, file.Text);
            if (file.IsExecutable) File.SetUnixFileMode(folder + file.Path, (UnixFileMode)0b111_101_101);
        }
        Directory.CreateDirectory($"{folder}/var/lib");
        return new Corrections(
            new FileSystemRoot(folder), new StateDirectory($"{folder}/var/lib/gputty"), () => new MemoryStream());
    }

    private static FileChange[] Changes() =>
    [
        new FileChange.Edit(s_edited, [new Cut(1, 1)]),
        new FileChange.Removal(s_removed.Path, s_removed),
        new FileChange.Renaming(s_renamed, $"{s_renamed.Path}.off"),
        new FileChange.NotExecutable(s_script),
        new FileChange.Masking("/etc/modprobe.d/packaged.conf", new("/usr/lib/modprobe.d/packaged.conf", "")),
    ];

    private static Dictionary<string, string> Files(string folder) =>
        Directory.EnumerateFiles($"{folder}/etc", "*", SearchOption.AllDirectories).Order().ToDictionary(
            path => path[folder.Length..],
            path => new FileInfo(path).LinkTarget is { } target
                ? $"-> {target}"
                : $"{File.GetUnixFileMode(path)}: {File.ReadAllText(path)}");
}
