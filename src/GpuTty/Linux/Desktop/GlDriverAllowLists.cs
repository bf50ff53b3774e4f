using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Interop;
using GpuTty.Text;

namespace GpuTty.Linux.Desktop;

/// <summary>Writes, removes and reads the files that name the drivers a desktop may ask.</summary>
internal sealed class GlDriverAllowLists(FileSystemRoot root, Func<int, CancellationToken, Task> reloadManager)
{
    public async Task WriteAsync(GlDriverAllowList pin, CancellationToken cancel)
    {
        if (pin.Unit is { } unit && !IsUnit(unit))
            throw new HostException($"'{Visible.Text(unit)}' is no name of a unit.", "Report this; it should not happen.");
        SystemFile.Write(root.Any(pin.Path), pin.Text);
        await ReloadAsync(cancel);
    }

    public async Task RemoveAsync(GlDriverAllowList pin, CancellationToken cancel)
    {
        if (pin.Unit is null) SystemFile.Delete(root.Any(pin.Path));
        else SystemFile.DeleteWithFolder(root.Any(pin.Path));
        await ReloadAsync(cancel);
    }

    public static ImmutableArray<GlDriverAllowList> Read(FileSystemRoot root, List<Unknown> unknowns) =>
        Read(root, new PartFiles(unknowns, UnknownFact.GlDriverSettings, "files that name drivers for desktops"));

    private static ImmutableArray<GlDriverAllowList> Read(FileSystemRoot root, PartFiles files) =>
    [
        .. from permanent in (bool[])[false, true]
           from unit in Units(root, files, permanent).Prepend(null)
           let empty = new GlDriverAllowList(unit, "", "", permanent)
           let text = files.Text(root.Any(empty.Path), 64 * 1024)
           where text is not null
           select empty with { Egl = Value(text, GlDriverAllowList.EglVariable), Vulkan = Value(text, GlDriverAllowList.VulkanVariable) },
    ];

    private static IEnumerable<string?> Units(FileSystemRoot root, PartFiles files, bool permanent) =>
        files.Names(permanent ? root.Etc("systemd/user") : root.Run("systemd/user"))
            .Where(name => name.EndsWith(".service.d", StringComparison.Ordinal) && IsUnit(name[..^2])).Select(name => name[..^2]);

    /// <summary>What a drop-in or a file of environment.d sets a variable to; empty where it does not.</summary>
    public static string Value(string text, string variable) => text.Split('\n')
        .Select(line => line.StartsWith("Environment=", StringComparison.Ordinal) ? line["Environment=".Length..] : line)
        .FirstOrDefault(line => line.StartsWith($"{variable}=", StringComparison.Ordinal))?[(variable.Length + 1)..] ?? "";

    /// <summary>systemd.unit(5): what may stand in a name; it becomes part of a path.</summary>
    private static bool IsUnit(string name) =>
        name.Length is > 0 and < 200
        && name[0] != '.'
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '@' or ':' or '-' or '_' or '.' or '\\');

    /// <summary>A user's manager outlives a logout by ten seconds (logind.conf(5),
    /// UserStopDelaySec=): without this a quick login would not see the file.</summary>
    private async Task ReloadAsync(CancellationToken cancel)
    {
        foreach (var name in SysFiles.Names(root.Run("user")))
            if (int.TryParse(name, out var uid) && SysFiles.Exists(root.Run($"user/{name}/systemd/private")))
                await reloadManager(uid, cancel);
    }
}
