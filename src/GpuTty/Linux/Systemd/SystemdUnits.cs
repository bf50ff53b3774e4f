using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Interop;
using GpuTty.Linux.Commands;

namespace GpuTty.Linux.Systemd;

/// <summary>Units and their states, as systemctl(1) shows them: one call for each service manager, however many units.</summary>
internal sealed class SystemdUnits(MachineRoot root, CommandRunner commands)
{
    public const string DisplayManagerAlias = "display-manager.service";
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    /// <summary>The display manager behind the usual alias, null when there is none; and the wanted units.</summary>
    public async Task<(SystemdUnit? DisplayManager, ImmutableArray<SystemdUnit> Units)> ReadAsync(
        IEnumerable<UnitName> wanted, List<Unknown> unknowns, CancellationToken cancel)
    {
        // Where systemd does not run the machine it has no units, and that is a fact.
        if (!Files.Exists(root.Run("systemd/system"))) return (null, []);
        var alias = new UnitName(DisplayManagerAlias);
        var found = await Task.WhenAll(wanted.Where(name => IsUnitName(name.Name)).Append(alias).Distinct()
            .GroupBy(name => name.Uid).Select(manager => ShowAsync(manager.Key, [.. manager], unknowns, cancel)));
        var units = found.SelectMany(shown => shown).ToList();
        var manager = units.Find(unit => unit.Asked == alias)?.Unit;
        return (manager, [.. units.Where(unit => unit.Asked != alias).Select(unit => unit.Unit! with { Name = unit.Asked })]);
    }

    /// <summary>A unit as it was asked for, and as systemd knows it.</summary>
    internal sealed record Shown(UnitName Asked, SystemdUnit Unit);

    /// <summary>Blocks come in the order of the names; an alias answers with its real name, an unknown name says so.</summary>
    public static ImmutableArray<Shown> Parse(string text, ImmutableArray<UnitName> asked)
    {
        var blocks = KeyValues.Parse(text);
        return blocks.Length != asked.Length ? [] :
        [
            .. from pair in asked.Zip(blocks)
               where pair.Second.GetValueOrDefault("LoadState") is not (null or "not-found") && pair.Second.GetValueOrDefault("Id") is { Length: > 0 }
               select new Shown(pair.First,
                   new SystemdUnit(pair.First with { Name = pair.Second["Id"] }, pair.Second.GetValueOrDefault("ActiveState", ""))
                   {
                       Traits = UnitProperties.Parse(pair.Second),
                   }),
        ];
    }

    private async Task<ImmutableArray<Shown>> ShowAsync(int? uid, ImmutableArray<UnitName> names, List<Unknown> unknowns, CancellationToken cancel)
    {
        string[] manager = uid is null ? [] : ["--user", $"--machine={uid}@.host"];
        var result = await commands.RunAsync(
            "systemctl",
            [
                .. manager, "show", "--no-pager", "--property=Id", "--property=LoadState", "--property=ActiveState", .. UnitProperties.Asked, "--",
                .. names.Select(name => name.Name),
            ],
            s_limit,
            cancel);
        var shown = Parse(result.Output, names);
        var hasAnswer = result.Succeeded && KeyValues.Parse(result.Output).Length == names.Length;
        if (!hasAnswer)
        {
            lock (unknowns)
                unknowns.Add(uid is { } user
                    ? new Unknown(UnknownFact.Units, $"services of user {user}", result.Problem("systemctl")) { Of = $"{user}" }
                    : new Unknown(UnknownFact.DisplayManager, "display manager and services", result.Problem("systemctl")));
        }
        return shown;
    }

    /// <summary>Names come from control groups, which anybody who may make one can name as he likes.</summary>
    private static bool IsUnitName(string name) => name.Length < 256 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '@' or ':' or '\\');
}
