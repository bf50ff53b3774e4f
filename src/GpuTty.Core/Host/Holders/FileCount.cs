namespace GpuTty.Host.Holders;

/// <summary>How many open files keep a module loaded: the kernel counts files, a
/// process shows descriptors, and several descriptors may share one file.</summary>
/// <param name="AtMost">Each descriptor that could not be told apart counts as a file of its own.</param>
/// <param name="AtLeast">Those count only where nobody has been told to have
/// that node open. A map without a descriptor is a file of its process.</param>
public readonly record struct FileCount(int AtLeast, int AtMost)
{
    public bool IsExact => AtLeast == AtMost;

    /// <summary>Of all processes together.</summary>
    public static FileCount Of(HostSnapshot host, string module) => Of(host.Holders, node => host.ModulePinnedBy(node) == module);

    public static FileCount Of(IEnumerable<Holder> holders, Func<HeldNode, bool> which)
    {
        var told = new HashSet<OpenFile>();
        var untold = new HashSet<(int Pid, string Path, int? Descriptor)>();
        var paths = new HashSet<string>();
        var ofDrivers = new HashSet<string>();
        var maps = 0;
        foreach (var holder in holders)
        {
            // A memory map is part of a file that is open as well, and keeps it when its descriptor is closed.
            foreach (var file in holder.Nodes.Where(which).GroupBy(node => node.Path))
            {
                var open = file.Where(node => !node.IsMapping).ToList();
                if (file.Any(node => node.IsDriversOwnFile)) ofDrivers.Add(file.Key);
                // A buffer is there to be shared: what others map, or have open, may be the same file.
                else if (open.Count == 0 && file.Any(node => node.Kind == NodeKind.DmaBuf)) untold.Add((holder.Pid, file.Key, null));
                else if (open.Count == 0) maps++;
                foreach (var node in open)
                {
                    if (node.File is not { } known) untold.Add((holder.Pid, node.Path, node.Descriptor));
                    else if (told.Add(known)) paths.Add(node.Path);
                }
            }
        }
        var sure = told.Count + maps + ofDrivers.Count;
        return new(sure + untold.Select(way => way.Path).Distinct().Count(path => !paths.Contains(path)), sure + untold.Count);
    }
}
