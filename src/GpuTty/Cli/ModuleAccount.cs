using GpuTty.Host;
using GpuTty.Planning;

namespace GpuTty.Cli;

/// <summary>Who makes up a module's reference count. What is left over is held by somebody that no look at processes shows.</summary>
/// <param name="References">Null where the kernel does not tell.</param>
/// <param name="OpenFiles">Nodes that processes hold.</param>
/// <param name="Modules">Modules that depend on it.</param>
internal sealed record ModuleAccount(string Module, int? References, int OpenFiles, int Modules)
{
    /// <summary>Never negative: a file that several processes share counts once for the kernel and several times here.</summary>
    public int? Unexplained => References is { } all ? Math.Max(0, all - OpenFiles - Modules) : null;

    public override string ToString() => References is null
        ? $"{Module}: the kernel does not tell its references; {Words.Count(OpenFiles, "open file")}, {Words.Count(Modules, "module")}"
        : $"{Module}: {Words.Count(References.Value, "reference")} = {Words.Count(OpenFiles, "open file")} + {Words.Count(Modules, "module")} + {Unexplained} unexplained";

    /// <summary>One account for each module that has to let go of the card, in unload order.</summary>
    public static IEnumerable<ModuleAccount> For(HostSnapshot host, Card card) =>
        card.Functions.SelectMany(function => DriverRelease.Of(host, card, function) switch
        {
            DriverRelease.Unload unload => unload.Stack.AsEnumerable(),
            DriverRelease.Unbind { Module: { } module } => [module],
            _ => [],
        })
        .Distinct()
        .Select(host.FindModule)
        .OfType<KernelModule>()
        .Select(module => new ModuleAccount(module.Name, module.References, FilesThatPin(host, module.Name), module.UsedBy.Length));

    private static int FilesThatPin(HostSnapshot host, string module) =>
        host.Holders.Sum(holder => holder.Nodes
            .Where(node => PinnedBy(host, node) == module)
            .GroupBy(node => node.Path)
            .Sum(path => Math.Max(1, path.Count(node => !node.IsMapping))));

    /// <summary>The files of a display node belong to the module NAME_drm where the driver NAME has one (nvidia), else to the driver's own.</summary>
    private static string? PinnedBy(HostSnapshot host, HeldNode node)
    {
        if (node.Module is not null) return node.Module;
        if (node.Device is not { } address || host.Find(address)?.Driver is not { } driver || host.ModuleOf(driver) is not { } module) return null;
        var drm = $"{module}_drm";
        return node.Kind is NodeKind.Card or NodeKind.Render && host.IsLoaded(drm) ? drm : module;
    }
}
