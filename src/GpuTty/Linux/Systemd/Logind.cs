using System.Collections.Immutable;
using System.Globalization;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Interop;
using GpuTty.Linux.Commands;
using GpuTty.Text;

namespace GpuTty.Linux.Systemd;

/// <summary>Login sessions, as systemd-logind (or elogind) tells them through loginctl(1).</summary>
internal static class Logind
{
    private const int Tries = 3;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    private static readonly string[] s_properties =
        ["Id", "User", "Name", "Seat", "VTNr", "Type", "Class", "State", "Leader", "Desktop", "Remote", "IdleHint"];

    public static async Task<ImmutableArray<LoginSession>> ReadAsync(MachineRoot root, CommandRunner commands, List<Unknown> unknowns, CancellationToken cancel)
    {
        CommandResult shown = new(true, 0, "", "");
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var listed = await commands.RunAsync("loginctl", ["list-sessions", "--no-legend", "--no-pager"], s_limit, cancel);
            if (!listed.Succeeded)
            {
                if (HasLogind(root)) unknowns.Add(new Unknown(UnknownFact.Sessions, "sessions", listed.Problem("loginctl")));
                return [];
            }
            var ids = ParseList(listed.Output);
            if (ids.IsEmpty) return [];
            shown = await commands.RunAsync("loginctl", ["show-session", "--no-pager", .. s_properties.Select(name => $"--property={name}"), "--", .. ids], s_limit, cancel);
            // It stops at a session that ended in between.
            if (shown.Succeeded && Parse(shown.Output) is var sessions && sessions.Length == ids.Length) return sessions;
        }
        unknowns.Add(new Unknown(UnknownFact.Sessions, "sessions", shown.Problem("loginctl")));
        return Parse(shown.Output);
    }

    /// <summary>Without systemd and without elogind nobody keeps sessions, and that there are none is a fact.</summary>
    private static bool HasLogind(MachineRoot root) => Files.Exists(root.Run("systemd/system")) || Files.Exists(root.Run("systemd/sessions"));

    /// <summary>The first word of each line; the other columns differ between versions.</summary>
    public static ImmutableArray<string> ParseList(string text) =>
        [.. text.Split('\n').Select(line => line.Trim().Split(' ')[0]).Where(id => id.Length > 0 && id.All(char.IsAsciiLetterOrDigit))];

    public static ImmutableArray<LoginSession> Parse(string text) =>
    [
        .. from fields in KeyValues.Parse(text)
           where !string.IsNullOrEmpty(fields.GetValueOrDefault("Id"))
           select new LoginSession
           {
               Id = fields["Id"],
               Uid = Number(fields, "User") ?? -1,
               User = Visible.Text(fields.GetValueOrDefault("Name", ""), 80),
               Seat = Filled(fields, "Seat"),
               Vt = Number(fields, "VTNr") is > 0 and var vt ? vt : null,
               Type = fields.GetValueOrDefault("Type", "unspecified"),
               Class = fields.GetValueOrDefault("Class", ""),
               State = fields.GetValueOrDefault("State", ""),
               Leader = Number(fields, "Leader") ?? 0,
               Desktop = Filled(fields, "Desktop") is { } desktop ? Visible.Text(desktop, 80) : null,
               IsRemote = fields.GetValueOrDefault("Remote") == "yes",
               IsIdle = fields.GetValueOrDefault("IdleHint") switch { "yes" => true, "no" => false, _ => null },
           },
    ];

    private static string? Filled(Dictionary<string, string> fields, string key) => fields.GetValueOrDefault(key) is { Length: > 0 } value ? value : null;

    private static int? Number(Dictionary<string, string> fields, string key) =>
        int.TryParse(fields.GetValueOrDefault(key), NumberStyles.None, null, out var number) ? number : null;
}
