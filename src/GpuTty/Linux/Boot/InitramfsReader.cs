using System.Collections.Immutable;
using GpuTty.Host.Settings;
using GpuTty.Interop;
using GpuTty.Linux.Commands;

namespace GpuTty.Linux.Boot;

/// <summary>Looks at the initramfs of the running kernel: when it was
/// built, which is cheap, and, where that is asked for, what is in it.</summary>
internal static class InitramfsReader
{
    private static readonly TimeSpan s_lists = TimeSpan.FromSeconds(60);

    /// <param name="settings">Those whose copies may be in it.</param>
    /// <param name="lists">Also list it, with the tool of whoever has built it.</param>
    /// <returns>Null where none is in the usual places.</returns>
    public static async Task<InitramfsImage?> ReadAsync(
        FileSystemRoot root, CommandRunner tools, string kernel, SettingsFiles settings, bool lists, CancellationToken cancel)
    {
        var (found, unseen) = (new List<(string Tool, string Path, string[] Arguments)>(), ((string Path, string Why)?)null);
        foreach (var candidate in EarlyModules.Images(root, kernel))
        {
            if (SysFiles.Stat(candidate.Path, out var error) is not null) found.Add(candidate);
            else if (error is not null) unseen ??= (root.Shown(candidate.Path), error);
        }
        // Some distributions let nobody but root into /boot: that is not the same as no image.
        if (found.Count == 0)
            return unseen is { } hidden ? new(hidden.Path, [], null, null, $"it cannot be looked at: {hidden.Why}") : null;
        var image = found.FirstOrDefault(candidate => tools.Find(candidate.Tool) is not null, found[0]);
        var built = File.GetLastWriteTimeUtc(image.Path);
        ImmutableHashSet<string> newer =
        [
            .. settings.Modprobe.Concat(settings.Boot).Concat(settings.UdevRules.Where(rule => BootRule.IsOurs(rule.Name)))
                .Select(file => file.Path)
                .Where(path => !path.Contains("/modules-load.d/", StringComparison.Ordinal) && Changed(root, path) > built),
        ];
        var path = root.Shown(image.Path);
        if (!lists) return new(path, newer, null, null, null);
        if (tools.Find(image.Tool) is null) return new(path, newer, null, null, $"{image.Tool} is not installed");
        var listed = await tools.RunAsync(image.Tool, image.Arguments, s_lists, cancel);
        return listed.Succeeded && listed.Output.Length > 0
            ? new(path, newer, EarlyModules.Parse(listed.Output), Settings(listed.Output), null)
            : new(path, newer, null, null, listed.Succeeded ? $"{image.Tool} lists nothing" : listed.Problem(image.Tool));
    }

    /// <summary>Lines that end in a path of modprobe.d, or of a rule of gputty's, whatever
    /// stands before it: <c>etc/modprobe.d/vfio.conf</c>.</summary>
    public static ImmutableHashSet<string> Settings(string list) =>
        [
            .. list.Split('\n')
                .Select(line => line.TrimEnd().Split(' ')[^1].TrimStart('.', '/'))
                .Where(path =>
                    (path.EndsWith(".conf", StringComparison.Ordinal) && path.Contains("modprobe.d/", StringComparison.Ordinal))
                    || (path.Contains("udev/rules.d/", StringComparison.Ordinal) && BootRule.IsOurs(SysFiles.LastPart(path)!)))
                .Select(path => $"/{path}"),
        ];

    /// <summary>When a file was last written; before all times where that cannot be told.</summary>
    private static DateTime Changed(FileSystemRoot root, string path)
    {
        try
        {
            return File.GetLastWriteTimeUtc(root.Any(path.TrimStart('/')));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return DateTime.MinValue;
        }
    }
}
