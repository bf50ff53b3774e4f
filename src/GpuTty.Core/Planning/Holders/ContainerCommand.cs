using System.Globalization;

namespace GpuTty.Planning.Holders;

/// <summary>How a container is stopped through its own manager: what is only ended inside one is started again there.</summary>
public static class ContainerCommand
{
    /// <param name="container">Kind and name, as <see cref="Host.Holders.Holder.Container"/> has them: <c>docker 0123456789ab</c>.</param>
    /// <param name="unit">The holder's unit: a container of a user's own manager is that user's.</param>
    /// <returns>The command; null where the manager is not known.</returns>
    public static string? Stop(string container, string? unit)
    {
        if (container.Split(' ', 2) is not [var kind, var name]) return null;
        var user = unit is not null && unit.StartsWith("user@", StringComparison.Ordinal) ? unit["user@".Length..].Split('.')[0] : null;
        return kind switch
        {
            "docker" or "nerdctl" => $"{kind} stop {name}",
            "podman" => user is null ? $"podman stop {name}" : $"sudo -u '#{user}' XDG_RUNTIME_DIR=/run/user/{user} podman stop {name}",
            "lxc" when int.TryParse(name, NumberStyles.None, null, out _) => $"pct stop {name}",
            "lxc" => $"lxc-stop -n {name}",
            // libvirt names its machines with their driver and number: qemu-1-win11.
            "machine" when name.Split('-', 3) is ["qemu" or "lxc", _, var domain] => $"virsh shutdown {domain}",
            "machine" => $"machinectl poweroff {name}",
            "crio" or "cri-containerd" => $"crictl stop {name}",
            _ => null,
        };
    }
}
