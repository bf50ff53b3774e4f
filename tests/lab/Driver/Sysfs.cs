namespace GpuTty.Lab.Driver;

/// <summary>Everything a switch may change, as text: taken before and after, it shows what was done to the machine.</summary>
public sealed class Sysfs(Shell shell)
{
    // awk takes out the padding of loginctl's columns, which grows with the longest number.
    public async Task<string> SnapshotAsync() => await shell.DoAsync("""
        for device in /sys/bus/pci/devices/*; do
            cd "$device" && echo "${device##*/} driver=$(basename "$(readlink driver)")" \
                "override=$(cat driver_override) group=$(basename "$(readlink iommu_group)") power=$(cat power/control) enabled=$(cat enable)"
        done
        awk '{print "module", $1, "for", $4}' /proc/modules | sort
        for console in /sys/class/vtconsole/*; do echo "$(cat "$console/name") bound=$(cat "$console/bind")"; done
        cat /proc/fb /proc/sys/kernel/printk; ls /dev/dri /dev/snd /dev/vfio 2>&1
        ls /run/udev/rules.d /run/modprobe.d /etc/udev/rules.d /etc/modprobe.d 2>&1
        systemctl show -P ActiveState -P MainPID -P UnitFileState display-manager
        loginctl --no-legend list-sessions | awk '{$1 = $1; print}'; cat /sys/class/tty/tty0/active
        """);

    /// <summary>Fails with the lines that differ, not with two pages.</summary>
    public static void AssertSame(string before, string after)
    {
        var (old, now) = (before.Split('\n'), after.Split('\n'));
        var changes = old.Except(now).Select(line => $"- {line}").Concat(now.Except(old).Select(line => $"+ {line}")).ToArray();
        Assert.True(changes.Length == 0, "The machine was changed:\n" + string.Join('\n', changes));
    }
}
