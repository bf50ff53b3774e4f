using System.Collections;
using System.Globalization;
using GpuTty.Host;
using GpuTty.Interop;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Processes;
using GpuTty.Linux.Settings;
using GpuTty.Text;

namespace GpuTty.Linux.Guests;

/// <summary>Whom a command is run as, and with what: setpriv(1) becomes
/// the user and then the command, so that both are one process.</summary>
/// <param name="Name">Login name.</param>
internal sealed record CommandUser(string Name, uint Uid, uint Gid, string Home, string Shell)
{
    private static readonly string[] s_folders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
    private static readonly string[] s_foldersOfNixos = ["/run/wrappers/bin", "/run/current-system/sw/bin"];

    private static readonly TimeSpan s_atMost = TimeSpan.FromSeconds(10);

    private static readonly (string Problem, string Remedy) s_noSetpriv =
        ("setpriv is not installed, so the command cannot be run as a user.", "Install util-linux, or run it as root: --as root");

    /// <summary>What a user's program must not get from root's side: who called, and what steers a loader or a runtime.</summary>
    private static readonly string[] s_dropped = ["SUDO_", "PKEXEC_", "DOAS_", "LD_", "DOTNET_", "COMPlus_", "CORECLR_"];

    /// <param name="name">Null for whoever called sudo.</param>
    /// <exception cref="HostException">There is no such user, or it cannot be told.</exception>
    /// <param name="elsewhere">A user that /etc/passwd does not know, by name or number; null for none to ask.</param>
    public static CommandUser Of(FileSystemRoot root, string? name, CallingUser caller, Func<string, string[]?>? elsewhere = null)
    {
        var number = caller.Uid.ToString(CultureInfo.InvariantCulture);
        var fields = AccountFile.Read(root, AccountFile.Users)
            .FirstOrDefault(fields => fields.Length >= 7 && (name is null ? fields[2] == number : fields[0] == name))
            ?? elsewhere?.Invoke(name ?? number);
        return fields is { Length: >= 7 }
            && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var uid)
            && uint.TryParse(fields[3], NumberStyles.None, CultureInfo.InvariantCulture, out var gid)
            ? new(fields[0], uid, gid, fields[5], fields[6])
            : throw new HostException(
                $"There is no user {Visible.Text(name ?? number, 80)} on this machine.",
                "Name the user that the command is to run as: --as USER");
    }

    /// <param name="setpriv">Absolute path; null where it is not installed.</param>
    public IReadOnlyList<string> Command(string? setpriv, IReadOnlyList<string> command) => Uid == 0 ? ["/usr/bin/env", .. command]
        : setpriv is null
            ? throw new HostException(s_noSetpriv.Problem, s_noSetpriv.Remedy)
            : [setpriv, .. Becoming, .. command];

    /// <summary>Where a command without a folder is looked for, as PATH says it.</summary>
    public static string SearchPath(Func<string, bool> exists) => string.Join(':', [.. s_folders, .. s_foldersOfNixos.Where(exists)]);

    /// <summary>Why this user cannot start such a program; null where it can. The user looks, whose rights may be any.</summary>
    /// <param name="folder">The one that the command is run in: absolute.</param>
    public async Task<(string Problem, string Remedy)?> ProblemOfAsync(
        CommandRunner tools, string program, string folder, Func<string, bool> exists, CancellationToken cancel)
    {
        if (Uid != 0 && tools.Find("setpriv") is null) return s_noSetpriv;
        var hasFolder = program.Contains('/', StringComparison.Ordinal);
        var path = SearchPath(exists);
        string[] look =
        [
            "-c", "for file; do test -f \"$file\" && test -x \"$file\" && exit 0; done; exit 9", "sh",
            .. hasFolder
                ? [Path.Combine(folder, program)]
                : path.Split(':').Select(one => $"{one}/{program}"),
        ];
        var answer = Uid == 0
            ? await tools.RunAsync("sh", look, s_atMost, cancel)
            : await tools.RunAsync("setpriv", [.. Becoming, tools.Find("sh") ?? "/bin/sh", .. look], s_atMost, cancel);
        var shown = Visible.Text(program, 200);
        return answer.ExitCode switch
        {
            0 => null,
            9 when hasFolder => ($"{Name} cannot run {shown}: there is no such program, or not for {Name} to run.", "Name another one."),
            9 => ($"There is no program '{shown}' that {Name} can run in {path}.", "Name it with its whole path."),
            _ => (
                $"It cannot be told whether {Name} can run {shown}: {Visible.Text(answer.Errors.Trim(), 200)}.",
                "Run it as root: --as root"),
        };
    }

    private string[] Becoming => [$"--reuid={Uid}", $"--regid={Gid}", "--init-groups", "--inh-caps=-all", "--"];

    /// <summary>The caller's variables, with this user's own in their place.</summary>
    public IReadOnlyList<string> Environment(IDictionary caller, Func<string, bool> exists)
    {
        var variables = caller
            .Cast<DictionaryEntry>()
            .Select(pair => (Name: (string)pair.Key, Value: pair.Value as string ?? ""))
            .Where(pair => !s_dropped.Any(begin => pair.Name.StartsWith(begin, StringComparison.Ordinal)))
            .ToDictionary(pair => pair.Name, pair => pair.Value);
        (variables["HOME"], variables["USER"], variables["LOGNAME"], variables["SHELL"], variables["PATH"]) =
            (Home, Name, Name, Shell, SearchPath(exists));
        if (exists($"/run/user/{Uid}")) variables["XDG_RUNTIME_DIR"] = $"/run/user/{Uid}";
        else variables.Remove("XDG_RUNTIME_DIR");
        return [.. variables.Select(pair => $"{pair.Key}={pair.Value}")];
    }
}
