using System.Collections.Immutable;
using System.Globalization;

namespace GpuTty.Host.Holders;

/// <summary>How a container is stopped, and started again, through its own
/// manager: what is only ended inside one is started again there.</summary>
/// <param name="IsOurs">A switch may do it. Machines, pods and containers of a user's own are left to whoever runs them.</param>
public sealed record ContainerCommand(string Tool, ImmutableArray<string> Arguments, bool IsOurs)
{
    /// <param name="container">Kind and name, as <see cref="Holder.Container"/> has them: <c>docker 0123456789ab</c>.</param>
    /// <param name="unit">A holder's unit: a container below a user's own manager is that user's.</param>
    /// <returns>Null where the manager is not known, and for a name that could be taken for an option.</returns>
    public static ContainerCommand? Stop(string container, string? unit = null)
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
            "lxc" when IsNumber(name) => new("pct", ["stop", name], true),
            "lxc" => new("lxc-stop", ["-n", name], false),
            // libvirt names its machines with their driver and number: qemu-1-win11.
            "machine" when name.Split('-', 3) is ["qemu" or "lxc", _, var domain] => new("virsh", ["shutdown", domain], false),
            "machine" => new("machinectl", ["poweroff", name], true),
            "crio" or "cri-containerd" => new("crictl", ["stop", name], false),
            _ => null,
        };
    }

    /// <summary>Takes <see cref="Stop"/> back; null where a switch does not stop it.</summary>
    public static ContainerCommand? Start(string container) => Stop(container) is { IsOurs: true } stop && Parts(container) is var (_, name)
        ? stop with { Arguments = ["start", name] } : null;

    /// <summary>As a person would type it.</summary>
    public override string ToString() =>
        $"{Tool} {string.Join(' ', Arguments.Select(argument => argument.StartsWith('#') ? $"'{argument}'" : argument))}";

    private static (string Kind, string Name)? Parts(string container) =>
        container.Split(' ', 2) is [var kind, { Length: > 0 } name]
            && char.IsAsciiLetterOrDigit(name[0])
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-')
            ? (kind, name) : null;

    private static bool IsNumber(string name) => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
