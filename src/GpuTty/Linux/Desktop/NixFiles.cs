using GpuTty.Host;
using GpuTty.Interop;
using GpuTty.Text;

namespace GpuTty.Linux.Desktop;

/// <summary>
/// NixOS makes /etc from one configuration, as links into its store, which nobody writes to: rules of udev and units of systemd stand in
/// that configuration (services.udev.packages and systemd.packages take them as files, under their own names and so in their order).
/// </summary>
internal static class NixFiles
{
    private const string Etc = "/etc/";

    /// <summary>Says what to write where instead; null where the file can be written.</summary>
    public static HostException? Refusal(string path, string text)
    {
        if (path.LastIndexOf(Etc, StringComparison.Ordinal) is not (>= 0 and var at)
            || !SysFiles.Exists($"{path[..at]}{Etc}NIXOS"))
            return null;
        var name = path[(at + Etc.Length)..];
        var option = name.StartsWith("udev/", StringComparison.Ordinal) ? "services.udev.packages"
            : name.StartsWith("systemd/", StringComparison.Ordinal) ? "systemd.packages"
            : null;
        return option is null ? null
            : new HostException(
                $"{Etc}{name} is made from the NixOS configuration, and cannot be written by gputty.",
                $"Add to that configuration: {option} = [ (pkgs.writeTextDir \"lib/{name}\" {Quoted(text)}) ];{Wanted(name)} "
                    + "then run nixos-rebuild boot and reboot.");
    }

    /// <summary>A unit that nothing asks for is not started.</summary>
    private static string Wanted(string name) =>
        name.Split('/') is ["systemd", "system", var unit] && unit.EndsWith(".service", StringComparison.Ordinal)
            ? $" systemd.services.{ShellWord.Quoted(unit[..^".service".Length])}.wantedBy = [ \"multi-user.target\" ];"
            : "";

    /// <summary>As a string of Nix on one line, without comments.</summary>
    private static string Quoted(string text)
    {
        string[] lines = [.. text.Split('\n').Where(line => line.Length > 0 && line[0] != '#')];
        return lines is [var only] && !only.Contains("''", StringComparison.Ordinal) && !only.Contains("${", StringComparison.Ordinal)
            ? $"''{only}''"
            : $"\"{string.Join("\\n", lines.Select(Escaped))}\\n\"";
    }

    private static string Escaped(string line) => line.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("${", "\\${", StringComparison.Ordinal);
}
