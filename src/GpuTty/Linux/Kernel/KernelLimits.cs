using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using GpuTty.Host;
using GpuTty.Interop;

namespace GpuTty.Linux.Kernel;

/// <summary>What the kernel was built with and allows, as far as it matters to virtual machines.</summary>
internal static class KernelLimits
{
    private const int LongestFile = 1024 * 1024, FirstPerson = 1000;

    /// <summary>A yes-or-no option of this kernel's configuration; null where no distribution has left it.</summary>
    public static bool? IsOn(FileSystemRoot root, string kernel, string option) =>
        (SysFiles.Text(root.Any($"boot/config-{kernel}"), LongestFile)
            ?? SysFiles.Text(root.Modules(kernel, "config"), LongestFile)) is { } text
            ? text.Split('\n').Contains($"{option}=y")
            : null;

    /// <summary>From the first processor of /proc/cpuinfo: with hundreds of them the
    /// file takes long. Null where it has no line of flags as x86 has it.</summary>
    public static bool? Virtualization(FileSystemRoot root)
    {
        try
        {
            using var file = new FileStream(root.Proc("cpuinfo"), new FileStreamOptions { BufferSize = 0 });
            var buffer = new byte[8192];
            var length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            var flags = Encoding.ASCII
                .GetString(buffer, 0, length)
                .Split('\n')
                .FirstOrDefault(line => line.StartsWith("flags", StringComparison.Ordinal))?.Split(' ');
            return flags is null ? null : flags.Contains("vmx") || flags.Contains("svm");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Of each person who is logged in, from the process that has opened the session.</summary>
    public static IEnumerable<LockableMemory> Lockable(FileSystemRoot root, HostSnapshot host) =>
        from session in host.Sessions
        where session is { Uid: >= FirstPerson, Leader: > 0 }
        group session by session.User into person
        let limits = person.Select(session => Limits(root, session.Leader)).OfType<string>().Select(MayLock).OfType<long>().ToList()
        where limits.Count > 0
        select new LockableMemory(person.Key, limits.Min());

    private static string? Limits(FileSystemRoot root, int pid) =>
        SysFiles.Text(root.Proc($"{pid.ToString(CultureInfo.InvariantCulture)}/limits"), 16 * 1024);

    /// <summary><c>Max locked memory  8388608  8388608  bytes</c>: the first number is the one that counts.</summary>
    private static long? MayLock(string limits)
    {
        const string name = "Max locked memory";
        var words = limits
            .Split('\n')
            .FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Split(
                ' ', StringSplitOptions.RemoveEmptyEntries);
        return words is not [var soft, ..]
            ? null
            : soft == "unlimited"
            ? long.MaxValue
            : long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : null;
    }

    /// <summary>Of the size that is taken where none is named; null where none are set aside.</summary>
    public static HugePages? HugePages(FileSystemRoot root)
    {
        var lines = MemoryLines(root);
        return Number(lines, "HugePages_Total:") is > 0 and var total && Number(lines, "Hugepagesize:") is { } size
            ? new(total, Number(lines, "HugePages_Free:") ?? 0, size)
            : null;
    }

    public static long? DefaultHugePageKib(FileSystemRoot root) => Number(MemoryLines(root), "Hugepagesize:");

    /// <summary>Of each size that the kernel has (hugetlbpage.rst, /sys/kernel/mm/hugepages); null where any is unknown.</summary>
    public static ImmutableArray<HugePages>? HugePagePools(FileSystemRoot root)
    {
        const string begin = "hugepages-", end = "kB";
        var folder = root.Sys("kernel/mm/hugepages");
        if (!SysFiles.Exists(folder)) return null;
        var names = SysFiles.Names(folder, out var error)
            .Where(name => name.StartsWith(begin, StringComparison.Ordinal) && name.EndsWith(end, StringComparison.Ordinal))
            .ToList();
        var pools = names.Select(name =>
            Whole(name[begin.Length..^end.Length]) is { } size
                && Whole(SysFiles.Word($"{folder}/{name}/nr_hugepages")) is { } total
                && Whole(SysFiles.Word($"{folder}/{name}/free_hugepages")) is { } free ? new HugePages(total, free, size) : null);
        return error is null && pools.OfType<HugePages>().ToImmutableArray() is var known && known.Length == names.Count ? known : null;
    }

    private static string[] MemoryLines(FileSystemRoot root) => (SysFiles.Text(root.Proc("meminfo"), 64 * 1024) ?? "").Split('\n');

    private static long? Number(string[] lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
            && line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var word, ..] ? Whole(word) : null;

    private static long? Whole(string? word) =>
        long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
