using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Text;

namespace GpuTty.Planning.Holders;

/// <summary>A module's references in words, the same wherever they are shown.</summary>
public static class ModuleRefcountText
{
    private const int MostNamed = 6;

    extension(KernelReference reference)
    {
        /// <summary>What stands behind its count: <c>nvidia_drm uses it</c>, <c>own device files, counted twice</c>.</summary>
        public string Why => reference.Code switch
        {
            KernelReferenceCode.UsedByModule => $"{reference.Of} uses it",
            KernelReferenceCode.OwnNodesCountedTwice => $"{Counted.Word(reference.Count, "own device file")}, counted twice",
            KernelReferenceCode.DisplayNodesCountedTwice =>
                $"{Counted.Word(reference.Count, "screen")} open through {reference.Of}, counted twice",
            _ => $"the sound driver of {reference.Of} works with it for HDMI",
        };
    }

    /// <summary><c>nvidia: 9 references: 4 open files, 4 by other modules and
    /// the kernel, 1 unknown</c>, or shorter where there is less room.</summary>
    public static string Words(this ModuleRefcountBreakdown account, int width = int.MaxValue)
    {
        var (name, held, explained) = (account.Module.Name, account.Held, account.ExplainedCount);
        if (account.References is not { } all)
            return $"{name}: references unknown: {Counted.Of(held, "open file")}, {explained} by other modules and the kernel";
        var some = account.AddsUp ? "" : "at most ";
        var unknown = account.Unexplained == 0 ? "" : $", {account.Unexplained} unknown";
        var whole = $"{name}: {Counted.Of(all, "reference")}: {some}{Counted.Of(held, "open file")}, "
            + $"{explained} by other modules and the kernel{unknown}";
        return whole.Length <= width
            ? whole
            : $"{name}: {Counted.Of(all, "reference")}: {Counted.Of(held, "file")}, {explained} kernel{unknown}";
    }

    /// <summary><c>bochs: 1 reference: 1 open file (held by systemd,
    /// gnome-shell), 0 by other modules and the kernel, 0 unknown</c>.</summary>
    public static string Sentence(this ModuleRefcountBreakdown account, HostSnapshot host)
    {
        var (name, explained) = (account.Module.Name, account.ExplainedCount);
        var names = host.Holders.Where(holder => host.Pins(holder, name)).Select(holder => holder.Name).Distinct().ToList();
        var by = names.Count == 0 ? "" : $" (held by {Counted.Names(names, MostNamed)})";
        var files = $"{(account.IsExact ? "" : "at most ")}{Counted.Of(account.Held, "open file")}{by}";
        if (account.References is not { } all) return $"{name}: references unknown: {files}, {explained} by other modules and the kernel";
        return $"{name}: {Counted.Of(all, "reference")}: {files}, {explained} by other modules and the kernel, "
            + $"{(account.IsExact ? "" : "at least ")}{account.Unexplained} unknown";
    }
}
