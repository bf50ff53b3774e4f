using System.Collections.Immutable;
using System.Globalization;
using GpuTty.Host.Guests;
using GpuTty.Text;

namespace GpuTty.Host.Holders;

/// <summary>How a container is stopped, and started again, through its own
/// manager: what is only ended inside one is started again there.</summary>
/// <param name="IsOurs">A switch may do it. Machines, pods and containers of a user's own are left to whoever runs them.</param>
public sealed record ContainerCommand(string Tool, ImmutableArray<string> Arguments, bool IsOurs)
{
    /// <param name="container">Kind and name, as <see cref="Holder.Container"/> has them: <c>docker 0123456789ab</c>.</param>
    /// <param name="unit">A holder's unit: a container below a user's own manager is that user's.</param>
    /// <param name="guest">A virtual machine's name as libvirt knows it; null where that is unknown.</param>
    /// <returns>Null where the manager is not known, and for a name that could be taken for an option.</returns>
    public static ContainerCommand? Stop(string container, string? unit = null, string? guest = null)
    {
        if (Parts(container) is not var (kind, name)) return null;
        var user = unit is not null && unit.StartsWith("user@", StringComparison.Ordinal) ? unit["user@".Length..].Split('.')[0] : null;
        return kind switch
        {
            "docker" when user is not null =>
                new("sudo", ["-u", $"#{user}", $"DOCKER_HOST=unix:///run/user/{user}/docker.sock", "docker", "stop", name], false),
            "podman" or "nerdctl" when user is not null =>
                new("sudo", ["-u", $"#{user}", $"XDG_RUNTIME_DIR=/run/user/{user}", kind, "stop", name], false),
            "docker" or "podman" or "nerdctl" => new(kind, ["stop", name], true),
            "lxc" when IsNumber(name) => new("pct", ["shutdown", name], true),
            "lxc" => new("lxc-stop", ["-n", name], false),
            "waydroid" => new("waydroid", ["session", "stop"], false),
            "incus" => new("incus", Instance(name), false),
            "lxd" => new("lxc", Instance(name), false),
            "machine" when GuestNumberOf(container) is { } number =>
                new("virsh", ["-c", Virsh.Connection, "shutdown", Called(guest) ?? $"{number}"], false),
            "machine" when name.Split('-', 3) is ["lxc", var number, _] && IsNumber(number) =>
                new("virsh", ["-c", "lxc:///system", "shutdown", number], false),
            "machine" when name.StartsWith("qemu-", StringComparison.Ordinal) => null,
            "machine" => new("machinectl", ["poweroff", name], true),
            "crio" or "cri-containerd" => new("crictl", ["stop", name], false),
            _ => null,
        };
    }

    /// <summary>Takes <see cref="Stop"/> back; null where a switch does not stop it.</summary>
    public static ContainerCommand? Start(string container) => Stop(container) is { IsOurs: true } stop && Parts(container) is var (_, name)
        ? stop with { Arguments = ["start", name] } : null;

    /// <summary>systemd knows a guest of libvirt's by its driver, its number, and what is left of its name: qemu-1-win11.</summary>
    internal static int? GuestNumberOf(string container) =>
        container.StartsWith("machine ", StringComparison.Ordinal)
        && container["machine ".Length..].Split('-', 3) is ["qemu", var number, ..]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var known) ? known : null;

    /// <summary>A name that virsh takes for nothing else, which may be an option, a number or a UUID, and that a person can type.</summary>
    private static string? Called(string? guest) =>
        guest is null || !ShellWord.CanBeTyped(guest)
            || guest.StartsWith('-') || guest.All(char.IsAsciiDigit) || Guid.TryParse(guest, out _) ? null : guest;

    /// <summary>Of another project than the usual one, which its name begins with (doc/projects.md: no name has an underscore).</summary>
    private static ImmutableArray<string> Instance(string name) =>
        name.Split('_', 2) is [var project, { Length: > 0 } instance] ? ["stop", instance, "--project", project] : ["stop", name];

    /// <summary>As a person would type it.</summary>
    public override string ToString() => $"{Tool} {string.Join(' ', Arguments.Select(ShellWord.Quoted))}";

    private static (string Kind, string Name)? Parts(string container) =>
        container.Split(' ', 2) is [var kind, { Length: > 0 } name]
            && char.IsAsciiLetterOrDigit(name[0])
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-')
            ? (kind, name) : null;

    private static bool IsNumber(string name) => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
