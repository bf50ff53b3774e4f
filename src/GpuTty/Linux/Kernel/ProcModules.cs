using System.Collections.Immutable;
using System.Globalization;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux.Commands;

namespace GpuTty.Linux.Kernel;

/// <summary>Loaded modules: /proc/modules; else what lsmod says; else /sys/module.</summary>
internal static class ProcModules
{
    public static async Task<ImmutableArray<KernelModule>> ReadAsync(
        FileSystemRoot root, CommandRunner commands, List<Unknown> unknowns, CancellationToken cancel)
    {
        if (SysFiles.Text(root.Proc("modules")) is { } text) return WithNvidia(root, Parse(text));
        var lsmod = await commands.RunAsync("lsmod", [], TimeSpan.FromSeconds(5), cancel);
        if (lsmod.Succeeded && ParseLsmod(lsmod.Output) is { IsEmpty: false } listed) return WithNvidia(root, listed);
        if (FromSysfs(root) is { IsEmpty: false } known) return WithNvidia(root, known);
        unknowns.Add(new Unknown(UnknownFact.Modules, "modules", $"{root.Proc("modules")} is missing: this kernel may not use modules."));
        return [];
    }

    private static ImmutableArray<KernelModule> WithNvidia(FileSystemRoot root, ImmutableArray<KernelModule> modules) =>
    [
        .. modules.Select(module => module.Name switch
        {
            "nvidia" => module with { Version = SysFiles.Word(root.Sys("module/nvidia/version")) },
            "nvidia_drm" => module with { SetsModes = IsOn(root, module.Name, "modeset") },
            _ => module,
        }),
    ];

    /// <summary>A parameter of a module that is on or off; null where it cannot be read, as many by root only.</summary>
    public static bool? IsOn(FileSystemRoot root, string module, string parameter) =>
        SysFiles.Word(root.Sys($"module/{module}/parameters/{parameter}")) switch { "Y" or "1" => true, "N" or "0" => false, _ => null };

    /// <summary><c>name size references users, state address</c> (proc(5)).</summary>
    public static ImmutableArray<KernelModule> Parse(string text) =>
    [
        .. from line in text.Split('\n')
           let parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
           where parts.Length >= 4
           select new KernelModule(parts[0], Count(parts[2]), Users(parts[3])),
    ];

    /// <summary><c>name size references users</c> with a heading (lsmod(8)).</summary>
    public static ImmutableArray<KernelModule> ParseLsmod(string text) =>
    [
        .. from line in text.Split('\n')
           let parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
           where parts.Length is 3 or 4 && long.TryParse(parts[1], NumberStyles.None, null, out _)
           select new KernelModule(parts[0], Count(parts[2]), Users(parts.Length == 4 ? parts[3] : "-")),
    ];

    /// <summary>Only loadable ones have <c>initstate</c>; drivers that are built in have a folder too.</summary>
    private static ImmutableArray<KernelModule> FromSysfs(FileSystemRoot root) =>
    [
        .. from name in SysFiles.Names(root.Sys("module"))
           let folder = root.Sys($"module/{name}")
           where SysFiles.Word($"{folder}/initstate") is not null
           select new KernelModule(name, Count(SysFiles.Word($"{folder}/refcnt")), SysFiles.Names($"{folder}/holders")),
    ];

    private static int? Count(string? text) => int.TryParse(text, NumberStyles.AllowLeadingSign, null, out var count) ? count : null;

    /// <summary>Marks such as <c>[permanent]</c> are no modules.</summary>
    private static ImmutableArray<string> Users(string text) =>
        text == "-" ? [] : [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Where(user => user[0] != '[')];
}
