using System.Collections.Immutable;
using System.Globalization;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Interop;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Systemd.DBus;
using GpuTty.Text;

namespace GpuTty.Linux.Systemd;

/// <summary>Login sessions, as systemd-logind (or elogind) tells them on
/// the system's bus; where there is no bus, through loginctl(1).</summary>
internal static class Logind
{
    private const int Tries = 3;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    private static readonly string[] s_properties =
        ["Id", "User", "Name", "Seat", "VTNr", "Type", "Class", "State", "Leader", "Desktop", "Remote", "IdleHint"];

    public static async Task<LoginFacts> ReadAsync(
        FileSystemRoot root, Buses buses, CommandRunner commands, List<Unknown> unknowns, CancellationToken cancel)
    {
        try
        {
            return await TotalLimit.WithinAsync("logind", end => AskAsync(root, buses, commands, unknowns, end), cancel);
        }
        catch (BusException failed)
        {
            if (!failed.IsServiceMissing || HasLogind(root)) unknowns.Add(new Unknown(UnknownFact.Sessions, "sessions", failed.Message));
            return new LoginFacts([]);
        }
    }

    private static async Task<LoginFacts> AskAsync(
        FileSystemRoot root, Buses buses, CommandRunner commands, List<Unknown> unknowns, CancellationToken cancel)
    {
        if (await buses.SystemAsync(cancel) is not { } link) return new LoginFacts(await ReadByToolAsync(root, commands, unknowns, cancel));
        var logind = new LogindLink(link);
        var (sessions, lingering, delay) =
            (logind.SessionsAsync(s_properties, cancel), logind.LingeringAsync(cancel), logind.UserStopDelayAsync(cancel));
        await Task.WhenAll(sessions, lingering, delay);
        return new LoginFacts(Of(await sessions)) { Lingering = await lingering, UserStopDelay = await delay };
    }

    private static async Task<ImmutableArray<LoginSession>> ReadByToolAsync(
        FileSystemRoot root, CommandRunner commands, List<Unknown> unknowns, CancellationToken cancel)
    {
        CommandResult shown = new(true, 0, "", "");
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var listed = await commands.RunAsync("loginctl", ["list-sessions", "--no-legend", "--no-pager"], s_limit, cancel);
            if (!listed.Succeeded)
            {
                if (HasLogind(root)) unknowns.Add(new Unknown(UnknownFact.Sessions, "sessions", NoBus(listed)));
                return [];
            }
            var ids = ParseList(listed.Output);
            if (ids.IsEmpty) return [];
            shown = await commands.RunAsync(
                "loginctl",
                ["show-session", "--no-pager", .. s_properties.Select(name => $"--property={name}"), "--", .. ids],
                s_limit,
                cancel);
            // It stops at a session that ended in between.
            if (shown.Succeeded && Parse(shown.Output) is var sessions && sessions.Length == ids.Length) return sessions;
        }
        unknowns.Add(new Unknown(UnknownFact.Sessions, "sessions", NoBus(shown)));
        return Parse(shown.Output);
    }

    private static string NoBus(CommandResult result) => $"There is no system bus, and {result.Problem("loginctl")}";

    /// <summary>Without systemd and without elogind nobody keeps sessions, and that there are none is a fact.</summary>
    private static bool HasLogind(FileSystemRoot root) =>
        SysFiles.Exists(root.Run("systemd/system")) || SysFiles.Exists(root.Run("systemd/sessions"));

    /// <summary>The first word of each line; the other columns differ between versions.</summary>
    public static ImmutableArray<string> ParseList(string text) =>
        [.. text.Split('\n').Select(line => line.Trim().Split(' ')[0]).Where(IsId)];

    public static ImmutableArray<LoginSession> Parse(string text) => Of(KeyValues.Parse(text));

    private static ImmutableArray<LoginSession> Of(IEnumerable<Dictionary<string, string>> sessions) =>
    [
        .. from fields in sessions
           where IsId(fields.GetValueOrDefault("Id", ""))
           select new LoginSession
           {
               Id = fields["Id"],
               Uid = Number(fields, "User") ?? -1,
               User = Visible.Text(fields.GetValueOrDefault("Name", ""), 80),
               Seat = Shown(fields, "Seat"),
               Vt = Number(fields, "VTNr") is > 0 and var vt ? vt : null,
               Type = Shown(fields, "Type") ?? "unspecified",
               Class = Shown(fields, "Class") ?? "",
               State = Shown(fields, "State") ?? "",
               Leader = Number(fields, "Leader") ?? 0,
               Desktop = Shown(fields, "Desktop"),
               IsRemote = fields.GetValueOrDefault("Remote") == "yes",
               IsIdle = fields.GetValueOrDefault("IdleHint") switch { "yes" => true, "no" => false, _ => null },
           },
    ];

    private static bool IsId(string id) => id.Length > 0 && id.All(char.IsAsciiLetterOrDigit);

    private static string? Shown(Dictionary<string, string> fields, string key) =>
        fields.GetValueOrDefault(key) is { Length: > 0 } value ? Visible.Text(value, 80) : null;

    private static int? Number(Dictionary<string, string> fields, string key) =>
        int.TryParse(fields.GetValueOrDefault(key), NumberStyles.None, null, out var number) ? number : null;
}

/// <summary>What logind has told.</summary>
internal sealed record LoginFacts(ImmutableArray<LoginSession> Sessions)
{
    /// <summary>Users who linger, among those that logind knows now.</summary>
    public ImmutableArray<int> Lingering { get; init; } = [];

    /// <summary>UserStopDelaySec= as it is in force; null where that was not told.</summary>
    public TimeSpan? UserStopDelay { get; init; }
}
