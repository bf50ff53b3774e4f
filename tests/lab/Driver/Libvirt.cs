using System.Text.RegularExpressions;

namespace GpuTty.Lab.Driver;

/// <summary>A virtual machine of the guest's own libvirt (qemu:///system) that asks
/// for the card: only its firmware runs, which is enough to use the card.</summary>
public sealed partial class Libvirt(Shell shell)
{
    /// <summary>Defines it, with both functions of the card.</summary>
    public Task DefineAsync(string name, string managed = "no") => shell.DoAsync($"""
        cat >/run/{name}.xml <<'END'
        <domain type='qemu'>
          <name>{name}</name>
          <memory unit='MiB'>256</memory>
          <vcpu>1</vcpu>
          <os><type arch='x86_64' machine='q35'>hvm</type></os>
          <features><acpi/></features>
          <devices>
            <emulator>/usr/bin/qemu-system-x86_64</emulator>
            <controller type='usb' model='none'/>
            <memballoon model='none'/>
            <hostdev mode='subsystem' type='pci' managed='{managed}'>
              <source><address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></source>
            </hostdev>
            <hostdev mode='subsystem' type='pci' managed='{managed}'>
              <source><address domain='0x0000' bus='0x01' slot='0x00' function='0x1'/></source>
            </hostdev>
          </devices>
        </domain>
        END
        virsh define /run/{name}.xml
        """, Gputty.Patience);

    /// <summary>As a user starts it; what virsh prints and its exit code, with what it took.</summary>
    public async Task<(ShellResult Said, TimeSpan Took)> StartAsync(string name)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        return (await shell.RunAsync($"virsh start {name} 2>&1", Gputty.Patience), clock.Elapsed);
    }

    public async Task<TimeSpan> MustStartAsync(string name)
    {
        var (said, took) = await StartAsync(name);
        Assert.True(said.Status == 0, $"virsh start {name} ended with {said.Status}:\n{said.Output}");
        Assert.Equal("running", await StateAsync(name));
        return took;
    }

    /// <summary>What virsh prints where the start is refused.</summary>
    public async Task<string> MustNotStartAsync(string name)
    {
        var (said, _) = await StartAsync(name);
        Assert.True(said.Status != 0, $"virsh start {name} was not refused:\n{said.Output}");
        Assert.Equal("shut off", await StateAsync(name));
        return said.Output;
    }

    /// <summary>running, shut off.</summary>
    public Task<string> StateAsync(string name) => shell.DoAsync($"virsh domstate {name} | head -n 1");

    public Task DestroyAsync(string name) => shell.DoAsync($"virsh destroy {name}", Gputty.Patience);

    /// <summary>What an operating system in it would write to switch the machine off:
    /// S5 into PM1a_CNT of a q35, which its firmware has put at 0x604.</summary>
    public Task PowerOffAsync(string name) => shell.DoAsync($"virsh qemu-monitor-command {name} --hmp 'o /2hx 0x604 0x2000'");

    /// <summary>QEMU is killed, and libvirt finds out.</summary>
    public Task KillAsync(string name) => shell.DoAsync($"kill -KILL \"$(cat /run/libvirt/qemu/{name}.pid)\"");

    public Task WhenOffAsync(string name) =>
        shell.UntilAsync($"{name} to be off", $"[ \"$(virsh domstate {name} | head -n 1)\" = 'shut off' ]", Gputty.Patience);

    /// <summary>Reads a register of the card from inside it, at an offset from its BAR 2: the card's identity is at 0x500.</summary>
    public async Task<string> ReadCardAsync(string name, int offset)
    {
        var seen = "";
        await Wait.ForAsync("the VM's firmware to set up the card", async () =>
        {
            seen = await shell.DoAsync($"virsh qemu-monitor-command {name} --hmp 'info pci'");
            return DisplayBar().IsMatch(seen);
        }, () => seen, Gputty.Patience);
        var bar = Convert.ToInt64(DisplayBar().Match(seen).Groups[1].Value, 16);
        return RegisterValue().Match(await shell.DoAsync($"virsh qemu-monitor-command {name} --hmp 'xp /1hx 0x{bar + offset:x}'")).Groups[
            1].Value;
    }

    /// <summary>The daemon looks for hooks once, at its start.</summary>
    public async Task InstallHookAsync(Gputty gputty)
    {
        await gputty.ExpectAsync(0, "hook install");
        await shell.DoAsync("systemctl restart libvirtd", Gputty.Patience);
        await shell.UntilAsync("libvirt to answer", "virsh list", Gputty.Patience);
    }

    [GeneratedRegex(@"(?:Display|VGA) controller: PCI device 1234:1111[^$]*?BAR2: 32 bit memory at 0x([0-9a-f]{1,8}) ")]
    private static partial Regex DisplayBar();

    [GeneratedRegex(@"^\s*[0-9a-f]{8,16}: (0x[0-9a-f]+)", RegexOptions.Multiline)]
    private static partial Regex RegisterValue();
}
