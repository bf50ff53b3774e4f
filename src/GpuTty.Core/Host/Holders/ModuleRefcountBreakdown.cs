using System.Collections.Immutable;
using GpuTty.Host.Pci;

namespace GpuTty.Host.Holders;

/// <summary>Why the kernel keeps a module: the stable words for scripts.</summary>
public enum KernelReferenceCode
{
    [JsonStringEnumMemberName("used-by-module")] UsedByModule,
    [JsonStringEnumMemberName("own-nodes-counted-twice")] OwnNodesCountedTwice,
    [JsonStringEnumMemberName("display-nodes-counted-twice")] DisplayNodesCountedTwice,
    [JsonStringEnumMemberName("hdmi-sound")] HdmiSound,
}

/// <summary>References to a module that no program holds and that are understood anyway.</summary>
/// <param name="Of">The module, or the address of the function, that the reason is about.</param>
public sealed record KernelReference(KernelReferenceCode Code, string Of, int Count);

/// <summary>Where a module's references come from, as far as anybody can tell from
/// outside the kernel: N = open files H + explained E + unexplained U.</summary>
/// <param name="Files">Files that processes have open or mapped.</param>
/// <param name="Explained">What the kernel itself holds, each with its reason.</param>
public sealed record ModuleRefcountBreakdown(KernelModule Module, FileCount Files, ImmutableArray<KernelReference> Explained)
{
    /// <summary>Null where the kernel does not count, or while it unloads the module.</summary>
    public int? References => Module.References is >= 0 and var count ? count : null;

    /// <summary>Open files; at most that many where <see cref="IsExact"/> is false.</summary>
    public int Held => Files.AtMost;

    /// <summary>The open files were all told apart.</summary>
    public bool IsExact => Files.IsExact;

    /// <summary>How many of the references modules and the kernel explain.</summary>
    public int ExplainedCount => Explained.Sum(reason => reason.Count);

    /// <summary>At least so many where <see cref="IsExact"/> is false: who counts too many files sees nothing unexplained.</summary>
    public int? Unexplained => References is { } all ? Math.Max(0, all - Held - ExplainedCount) : null;

    /// <summary>A sound driver keeps the module, as far as the count tells.</summary>
    public bool IsPinnedBySound { get; init; }

    public static ModuleRefcountBreakdown Of(HostSnapshot host, KernelModule module)
    {
        var files = FileCount.Of(host, module.Name);
        var explained = ImmutableArray.CreateBuilder<KernelReference>();
        explained.AddRange(module.UsedBy.Select(user => new KernelReference(KernelReferenceCode.UsedByModule, user, 1)));
        // What follows is not written anywhere: it explains what is left and never more than that.
        var left = (module.References ?? 0) - files.AtLeast - module.UsedBy.Length;
        var mayBePinned = left > 0;
        left = (module.References ?? 0) - files.AtMost - module.UsedBy.Length;
        foreach (var reason in InsideTheKernel(host, module.Name))
        {
            if (left <= 0) break;
            explained.Add(reason with { Count = Math.Min(left, reason.Count) });
            left -= reason.Count;
        }
        return new ModuleRefcountBreakdown(module, files, explained.ToImmutable())
        {
            IsPinnedBySound = mayBePinned && IntelSound.OfModule(host, module.Name).Any(),
        };
    }

    /// <summary>How many open files of a module one process has, as it looks alone.</summary>
    public static int FilesOf(HostSnapshot host, Holder holder, string module) =>
        FileCount.Of([holder], node => host.ModulePinnedBy(node) == module).AtMost;

    /// <summary>Counts and files were read one after the other, so that they may differ by what happened in between.</summary>
    public bool AddsUp => IsExact && References == Held + ExplainedCount + Unexplained;

    /// <summary>References that the kernel takes for itself and that no file shows.</summary>
    private static IEnumerable<KernelReference> InsideTheKernel(HostSnapshot host, string module)
    {
        // fs/char_dev.c, chrdev_open: cdev_get and fops_get. Before other nodes
        // stands a subsystem (DRM, sound, i2c), which takes one of the two.
        var own = FileCount.Of(
            host.Holders,
            node =>
                node.Kind != NodeKind.DmaBuf
                && (node.Kind == NodeKind.Nvidia || node.Module is not null)
                && host.ModulePinnedBy(node) == module).AtMost;
        if (own > 0) yield return new KernelReference(KernelReferenceCode.OwnNodesCountedTwice, module, own);
        var screens = FileCount.Of(
            host.Holders,
            node => node is { Kind: NodeKind.Card, IsMapping: false } && host.ModulePinnedBy(node) == $"{module}_drm").AtMost;
        if (screens > 0) yield return new KernelReference(KernelReferenceCode.DisplayNodesCountedTwice, $"{module}_drm", screens);
        foreach (var sound in IntelSound.OfModule(host, module))
            yield return new KernelReference(KernelReferenceCode.HdmiSound, sound.Address.ShortName, 1);
    }
}
