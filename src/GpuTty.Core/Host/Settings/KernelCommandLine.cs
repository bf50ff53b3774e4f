using GpuTty.Host.Pci;

namespace GpuTty.Host.Settings;

/// <summary>A parameter of the kernel.</summary>
/// <param name="Name">With underscores: the kernel takes - for _ in names, not in values (kernel/params.c, parameq).</param>
/// <param name="Value">Null where there is no equals sign. Without quotation marks.</param>
/// <param name="Word">As it is written.</param>
public sealed record KernelParameter(string Name, string? Value, string Word);

/// <summary>The kernel command line, parted as the kernel parts it (lib/cmdline.c, next_arg).</summary>
public static class KernelCommandLine
{
    /// <summary>In their order; what comes after -- is for init.</summary>
    public static IEnumerable<KernelParameter> Parameters(string commandLine)
    {
        foreach (var word in Words(commandLine))
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var name = KernelModule.Canonical((equals < 0 ? word : word[..equals]).Trim('"'));
            if (name.Length > 0) yield return new KernelParameter(name, equals < 0 ? null : word[(equals + 1)..].Trim('"'), word);
        }
    }

    /// <summary>The parts of a value with commas in it, without empty ones.</summary>
    public static string[] Listed(string? value) =>
        value?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    /// <summary>Blanks separate, but not between quotation marks.</summary>
    private static IEnumerable<string> Words(string commandLine)
    {
        var (begin, isQuoted) = (0, false);
        for (var at = 0; at <= commandLine.Length; at++)
        {
            if (at < commandLine.Length && commandLine[at] == '"') isQuoted = !isQuoted;
            if (at < commandLine.Length && (isQuoted || !char.IsWhiteSpace(commandLine[at]))) continue;
            var word = commandLine[begin..at];
            begin = at + 1;
            if (word == "--") yield break;
            if (word.Length > 0) yield return word;
        }
    }
}
