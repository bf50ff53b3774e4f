using System.Runtime.InteropServices;
using System.Text;
using GpuTty.Host.Settings;
using GpuTty.Interop;
using GpuTty.Text;

namespace GpuTty.Linux.Settings;

/// <summary>
/// The files of gputty.conf, in the order in which they override each other. They are read and never run.
/// What root reads must not be somebody else's to write, and of a user it is read only for that user.
/// </summary>
internal sealed class ConfigurationFiles(FileSystemRoot root)
{
    private const int Longest = 64 * 1024;
    private const string SeedName = "vfio-passthrough.conf";
    private const UnixFileMode Writable = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <param name="user">Null where nobody is behind it: a hook of libvirt.</param>
    public Configuration Read(CallingUser? user, IReadOnlyDictionary<string, string> environment) =>
        Configuration.Of(All(user), environment);

    private IEnumerable<ConfigurationFile> All(CallingUser? user)
    {
        var home = user?.Home is { } path ? root.Any(path.TrimStart('/')) : null;
        if (user?.Problem is { } unknown)
            yield return new(ConfigurationSource.User, "/etc/passwd", null, new ConfigurationProblem(
                "/etc/passwd", $"{unknown.TrimEnd('.')}, so it is unknown which settings are yours.", user.Remedy,
                IsError: true));
        // As its own scripts do it: the first one that is there.
        var own = home is null ? null : OfUser(user!, $"{home}/.config/{SeedName}", ConfigurationSource.VfioPassthrough);
        if ((own ?? OfSystem(root.Etc(SeedName), ConfigurationSource.VfioPassthrough)) is { } seed) yield return seed;
        if (OfSystem(root.Etc("gputty.conf"), ConfigurationSource.System) is { } system) yield return system;
        var folder = root.Etc("gputty.conf.d");
        var names = SysFiles.Names(folder, out var error);
        if (error is not null)
            yield return Unused(
                ConfigurationSource.SystemFolder,
                folder,
                $"cannot be listed: {error}",
                "Look at its permissions, or run gputty as root.");
        foreach (var name in names.Where(name => name.EndsWith(".conf", StringComparison.Ordinal)))
            if (OfSystem($"{folder}/{name}", ConfigurationSource.SystemFolder) is { } part) yield return part;
        if (home is not null && OfUser(user!, $"{home}/.config/gputty.conf", ConfigurationSource.User) is { } last) yield return last;
    }

    /// <summary>Links are followed, as some systems make all of /etc of them: what they lead to must be the system's.</summary>
    private ConfigurationFile? OfSystem(string path, ConfigurationSource source) => Open(path, source, 0, facts =>
        facts.Owner != 0 && facts.Owner != Native.EffectiveUser()
            ? ($"belongs to user {facts.Owner}, so it is not used", $"Give it to root: chown root {Typed(path)}")
            : Common(facts, path));

    private ConfigurationFile? OfUser(CallingUser user, string path, ConfigurationSource source) =>
        Open(path, source, Native.NoFollow, facts =>
        facts.Owner != user.Uid && facts.Owner != 0
            ? ($"belongs to user {facts.Owner}, so it is not used", $"Give it to its user: chown {user.Uid} {Typed(path)}")
            : facts.Links > 1 ? ("has a second name, so it is not used", "Make a copy of it, and put that in its place.")
        : Common(facts, path)) is { } file ? file with { IsOfUser = true } : null;

    private (string, string)? Common(OwnedFile facts, string path) =>
        (facts.Permissions & Writable) != 0
            ? ("can be written to by others, so it is not used", $"Remove that permission: chmod go-w {Typed(path)}")
            : null;

    /// <summary>Null when there is no such file.</summary>
    private ConfigurationFile? Open(
        string path, ConfigurationSource source, int flags, Func<OwnedFile, (string Problem, string Remedy)?> distrust)
    {
        using var file =
            Native.Open(path, Native.ReadOnly | Native.CloseOnExec | Native.NonBlocking | Native.NoControllingTerminal | flags, 0);
        if (file.IsInvalid)
        {
            return Marshal.GetLastPInvokeError() switch
            {
                Native.ENOENT or Native.ENOTDIR => null,
                Native.ELOOP => Unused(source, path, "is a link, so it is not used", "Put the file itself there."),
                var error =>
                    Unused(
                        source,
                        path,
                        $"cannot be read: {Marshal.GetPInvokeErrorMessage(error)}",
                        "Look at its permissions, or run gputty as root."),
            };
        }
        var facts = Native.Look(file);
        if (!facts.IsFile) return Unused(source, path, "is not a plain file, so it is not used", "Put a file there.");
        if (distrust(facts) is { } why) return Unused(source, path, why.Problem, why.Remedy);
        var bytes = new byte[Longest + 1];
        int length = 0, count;
        while (length < bytes.Length && (count = Native.Read(file, bytes.AsSpan(length))) > 0) length += count;
        return length > Longest ? Unused(source, path, "is longer than 64 KiB, so it is not used", "Write only KEY=VALUE lines into it.")
            : new ConfigurationFile(source, Shown(path), Encoding.UTF8.GetString(bytes, 0, length));
    }

    private ConfigurationFile Unused(ConfigurationSource source, string path, string why, string remedy) =>
        new(source, Shown(path), null, new ConfigurationProblem(Shown(path), $"{Shown(path)} {why}.", remedy, IsError: true));

    private string Shown(string path) => Visible.Text(root.Shown(path), 400);

    private string Typed(string path) => ShellWord.Or(root.Shown(path), "FILE");
}
