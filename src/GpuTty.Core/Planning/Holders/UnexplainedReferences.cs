using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Text;

namespace GpuTty.Planning.Holders;

/// <summary>References to modules that are to be unloaded, which neither a program nor the
/// kernel explains: said before anything is ended for a plan that may stop there.</summary>
internal static class UnexplainedReferences
{
    public static IEnumerable<string> Consequences(HostSnapshot host, IEnumerable<string> modules) =>
        from name in modules.Distinct()
        let module = host.FindModule(name)
        where module is not null
        let account = ModuleRefcountBreakdown.Of(host, module)
        where account.Unexplained > 0
        select $"{name} has {Counted.Of(account.Unexplained!.Value, "reference")} of unknown origin: "
            + $"unless {Counted.Word(account.Unexplained!.Value, "it goes", "they go")} away, "
            + $"it cannot be unloaded, and everything is rolled back.{Suspects(host)}";

    /// <summary>Programs with buffers of some graphics driver: one of theirs may be it.</summary>
    private static string Suspects(HostSnapshot host)
    {
        var names = host.Holders
            .Where(holder => holder.Nodes.Any(node => node.IsOfAnyDriver && host.ModulePinnedBy(node) is null))
            .Select(holder => holder.Label)
            .ToList();
        return names.Count == 0 ? "" : $" Perhaps buffers that these share: {Counted.Names(names, 5)}.";
    }
}
