using System.Collections.Immutable;
using GpuTty.Host.Pci;
using GpuTty.Text;

namespace GpuTty.Host.Holders;

/// <summary>Why the kernel keeps a module: the stable words for scripts.</summary>
public enum KernelReferenceCode
{
    [JsonStringEnumMemberName("used-by-module")] UsedByModule,
    [JsonStringEnumMemberName("own-nodes-counted-twice")] OwnNodesCountedTwice,
    [JsonStringEnumMemberName("display-nodes-counted-twice")] DisplayNodesCountedTwice,
    [JsonStringEnumMemberName("hdmi-sound")] HdmiSound,
}

/// <summary>References to a module that no program holds and that are understood all the same.</summary>
/// <param name="Why">A clause for people: "nvidia_drm stands on it".</param>
public sealed record KernelReference(KernelReferenceCode Code, string Why, int Count);

/// <summary>Where a module's references come from, as far as anybody can tell from outside the kernel: N = holders H + explained E + unexplained U.</summary>
/// <param name="Held">Files that processes have open or mapped.</param>
/// <param name="Explained">What the kernel itself holds, each with its reason.</param>
public sealed record ReferenceAccount(KernelModule Module, int Held, ImmutableArray<KernelReference> Explained)
{
    /// <summary>Null where the kernel does not count, or while it unloads the module.</summary>
    public int? References => Module.References is >= 0 and var count ? count : null;

    /// <summary>How many of the references modules and the kernel explain.</summary>
    public int ExplainedCount => Explained.Sum(reason => reason.Count);

    /// <summary>Never negative: a file that several processes share counts once for the kernel and several times here.</summary>
    public int? Unexplained => References is { } all ? Math.Max(0, all - Held - ExplainedCount) : null;

    public static ReferenceAccount Of(HostSnapshot host, KernelModule module)
    {
        var held = host.Holders.Sum(holder => Files(host, holder, module.Name));
        var explained = ImmutableArray.CreateBuilder<KernelReference>();
        explained.AddRange(module.UsedBy.Select(user => new KernelReference(KernelReferenceCode.UsedByModule, $"{user} stands on it", 1)));
        // What follows is not written anywhere: it explains what is left and never more than that.
        var left = (module.References ?? 0) - held - module.UsedBy.Length;
        foreach (var reason in InsideTheKernel(host, module.Name))
        {
            if (left <= 0) break;
            explained.Add(reason with { Count = Math.Min(left, reason.Count) });
            left -= reason.Count;
        }
        return new ReferenceAccount(module, held, explained.ToImmutable());
    }

    /// <summary><c>nvidia: 9 references = 4 held + 5 explained + 0 unexplained</c>, or shorter where there is less room.</summary>
    public string Words(int width = int.MaxValue)
    {
        if (References is not { } all) return $"{Module.Name}: not counted; {Held} held + {ExplainedCount} explained";
        var whole = $"{Module.Name}: {Counted.Of(all, "reference")} = {Held} held + {ExplainedCount} explained + {Unexplained} unexplained";
        return whole.Length <= width ? whole : $"{Module.Name}: {all} = {Held} held + {ExplainedCount} explained + {Unexplained} ?";
    }

    /// <summary>A memory map keeps its file open when the descriptor is closed, and is part of it while it is not.</summary>
    public static int Files(HostSnapshot host, Holder holder, string module) => Files(holder.Nodes.Where(node => host.ModulePinnedBy(node) == module));

    private static int Files(IEnumerable<HeldNode> nodes) =>
        nodes.GroupBy(node => node.Path).Sum(file => Math.Max(1, file.Count(node => !node.IsMapping)));

    /// <summary>References that the kernel takes for itself and that no file shows.</summary>
    private static IEnumerable<KernelReference> InsideTheKernel(HostSnapshot host, string module)
    {
        // fs/char_dev.c, chrdev_open: cdev_get and fops_get. Before other nodes stands a subsystem (DRM, sound, i2c), which takes one of the two.
        var own = host.Holders.Sum(holder => Files(holder.Nodes.Where(node => (node.Kind == NodeKind.Nvidia || node.Module is not null) && host.ModulePinnedBy(node) == module)));
        if (own > 0) yield return new KernelReference(KernelReferenceCode.OwnNodesCountedTwice, "counted again for each open file of its own nodes", own);
        var screens = host.Holders.SelectMany(holder => holder.Nodes).Count(node => node is { Kind: NodeKind.Card, IsMapping: false } && host.ModulePinnedBy(node) == $"{module}_drm");
        if (screens > 0) yield return new KernelReference(KernelReferenceCode.DisplayNodesCountedTwice, $"counted again for each screen that is open through {module}_drm", screens);
        // sound/hda/hdac_component.c: HDMI sound keeps the graphics driver that it asks for the monitor's abilities.
        if (module is "i915" or "xe" && host.Devices.Any(device => device is { Class.IsSound: true, Id.Vendor: Intel, Driver: not null, IsOnVfio: false }))
            yield return new KernelReference(KernelReferenceCode.HdmiSound, "the board's sound driver works with it for HDMI", 1);
    }

    private const int Intel = 0x8086;
}
