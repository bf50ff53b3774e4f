using System.Collections.Immutable;
using System.Text.RegularExpressions;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux.Commands;

namespace GpuTty.Linux.Boot;

/// <summary>
/// Modules that are there before the root file system is: in the initramfs of the running kernel, listed by the tool of
/// whoever makes it (lsinitramfs(8), lsinitrd(1), lsinitcpio(1), booster), and drivers in the kernel itself (modules.builtin).
/// </summary>
internal static partial class EarlyModules
{
    private const int LongestList = 4 * 1024 * 1024;
    private static readonly TimeSpan s_lists = TimeSpan.FromSeconds(60);

    /// <returns>Names as the kernel writes them, or a clause why it is unknown.</returns>
    public static async Task<(ImmutableHashSet<string>? Modules, string? Problem)> ReadAsync(
        FileSystemRoot root, CommandRunner tools, string kernel, CancellationToken cancel)
    {
        var list = root.Modules(kernel, "modules.builtin");
        var text = SysFiles.Text(list, LongestList, out var error);
        if (text is null) return (null, $"{list} {(error is { } why ? $"cannot be read: {why}" : "is missing")}");
        var builtIn = Parse(text);
        var image =
            Images(root, kernel).FirstOrDefault(candidate => tools.Find(candidate.Tool) is not null && SysFiles.Exists(candidate.Path));
        if (image.Tool is null) return (null, "no initramfs of this kernel, or no tool that lists it, is in the usual places");
        var listed = await tools.RunAsync(image.Tool, image.Arguments, s_lists, cancel);
        if (!listed.Succeeded || listed.Output.Length == 0)
            return (null, listed.Succeeded ? $"{image.Tool} lists nothing" : listed.Problem(image.Tool));
        return (builtIn.Union(Parse(listed.Output)), null);
    }

    /// <summary>Lines that end in the path of a module, whatever stands before
    /// it: <c>kernel/drivers/gpu/drm/amd/amdgpu/amdgpu.ko.zst</c>.</summary>
    public static ImmutableHashSet<string> Parse(string list) =>
        [.. list.Split('\n').Select(line => line.TrimEnd()).Select(line => line[(line.LastIndexOf('/') + 1)..])
            .Select(name =>
                name.IndexOf(".ko", StringComparison.Ordinal) is var end and > 0
                    && name[(end + 3)..] is "" or ".xz" or ".gz" or ".zst" or ".bz2"
                    ? KernelModule.Canonical(name[..end])
                    : "")
            .Where(name => name.Length > 0)];

    /// <summary>Where images of a kernel are, with the tool that lists them.</summary>
    public static IEnumerable<(string Tool, string Path, string[] Arguments)> Images(FileSystemRoot root, string kernel) =>
        Places(root, kernel).Select(image =>
            (
                image.Tool,
                image.Path,
                image.Tool switch
                {
                    "lsinitcpio" => (string[])["-l", "--", image.Path],
                    "booster" => ["ls", image.Path],
                    _ => ["--", image.Path],
                }));

    private static IEnumerable<(string Tool, string Path)> Places(FileSystemRoot root, string kernel)
    {
        // Arch names its images by package, which it keeps beside the modules; one that is named by the release is not loaded there.
        if (SysFiles.Word(root.Modules(kernel, "pkgbase")) is { } package && !package.Contains('/', StringComparison.Ordinal))
        {
            if (UnifiedImage(root, package) is { } unified)
            {
                yield return ("lsinitcpio", unified);
                yield break;
            }
            foreach (var tool in (string[])["lsinitcpio", "lsinitrd"]) yield return (tool, root.Any($"boot/initramfs-{package}.img"));
            yield return ("booster", root.Any($"boot/booster-{package}.img"));
        }
        // Debian names them so whether initramfs-tools or dracut makes them.
        foreach (var tool in (string[])["lsinitramfs", "lsinitrd"]) yield return (tool, root.Any($"boot/initrd.img-{kernel}"));
        foreach (var path in (string[])[root.Any($"boot/initramfs-{kernel}.img"), root.Any($"boot/initrd-{kernel}")])
            yield return ("lsinitrd", path);
    }

    /// <summary>
    /// The image with kernel and initramfs in one (a UKI), where mkinitcpio makes that one alone of a package's kernel: an image of the
    /// initramfs that is there too was left behind (mkinitcpio(8), PRESETS). Null where it makes others, or where none are its.
    /// </summary>
    private static string? UnifiedImage(FileSystemRoot root, string package)
    {
        if (!SysFiles.Exists(root.Any("usr/bin/mkinitcpio"))) return null;
        var preset = SysFiles.Lines(root.Etc($"mkinitcpio.d/{package}.preset"))
            .Select(line => Assignment().Match(line.Trim()))
            .Where(assignment => assignment.Success)
            .ToLookup(assignment => assignment.Groups["name"].Value, assignment => assignment.Groups["value"].Value);
        var (image, unified) = (preset["default_image"].LastOrDefault(""), preset["default_uki"].LastOrDefault(""));
        return image.Length == 0 && unified.StartsWith('/') ? root.Any(unified[1..]) : null;
    }

    [GeneratedRegex("""^(?<name>\w+)=(?<quote>["']?)(?<value>[^"'\s]*)\k<quote>\s*(#.*)?$""", RegexOptions.CultureInvariant)]
    private static partial Regex Assignment();
}
