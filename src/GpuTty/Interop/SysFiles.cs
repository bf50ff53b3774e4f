using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;

namespace GpuTty.Interop;

/// <summary>Reads files whose contents nobody vouches for: never throws, never waits, never follows a link out of a listing.</summary>
internal static class SysFiles
{
    /// <summary>Tables below /proc and text files of the system.</summary>
    public const int TableLimit = 64 * 1024 * 1024;

    private static readonly SearchValues<char> s_notPlain =
        SearchValues.Create([.. Enumerable.Range(0, 0xa0).Select(code => (char)code).Where(char.IsControl), '\ufffd']);

    /// <summary>What is said of a file that is longer than the limit.</summary>
    public const string TooLong = "it is too long";

    /// <summary>Contents as text, broken UTF-8 replaced; null when it cannot be read whole.</summary>
    public static string? Text(string path, int limit = TableLimit) =>
        DirectoryHandle.Current.Bytes(path, limit) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    /// <param name="path">The file.</param>
    /// <param name="limit">The most bytes that are read.</param>
    /// <param name="error">Why it cannot be read; null where it can, and where there is no such file.</param>
    public static string? Text(string path, int limit, out string? error)
    {
        var text = Text(path, limit);
        error = text is null ? Libc.WhyNot(TooLong) : null;
        return text;
    }

    /// <summary>Contents as they are; null where they cannot be read whole.</summary>
    /// <param name="error">Why it cannot be read; null where it can, and where there is no such file.</param>
    public static byte[]? Bytes(string path, int limit, out string? error)
    {
        var bytes = DirectoryHandle.Current.Bytes(path, limit);
        error = bytes is null ? Libc.WhyNot(TooLong) : null;
        return bytes;
    }

    public static IEnumerable<string> Lines(string path) => Text(path)?.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>One line of plain text; null when missing, empty or not plain.</summary>
    public static string? Word(string path) => DirectoryHandle.Current.Word(path);

    /// <summary>Where a link points, as written; the target need not exist.</summary>
    public static string? Link(string path) => DirectoryHandle.Current.Link(path);

    /// <summary>What a path leads to, links followed.</summary>
    public static FileFacts? Stat(string path) => DirectoryHandle.Current.Stat(path);

    /// <param name="error">Why it is unknown what is there; null where it is known, and where nothing is.</param>
    public static FileFacts? Stat(string path, out string? error)
    {
        var facts = Stat(path);
        error = facts is null ? Libc.WhyNot(null) : null;
        return facts;
    }

    public static bool Exists(string path) => Stat(path) is not null;

    /// <summary>An access control list decides who may open it, besides its permissions (acl(5)).</summary>
    public static bool HasAccessList(string path) => Native.GetAttributeOf(path, "system.posix_acl_access", [], 0) > 0;

    /// <summary>Changes owner, group and permissions of a file; a link is left alone.</summary>
    /// <param name="onlyOwn">Not where it belongs to somebody else than root and the new owner: who may keep it open.</param>
    /// <returns>Null when it is done; else why not, in a clause.</returns>
    public static string? Own(string path, int uid, int gid, int mode, bool onlyOwn = false)
    {
        // By what is found there and not by its name: its new owner could put a link there before its permissions are changed.
        using var file = Native.Open(path, Native.PathOnly | Native.NoFollow | Native.CloseOnExec, 0);
        if (file.IsInvalid) return Marshal.GetLastPInvokeErrorMessage();
        var facts = Native.Look(file);
        if (facts.IsLink) return "it is a link";
        if (onlyOwn && facts.Owner != 0 && facts.Owner != (uint)uid) return $"it belongs to user {facts.Owner}, who may keep it open";
        if (Native.SetOwnerOfPath(file, (uint)uid, (uint)gid) != 0) return Marshal.GetLastPInvokeErrorMessage();
        File.SetUnixFileMode(Native.PathOf(file), (UnixFileMode)mode);
        return null;
    }

    /// <summary>Names in a folder, sorted; none when there is no such folder.</summary>
    public static ImmutableArray<string> Names(string path) => Names(path, out _);

    /// <param name="path">The folder.</param>
    /// <param name="error">Why it cannot be listed to its end; null where it can, and where there is no such folder.</param>
    /// <param name="most">No more names are read.</param>
    public static ImmutableArray<string> Names(string path, out string? error, int most = int.MaxValue)
    {
        using var list = DirectoryHandle.Current.List(path);
        error = list is null ? Libc.WhyNot("it cannot be opened") : null;
        if (list is null) return [];
        var names = ImmutableArray.CreateBuilder<string>();
        while (names.Count < most && list.MoveNext()) names.Add(list.Name);
        error = Libc.WhyNot(null);
        names.Sort(StringComparer.Ordinal);
        return names.ToImmutable();
    }

    /// <summary>Links in a folder and where each points, as written; sorted by their names.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="error">Why it cannot be listed to its end; null where it can, and where there is no such folder.</param>
    public static ImmutableArray<(string Name, string Target)> Links(string path, out string? error)
    {
        using var list = DirectoryHandle.Current.List(path);
        error = list is null ? Libc.WhyNot("it cannot be opened") : null;
        if (list is null) return [];
        var links = ImmutableArray.CreateBuilder<(string Name, string Target)>();
        while (list.MoveNext())
            if (list.Link() is { } target) links.Add((list.Name, target));
        error = Libc.WhyNot(null);
        links.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
        return links.ToImmutable();
    }

    /// <summary>Where a link in a folder leads, worked out from its text alone, so that a missing or looping target does no harm.</summary>
    public static string? Target(string folder, string? link)
    {
        if (link is null) return null;
        if (link.StartsWith('/')) return link;
        var parts = new List<string>(folder.Split('/'));
        foreach (var part in link.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..") parts.RemoveRange(Math.Max(parts.Count - 1, 1), Math.Min(1, parts.Count - 1));
            else if (part != ".") parts.Add(part);
        }
        return string.Join('/', parts);
    }

    public static string? LastPart(string? path)
    {
        var trimmed = path?.TrimEnd('/');
        return string.IsNullOrEmpty(trimmed) ? null : trimmed[(trimmed.LastIndexOf('/') + 1)..];
    }

    /// <summary>Attributes of sysfs are one line of text; whatever else is there tells nothing.</summary>
    public static string? PlainWord(byte[]? bytes)
    {
        if (bytes is null) return null;
        var text = Encoding.UTF8.GetString(bytes).Trim();
        return text.Length == 0 || text.AsSpan().ContainsAny(s_notPlain) ? null : text;
    }
}
