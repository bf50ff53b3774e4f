using System.Text;

namespace GpuTty.Tests.Linux.FakeKernel;

/// <summary>Files and links of a <see cref="FuseMount"/>, some of which are silent.</summary>
internal sealed class SilentFiles
{
    private readonly Dictionary<string, Entry> _entries = [];

    public void File(string path, Func<string> read) => _entries[path] = new Entry.Attribute(read);

    public void File(string path, string text) => File(path, () => text);

    /// <param name="read">Each letter is a byte.</param>
    public void Bytes(string path, Func<string> read) => _entries[path] = new Entry.Attribute(read) { Encoding = Encoding.Latin1 };

    /// <summary>A relative link, as sysfs has them.</summary>
    public void Link(string path, string target) => _entries[path] =
        new Entry.Link(Path.GetRelativePath($"/{Path.GetDirectoryName(path)}", $"/{target}"));

    /// <summary>On a thread of its own, which ends with the tests; whoever asked is let go when the mount is.</summary>
    public static string Silence()
    {
        Thread.Sleep(Timeout.Infinite);
        return "";
    }

    public Entry? At(string path)
    {
        if (_entries.TryGetValue(path, out var entry)) return entry;
        var below = path.Length == 0 ? "" : $"{path}/";
        var names = _entries.Keys
            .Where(file => file.StartsWith(below, StringComparison.Ordinal))
            .Select(file => file[below.Length..].Split('/')[0])
            .Distinct()
            .ToList();
        return names.Count > 0 ? new Entry.Folder(names) : null;
    }
}
