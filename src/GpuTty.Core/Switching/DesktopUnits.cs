using System.Collections.Immutable;
using GpuTty.Host.Desktop;
using GpuTty.Steps;

namespace GpuTty.Switching;

/// <summary>Which of the services that a run starts bring the desktop, as its steps tell.</summary>
internal static class DesktopUnits
{
    /// <summary>What is started from the service on whose desktop is waited for, until that wait: whatever else opens a session follows
    /// it. All, where an older journal does not name it.</summary>
    public static ImmutableHashSet<UnitName> StartedBy(IEnumerable<Step> steps)
    {
        var found = ImmutableHashSet<UnitName>.Empty;
        var started = new List<UnitName>();
        foreach (var step in steps)
        {
            if (step is StartUnit start) started.Add(start.Unit);
            else if (step is AwaitDesktop wait) found = found.Union(started.SkipWhile(unit => wait.Unit is { } awaited && unit != awaited));
        }
        return found;
    }
}
