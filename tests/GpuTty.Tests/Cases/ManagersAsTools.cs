using GpuTty.Tests.Linux;

namespace GpuTty.Tests.Cases;

/// <summary>
/// Sessions and units of a fact file, told as logind and systemd tell them. The one place that knows how the program asks for them.
/// </summary>
internal static class ManagersAsTools
{
    private static readonly (string Property, string Key, string Otherwise)[] s_session =
    [
        ("User", "uid", "1000"),
        ("Name", "user", "user"),
        ("VTNr", "vt", "0"),
        ("Seat", "seat", "seat0"),
        ("Type", "type", "tty"),
        ("Class", "class", "user"),
        ("State", "state", "active"),
        ("Leader", "leader", "0"),
        ("Desktop", "desktop", ""),
        ("Remote", "remote", "no"),
    ];

    public static void Write(MachineTree tree, List<FactLine> lines)
    {
        if (!lines.Exists(line => line.Kind == "no-logind")) Loginctl(tree, [.. lines.Where(line => line.Kind == "session")]);
        if (!lines.Exists(line => line is { Kind: "systemd", Rest: "no" })) Systemctl(tree, lines);
    }

    private static void Loginctl(MachineTree tree, List<FactLine> sessions)
    {
        var listed = string.Join('\n', sessions.Select(line => $"{line.Plain[0]} {line["uid"] ?? "1000"} {line["user"] ?? "user"}"));
        var shown = string.Join("\n\n", sessions.Select(line => string.Join('\n', Properties(line))));
        new ToolScript(tree, "loginctl").Does(
            $"if [ \"$1\" = list-sessions ]; then cat <<'E'\n{listed}\nE\nexit 0; fi\ncat <<'E'\n{shown}\nE\n");
    }

    private static IEnumerable<string> Properties(FactLine session) =>
        [$"Id={session.Plain[0]}", "IdleHint=no", .. s_session.Select(part => $"{part.Property}={session[part.Key] ?? part.Otherwise}")];

    /// <summary>A line of the script for each unit: <c>unit NAME [state]</c>,
    /// and <c>display-manager NAME [state]</c>, which has the alias.</summary>
    private static void Systemctl(MachineTree tree, List<FactLine> lines)
    {
        var units = from line in lines
                    where line.Kind is "unit" or "display-manager"
                    let name = line.Plain[0]
                    let names = line.Kind == "unit" || name == "display-manager.service" ? name : $"display-manager.service|{name}"
                    select $"    {names}) i={name}; l=loaded; a={line.Plain.ElementAtOrDefault(1) ?? "active"};;\n";
        new ToolScript(tree, "systemctl").Does(
            "first=1; names=0\nfor n in \"$@\"; do\n  if [ $names = 0 ]; then [ \"$n\" = -- ] && names=1; continue; fi\n" +
            "  i=$n; l=not-found; a=inactive\n" +
            $"  case \"$n\" in\n{string.Concat(units)}  esac\n" +
            "  [ $first = 1 ] || echo; first=0\n  printf 'Id=%s\\nLoadState=%s\\nActiveState=%s\\n' \"$i\" \"$l\" \"$a\"\ndone\n");
    }
}
