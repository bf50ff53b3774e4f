namespace GpuTty.Lab.Driver;

/// <summary>Who has the card open, found without the program under test.</summary>
public sealed class Holders(Shell shell)
{
    /// <summary>Commands' names (ps comm), each once; by node, so that renumbered or deleted nodes of another card do not count.</summary>
    public async Task<string[]> OfAsync(string address)
    {
        var found = await shell.DoAsync($$"""
            cd /sys/bus/pci/devices/{{address}} || exit
            nodes=$(for dev in drm/*/dev sound/card*/*/dev graphics/*/dev; do
                [ -e "$dev" ] && (. "${dev%/dev}/uevent" && echo "/dev/$DEVNAME"); done)
            for node in $nodes; do
                find /proc/[0-9]*/fd -lname "$node" 2>/dev/null
                grep -lsF "$node" /proc/[0-9]*/maps
            done | cut -d/ -f3 | sort -un | while read -r pid; do cat "/proc/$pid/comm" 2>/dev/null; done | sort -u
            """);
        return found.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Starts one of guest/hold's bad neighbours as a service called <paramref name="unit"/>, and waits until it holds.</summary>
    public async Task StartAsync(string unit, string manner, string node)
    {
        await shell.DoAsync($"systemd-run -q --collect --unit={unit} -p KillMode=mixed -p Restart=no -- hold {manner} {node}");
        await shell.UntilAsync(
            $"{unit} to hold {node}", $"systemctl is-active -q {unit} && [ -e /run/hold.$(systemctl show -P MainPID {unit}) ]");
    }

    /// <summary>The card's node under /dev/dri; its number changes with every binding.</summary>
    public Task<string> CardNodeAsync(string address) => shell.DoAsync($"readlink -e /dev/dri/by-path/pci-{address}-card");

    public Task<string> SoundNodeAsync(string address) =>
        shell.DoAsync($"echo /dev/snd/controlC$(cat /sys/bus/pci/devices/{address}/sound/card*/number)");
}
