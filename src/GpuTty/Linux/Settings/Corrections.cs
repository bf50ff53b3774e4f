using System.Globalization;
using System.Text;
using GpuTty.Host;
using GpuTty.Host.Settings;
using GpuTty.Interop;
using GpuTty.Linux.State;

namespace GpuTty.Linux.Settings;

/// <summary>
/// Changes files of the machine's settings. Copies and a list of what is to be done are on the disk before anything is changed, in
/// corrections/TIME of /var/lib/gputty, so that also after a power cut everything can be brought back, if need be by hand.
/// </summary>
/// <param name="hold">Keeps switches, and others of these, away until it is disposed.</param>
internal sealed class Corrections(FileSystemRoot root, StateDirectory lib, Func<IDisposable> hold) : ICorrections
{
    private const string List = "files.json";
    private readonly StateDirectory _all = new(lib.PathOf("corrections"));

    private sealed record Prepared(string Path, FileState Before, byte[] Content, FileState After, byte[] Next);

    public string? Refusal(FileChange change)
    {
        try
        {
            _ = Prepare([change]);
            return null;
        }
        catch (HostException refused)
        {
            return refused.Message.TrimEnd('.');
        }
    }

    public string Make(IReadOnlyList<FileChange> changes, DateTimeOffset at)
    {
        using var mine = hold();
        var all = Prepare(changes);
        var kept = Keep(all, at);
        for (var done = 0; done < all.Count; done++)
        {
            try
            {
                Exchange(all[done].Path, all[done].Before, all[done].After, all[done].Next);
            }
            catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
            {
                var why = $"{all[done].Path} could not be changed: {failed.Message.TrimEnd('.')}";
                foreach (var one in all.Take(done + 1).Reverse()) BringBack(one, why, kept);
                _ = WhyNotRemoved(kept);
                throw new CorrectionException(
                    $"{why}. Everything is as it was.",
                    "Check that its file system can be written to (an immutable file: lsattr), then try again.",
                    isTakenBack: true,
                    failed);
            }
        }
        return kept.Path;
    }

    public KeptCorrection? Last()
    {
        if (Folders().LastOrDefault() is not { } folder) return null;
        var list = Read(folder);
        return new KeptCorrection(folder.Path, list.At, [.. list.Files.Select(file => (file.Path, Back(file)))]);
    }

    public (string Problem, string Remedy)? TakeBack(KeptCorrection correction)
    {
        using var mine = hold();
        var folder = new StateDirectory(correction.Folder);
        var files = Read(folder).Files.Reverse().ToList();
        // Before the first is touched: all copies are whole, and nobody has changed what would be lost.
        var copies = files.Select(file => Copy(folder, file)).ToList();
        if (files.FirstOrDefault(file => Back(file) == Restoration.ChangedSince) is { } changed)
            throw new HostException(
                $"{changed.Path} has been changed since, so nothing is rolled back.",
                $"Compare it with its copy below {folder.Path}, and restore by hand what you want.");
        foreach (var (file, copy) in files.Zip(copies))
        {
            try
            {
                if (Back(file) != Restoration.AsBefore) Exchange(file.Path, file.After, file.Before, copy);
            }
            catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
            {
                throw new CorrectionException(
                    $"{file.Path} could not be brought back: {failed.Message.TrimEnd('.')}.",
                    $"Its copy is below {folder.Path}; run this again when the file can be written to.", isTakenBack: false, failed);
            }
        }
        return WhyNotRemoved(folder) is { } why
            ? ($"The copies below {folder.Path}, which nobody needs any more, could not be removed: {why}.",
                $"Remove them by hand: rm -r {folder.Path}")
            : null;
    }

    /// <summary>What there is of each file, and what it will be. Nothing is changed.</summary>
    private List<Prepared> Prepare(IEnumerable<FileChange> changes)
    {
        var all = new List<Prepared>();
        foreach (var change in changes)
        {
            var (before, content) = Look(change.Path);
            all.AddRange(change switch
            {
                FileChange.Removal { File: { } file } => [new(change.Path, before, content, FileState.Nothing, [])],
                FileChange.Removal when before.Kind == FileKind.Absent => throw Changed(change.Path),
                FileChange.Removal => [new(change.Path, before, content, FileState.Nothing, [])],
                FileChange.Edit edit => Encoding.Latin1.GetBytes(edit.Apply(Encoding.Latin1.GetString(content))) is var next
                    ? [new(change.Path, before, content, before with { Sha256 = FileExchange.Hash(next) }, next)] : [],
                FileChange.NotExecutable => [new(change.Path, before, content, before with { Mode = before.Mode & ~0x49 }, content)],
                FileChange.Renaming renaming => Free(renaming.To) is var to
                    ? [new(to, FileState.Nothing, [], before, content), new(change.Path, before, content, FileState.Nothing, [])] : [],
                _ => Free(change.Path) is var mask
                    ? [new(mask, FileState.Nothing, [], new FileState(FileKind.Link, "/dev/null"), [])]
                    : (IEnumerable<Prepared>)[],
            });
            if (Expected(change) is { } expected)
            {
                if (before.Kind == FileKind.Link)
                    throw new HostException(
                        $"{change.Path} is a link to {Text.Visible.Text(before.Target ?? "", 200)}, which was made on purpose.",
                        "Change what it leads to by hand.");
                if (before.Kind != FileKind.File || Encoding.UTF8.GetString(content) != expected.Text) throw Changed(change.Path);
            }
        }
        return all;
    }

    private static SettingsFile? Expected(FileChange change) => change switch
    {
        FileChange.Removal removal => removal.File,
        FileChange.Edit edit => edit.File,
        FileChange.Renaming renaming => renaming.File,
        FileChange.NotExecutable executable => executable.File,
        _ => null,
    };

    private string Free(string path) =>
        Look(path).State.Kind == FileKind.Absent
            ? path
            : throw new HostException($"{path} is there already.", "See what it is, and change it by hand.");

    private static HostException Changed(string path) =>
        new($"{path} has been changed since it was looked at.", "Look again: gputty doctor --fix");

    private (FileState State, byte[] Content) Look(string path)
    {
        try
        {
            using var place = FileExchange.Open(root.Any(path.TrimStart('/')));
            return place is null ? (FileState.Nothing, []) : (place.Look(out var content), content);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new HostException(
                $"{path} cannot be looked at: {unreadable.Message.TrimEnd('.')}.",
                "Run gputty as root; where it says the same then, look at it: ls -l",
                unreadable);
        }
    }

    /// <summary>Once more looked at in the moment before, and seen to be there afterwards.</summary>
    private void Exchange(string path, FileState from, FileState to, ReadOnlySpan<byte> content)
    {
        using var place = FileExchange.Open(root.Any(path.TrimStart('/')), makesFolder: to.Kind != FileKind.Absent)
            ?? throw new DirectoryNotFoundException("Its folder is gone");
        var now = place.Look(out _);
        if (!now.IsSameAs(from)) throw new IOException("It has been changed in this moment");
        place.Put(now, to, content);
        if (!place.Look(out _).IsSameAs(to)) throw new IOException("It was written, and is not what it should be");
    }

    private void BringBack(Prepared one, string why, StateDirectory kept)
    {
        try
        {
            using var place = FileExchange.Open(root.Any(one.Path.TrimStart('/')));
            if (place is null && one.Before.Kind == FileKind.Absent) return;
            if (place is null) throw new DirectoryNotFoundException("Its folder is gone");
            var now = place.Look(out _);
            if (!now.IsSameAs(one.Before)) place.Put(now, one.Before, one.Content);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new CorrectionException(
                $"{why}; and {one.Path} could not be brought back: {failed.Message.TrimEnd('.')}.",
                $"Copies of all files are in {kept.Path}; undo it when the files can be written to: gputty doctor --fix --undo",
                isTakenBack: false, failed);
        }
    }

    private Restoration Back(KeptFile file)
    {
        var (now, _) = Look(file.Path);
        return now.IsSameAs(file.Before) ? Restoration.AsBefore
            : !now.IsSameAs(file.After) ? Restoration.ChangedSince
            : file.Before.Kind == FileKind.Absent ? Restoration.Removed : Restoration.Restored;
    }

    private StateDirectory Keep(List<Prepared> all, DateTimeOffset at)
    {
        lib.Ensure();
        _all.Ensure();
        var name = at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var folder = Enumerable.Range(1, 1000)
            .Select(number => new StateDirectory(_all.PathOf($"{name}-{number:000}")))
            .First(one => !Directory.Exists(one.Path));
        folder.Ensure();
        try
        {
            var files = new List<KeptFile>();
            foreach (var (index, one) in all.Index())
            {
                var copy = one.Before.Kind == FileKind.File ? $"{index + 1:000}-{Plain(Path.GetFileName(one.Path))}" : null;
                if (copy is not null) folder.Replace(copy, one.Content);
                files.Add(new KeptFile(one.Path, one.Before, one.After, copy));
            }
            folder.Replace(List, StateFormat.Write(new KeptFiles(at, files), StateJson.Default.KeptFiles));
            return folder;
        }
        catch
        {
            _ = WhyNotRemoved(folder);
            throw;
        }
    }

    private static string Plain(string name) =>
        string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_'));

    /// <summary>The oldest first. One without a list was given up before anything was changed.</summary>
    /// <exception cref="HostException">They cannot be listed.</exception>
    private IEnumerable<StateDirectory> Folders()
    {
        var names = SysFiles.Names(_all.Path, out var error);
        if (error is not null)
            throw Native.EffectiveUser() != 0 ? new NeedsRootException($"Only root can read {_all.Path}.")
                : new HostException($"{_all.Path} cannot be listed: {error}.", "Check that its file system can be read.");
        return names.Select(name => new StateDirectory(_all.PathOf(name))).Where(folder => folder.Exists(List));
    }

    private static KeptFiles Read(StateDirectory folder) => folder.Read(List) is { } content
        ? StateFormat.Read(
            content,
            StateJson.Default.KeptFiles,
            folder.PathOf(List),
            $"Copies of the files are in {folder.Path}; restore by hand what you want.")
        : throw new HostException($"{folder.PathOf(List)} is gone.", "See what has been corrected: gputty doctor");

    private static byte[] Copy(StateDirectory folder, KeptFile file)
    {
        if (file.Copy is null) return [];
        var damaged = new HostException(
            $"The copy of {file.Path} in {folder.Path} is gone or damaged, so nothing is rolled back.",
            "Restore by hand what you want.");
        if (file.Copy.Contains('/', StringComparison.Ordinal)) throw damaged;
        return folder.Read(file.Copy) is { } content && FileExchange.Hash(content) == file.Before.Sha256 ? content : throw damaged;
    }

    /// <summary>Removes copies that nobody needs any more, and the list first: without it they are no correction.</summary>
    /// <returns>Null when they are gone; else why not, in a clause.</returns>
    private static string? WhyNotRemoved(StateDirectory folder)
    {
        try
        {
            folder.Delete(List);
            Directory.Delete(folder.Path, recursive: true);
            return null;
        }
        catch (Exception refused) when (refused is HostException or IOException or UnauthorizedAccessException)
        {
            return refused.Message.TrimEnd('.');
        }
    }
}
