using System.Collections.Concurrent;
using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Interop;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Systemd.DBus;
using GpuTty.Text;

namespace GpuTty.Linux.Systemd;

/// <summary>
/// Units and their states, as each service manager tells them on its bus. Without a bus systemctl(1) shows those of the
/// system: one call, however many units. A user's manager is never asked through systemctl, which would log that user in.
/// </summary>
internal sealed class SystemdUnits(FileSystemRoot root, Buses buses, CommandRunner commands)
{
    public const string DisplayManagerAlias = "display-manager.service";
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);
    private static readonly string[] s_properties = ["Id", "LoadState", "ActiveState", .. UnitProperties.Names];

    /// <summary>The display manager behind the usual alias, null when there is none; the wanted units;
    /// and the users of wanted units whose manager does not run.</summary>
    public async Task<(SystemdUnit? DisplayManager, ImmutableArray<SystemdUnit> Units, ImmutableArray<int> WithoutManager)> ReadAsync(
        IEnumerable<UnitName> wanted, List<Unknown> unknowns, CancellationToken cancel)
    {
        // Where systemd does not run the machine it has no units, and that is a fact.
        if (!SysFiles.Exists(root.Run("systemd/system"))) return (null, [], []);
        var alias = new UnitName(DisplayManagerAlias);
        ImmutableArray<UnitName> asked = [.. wanted.Append(alias).Distinct()];
        var absent = new ConcurrentBag<int>();
        var units = await ShowAsync(asked, unknowns, absent, cancel);
        // What would start one of them again is known only now.
        units.AddRange(await ShowAsync(
            units.SelectMany(unit => unit.Unit.Traits?.Sockets.Select(socket => new UnitName(socket, unit.Asked.Uid)) ?? []).Except(asked),
            unknowns,
            absent,
            cancel));
        var manager = units.Find(unit => unit.Asked == alias)?.Unit;
        return (
            manager,
            [.. units.Where(unit => unit.Asked != alias).Select(unit => unit.Unit! with { Name = unit.Asked })],
            [.. absent.Distinct().Order()]);
    }

    private async Task<List<Shown>> ShowAsync(
        IEnumerable<UnitName> names, List<Unknown> unknowns, ConcurrentBag<int> absent, CancellationToken cancel) =>
    [
        .. (await Task.WhenAll(names.Where(name => IsUnitName(name.Name))
            .GroupBy(name => name.Uid)
            .Select(manager => ShowAsync(manager.Key, [.. manager], unknowns, absent, cancel)))).SelectMany(shown => shown),
    ];

    /// <summary>A unit as it was asked for, and as systemd knows it.</summary>
    internal sealed record Shown(UnitName Asked, SystemdUnit Unit);

    /// <summary>Blocks come in the order of the names; an alias answers with its real name, an unknown name says so.</summary>
    public static ImmutableArray<Shown> Parse(string text, ImmutableArray<UnitName> asked)
    {
        var blocks = KeyValues.Parse(text);
        return blocks.Length != asked.Length ? [] : Of(blocks, asked);
    }

    private static ImmutableArray<Shown> Of(IEnumerable<Dictionary<string, string>> blocks, ImmutableArray<UnitName> asked) =>
    [
        .. from pair in asked.Zip(blocks)
           let id = pair.Second.GetValueOrDefault("Id", "")
           where pair.Second.GetValueOrDefault("LoadState") is not (null or "not-found") && IsUnitName(id)
           select new Shown(pair.First,
               new SystemdUnit(pair.First with { Name = id }, Visible.Text(pair.Second.GetValueOrDefault("ActiveState", ""), 40))
               {
                   Traits = UnitProperties.Parse(pair.Second),
               }),
    ];

    private async Task<ImmutableArray<Shown>> ShowAsync(
        int? uid, ImmutableArray<UnitName> names, List<Unknown> unknowns, ConcurrentBag<int> absent, CancellationToken cancel)
    {
        try
        {
            return await (uid is { } user
                ? TotalLimit.WithinAsync($"the service manager of user {user}", end => ShowOfUserAsync(user, names, absent, end), cancel)
                : TotalLimit.WithinAsync("systemd", end => ShowOfSystemAsync(names, unknowns, end), cancel));
        }
        catch (BusException failed)
        {
            Add(unknowns, uid, failed.Message);
            return [];
        }
    }

    private async Task<ImmutableArray<Shown>> ShowOfUserAsync(
        int uid, ImmutableArray<UnitName> names, ConcurrentBag<int> absent, CancellationToken cancel)
    {
        using var own = await buses.UserAsync(uid, cancel);
        if (own is not null) return await ShowAsync(new ManagerLink(own), names, cancel);
        // Without a manager the user has no units, and that is a fact.
        absent.Add(uid);
        return [];
    }

    private async Task<ImmutableArray<Shown>> ShowOfSystemAsync(
        ImmutableArray<UnitName> names, List<Unknown> unknowns, CancellationToken cancel) =>
        await buses.SystemAsync(cancel) is { } link
            ? await ShowAsync(new ManagerLink(link), names, cancel)
            : await ShowByToolAsync(names, unknowns, cancel);

    private static async Task<ImmutableArray<Shown>> ShowAsync(
        ManagerLink manager, ImmutableArray<UnitName> names, CancellationToken cancel) =>
        Of(await Task.WhenAll(names.Select(name => manager.UnitAsync(name.Name, s_properties, cancel))), names);

    private async Task<ImmutableArray<Shown>> ShowByToolAsync(
        ImmutableArray<UnitName> names, List<Unknown> unknowns, CancellationToken cancel)
    {
        var result = await commands.RunAsync(
            "systemctl",
            [
                "show", "--no-pager", .. s_properties.Append(UnitProperties.StopLimit).Select(name => $"--property={name}"), "--",
                .. names.Select(name => name.Name),
            ],
            s_limit,
            cancel);
        if (!result.Succeeded || KeyValues.Parse(result.Output).Length != names.Length)
            Add(unknowns, null, $"There is no system bus, and {result.Problem("systemctl")}");
        return Parse(result.Output, names);
    }

    private static void Add(List<Unknown> unknowns, int? uid, string reason)
    {
        lock (unknowns)
            unknowns.Add(uid is { } user
                ? new Unknown(UnknownFact.Units, $"services of user {user}", reason) { Of = $"{user}" }
                : new Unknown(UnknownFact.DisplayManager, "display manager and services", reason));
    }

    /// <summary>Names come from control groups, which anybody who may make one can name as he likes.</summary>
    private static bool IsUnitName(string name) =>
        name.Length is > 0 and < 256 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '@' or ':' or '\\');
}
