using System.Collections;
using System.Globalization;
using GpuTty.Host;
using GpuTty.Interop;
using GpuTty.Linux.Processes;
using GpuTty.Linux.Settings;
using GpuTty.Text;

namespace GpuTty.Linux.Guests;

/// <summary>Whom a command is run as, and with what: setpriv(1) becomes
/// the user and then the command, so that both are one process.</summary>
/// <param name="Name">Login name.</param>
internal sealed record CommandUser(string Name, uint Uid, uint Gid, string Home, string Shell)
{
    private const string SafePath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>What a user's program must not get from root's side: who called, and what steers a loader or a runtime.</summary>
    private static readonly string[] s_dropped = ["SUDO_", "PKEXEC_", "DOAS_", "LD_", "DOTNET_", "COMPlus_", "CORECLR_"];

    /// <param name="name">Null for whoever called sudo.</param>
    /// <exception cref="HostException">There is no such user, or it cannot be told.</exception>
    public static CommandUser Of(FileSystemRoot root, string? name, CallingUser caller)
    {
        var fields = AccountFile.Read(root, AccountFile.Users)
            .FirstOrDefault(fields =>
                fields.Length >= 7 && (name is null ? fields[2] == caller.Uid.ToString(CultureInfo.InvariantCulture) : fields[0] == name));
        return fields is not null
            && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var uid)
            && uint.TryParse(fields[3], NumberStyles.None, CultureInfo.InvariantCulture, out var gid)
            ? new(fields[0], uid, gid, fields[5], fields[6])
            : throw new HostException(
                $"There is no user {Visible.Text(name ?? caller.Uid.ToString(CultureInfo.InvariantCulture), 80)} on this machine.",
                "Name the user that the command is to run as: --as USER");
    }

    /// <param name="setpriv">Absolute path; null where it is not installed.</param>
    public IReadOnlyList<string> Command(string? setpriv, IReadOnlyList<string> command) => Uid == 0 ? ["/usr/bin/env", .. command]
        : setpriv is null
            ? throw new HostException(
                "setpriv is not installed, so the command cannot be run as a user.",
                "Install util-linux, or run it as root: --as root")
            : [setpriv, $"--reuid={Uid}", $"--regid={Gid}", "--init-groups", "--inh-caps=-all", "--", .. command];

    /// <summary>The caller's variables, with this user's own in their place.</summary>
    public IReadOnlyList<string> Environment(IDictionary caller, Func<string, bool> exists)
    {
        var variables = caller
            .Cast<DictionaryEntry>()
            .Select(pair => (Name: (string)pair.Key, Value: pair.Value as string ?? ""))
            .Where(pair => !s_dropped.Any(begin => pair.Name.StartsWith(begin, StringComparison.Ordinal)))
            .ToDictionary(pair => pair.Name, pair => pair.Value);
        (variables["HOME"], variables["USER"], variables["LOGNAME"], variables["SHELL"], variables["PATH"]) =
            (Home, Name, Name, Shell, SafePath);
        if (exists($"/run/user/{Uid}")) variables["XDG_RUNTIME_DIR"] = $"/run/user/{Uid}";
        else variables.Remove("XDG_RUNTIME_DIR");
        return [.. variables.Select(pair => $"{pair.Key}={pair.Value}")];
    }
}
