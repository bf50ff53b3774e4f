using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Interop;

namespace GpuTty.Linux;

/// <summary>
/// Files that tell one part of a snapshot. A file or a folder that is missing is a fact; one that is there and cannot be read is none, and
/// becomes an <see cref="Unknown"/>.
/// </summary>
/// <param name="unknowns">Gets what is unknown.</param>
/// <param name="fact">In words: "device nodes".</param>
internal readonly struct PartFiles(List<Unknown> unknowns, UnknownFact code, string fact, string? of = null)
{
    /// <summary>Names in a folder, sorted.</summary>
    public ImmutableArray<string> Names(string path)
    {
        var names = SysFiles.Names(path, out var error);
        if (error is { } why) Missing($"{path} cannot be listed: {why}.");
        return names;
    }

    /// <summary>Links in a folder and where each points, sorted by their names.</summary>
    public ImmutableArray<(string Name, string Target)> Links(string path)
    {
        var links = SysFiles.Links(path, out var error);
        if (error is { } why) Missing($"{path} cannot be listed: {why}.");
        return links;
    }

    /// <summary>Contents as text; null where there is no such file, and where it cannot be read.</summary>
    public string? Text(string path, int limit = SysFiles.TableLimit) => Text(path, limit, out _);

    /// <param name="isKnown">False where it is there and cannot be read.</param>
    public string? Text(string path, int limit, out bool isKnown)
    {
        var text = SysFiles.Text(path, limit, out var error);
        isKnown = error is null;
        if (error is { } why) Missing($"{path} cannot be read: {why}.");
        return text;
    }

    public void Missing(string reason)
    {
        lock (unknowns) unknowns.Add(new Unknown(code, fact, reason) { Of = of });
    }
}
