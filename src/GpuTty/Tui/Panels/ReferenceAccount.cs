using GpuTty.Host;

namespace GpuTty.Tui.Panels;

/// <summary>Where a module's references come from, as far as anybody can tell from outside the kernel.</summary>
/// <param name="Held">Open nodes of processes.</param>
/// <param name="Modules">Modules that stand on it.</param>
internal sealed record ReferenceAccount(KernelModule Module, int References, int Held, int Modules)
{
    /// <summary>What nobody explains: the kernel's own console, a node opened by the kernel, a leak.</summary>
    public int Unexplained => Math.Max(0, References - Held - Modules);

    /// <summary>Null where the kernel does not count.</summary>
    public static ReferenceAccount? Of(HostSnapshot host, KernelModule module) => module.References is { } references and >= 0
        ? new ReferenceAccount(module, references, host.Holders.Sum(holder => Files(host, holder, module.Name)), module.UsedBy.Length)
        : null;

    /// <summary>The sum, in fewer words where there is less room.</summary>
    public string Words(int width)
    {
        var sum = $"= {Held} held + {Modules} {(Modules == 1 ? "module" : "modules")} + {Unexplained} ?";
        var whole = $"{Module.Name}: {References} {(References == 1 ? "reference" : "references")} {sum}";
        return whole.Length <= width ? whole : $"{Module.Name}: {References} {sum}";
    }

    /// <summary>A memory map keeps its file open when the descriptor is closed, and is part of it while it is not.</summary>
    private static int Files(HostSnapshot host, Holder holder, string module) =>
        holder.Nodes.Where(node => (node.Module ?? Owner(host, node)) == module)
            .GroupBy(node => node.Path).Sum(file => Math.Max(1, file.Count(node => !node.IsMapping)));

    /// <summary>nvidia's DRM nodes belong to nvidia_drm, although nvidia is the driver that is bound.</summary>
    private static string? Owner(HostSnapshot host, HeldNode node) =>
        node.Device is { } address && host.Find(address)?.Driver is { } driver && host.ModuleOf(driver) is { } module
            ? module == "nvidia" && node.Kind is NodeKind.Card or NodeKind.Render && host.IsLoaded("nvidia_drm") ? "nvidia_drm" : module
            : null;
}
