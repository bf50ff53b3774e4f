using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Planning.Desktop;

namespace GpuTty.Linux.Systemd;

/// <summary>Which units a look asks about: of hundreds those that have to do with a card, its holders or the desktop.</summary>
internal static class UnitsInView
{
    /// <summary>Anybody may start services of his own without end.</summary>
    private const int MostOfUser = 256;

    public static List<UnitName> Of(HostSnapshot host, List<Unknown> gaps)
    {
        var present = host.Memory.Units
            .Select(known => known.Unit)
            .Concat(host.Units.Select(unit => unit.Name))
            .Concat(host.Holders.SelectMany(UnitsOf))
            .Concat(host.Sessions.Select(session => session.StartedBy).OfType<string>().Select(unit => new UnitName(unit)))
            .Distinct()
            .ToList();
        present.AddRange(DesktopTargets(host, present).Except(present).ToList());
        // Units that were asked about stay in view: one that was stopped holds nothing any more, and is asked about anyway.
        // They come last: every program of a desktop has a scope of its own, and most of those are long gone.
        var wanted = present.Concat((host.AskedUnits ?? []).Except(present)).ToList();
        foreach (var ofUser in wanted
            .Where(name => name.Uid is not null)
            .GroupBy(name => name.Uid)
            .Where(ofUser => ofUser.Count() > MostOfUser)
            .ToList())
        {
            var left = ofUser.Skip(MostOfUser).ToHashSet();
            wanted.RemoveAll(left.Contains);
            if (present.Exists(left.Contains)) gaps.Add(new Unknown(
                UnknownFact.Units, $"services of user {ofUser.Key}", $"More than {MostOfUser} of them have to do with a card.")
            {
                Of = $"{ofUser.Key}",
            });
        }
        return wanted;
    }

    /// <summary>What all of a user's desktop is stopped with; only a manager that outlives the desktop is asked for it alone.</summary>
    private static IEnumerable<UnitName> DesktopTargets(HostSnapshot host, IEnumerable<UnitName> wanted)
    {
        var staying = host.Sessions
            .Where(session => SeatDesktop.Has(host, session))
            .Select(session => session.Uid)
            .Where(uid => SeatDesktop.ManagerLivesOn(host, uid));
        return wanted.Select(name => name.Uid).OfType<int>().Concat(staying).Distinct()
            .Select(uid => new UnitName("graphical-session.target", uid));
    }

    private static IEnumerable<UnitName> UnitsOf(Holder holder)
    {
        if (holder.Unit is { } unit) yield return new UnitName(unit);
        if (holder.UnitOfUser is { } userUnit) yield return userUnit;
    }
}
