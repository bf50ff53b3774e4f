using System.Text.RegularExpressions;

namespace GpuTty.Lab.Driver;

/// <summary>A virtual machine inside the guest that is given the card: the reason for all of this.</summary>
public sealed partial class NestedVm(Shell shell)
{
    /// <summary>Starts it with these functions and waits until its firmware has given each of them an address.</summary>
    public async Task StartAsync(params string[] functions)
    {
        var devices = string.Join(' ', functions.Select(function => $"-device vfio-pci,host={function}"));
        await shell.DoAsync($"""
            rm -f /run/vm.in /run/vm.out; mkfifo /run/vm.in
            systemd-run -q --collect --unit=lab-vm sh -c 'exec 3<>/run/vm.in; exec qemu-system-x86_64 -accel tcg -M q35 -m 256 \
                -nodefaults -display none {devices} -monitor stdio <&3 >/run/vm.out 2>&1'
            """);
        var seen = "";
        await Wait.ForAsync("the VM's firmware to set up the card", async () =>
        {
            seen = await AskAsync("info pci");
            return DisplayBar().IsMatch(seen);
        }, () => seen);
    }

    /// <summary>Reads a register of the card from inside the VM, at an offset from its BAR 2: the card's identity is at 0x500.</summary>
    public async Task<string> ReadCardAsync(int offset)
    {
        var bar = Convert.ToInt64(DisplayBar().Match(await AskAsync("info pci")).Groups[1].Value, 16);
        var answer = await AskAsync($"xp /1hx 0x{bar + offset:x}");
        return RegisterValue().Match(answer).Groups[1].Value;
    }

    /// <summary>One line for the VM's monitor, and what it answers.</summary>
    public async Task<string> AskAsync(string command)
    {
        var answer = await shell.DoAsync($$"""
            systemctl is-active -q lab-vm || { cat /run/vm.out; exit 1; }
            before=$(stat -c %s /run/vm.out); echo '{{command}}' >/run/vm.in
            until tail -c "+$((before + 2))" /run/vm.out | grep -aq '(qemu) $'; do systemctl is-active -q lab-vm || break; done
            tail -c "+$((before + 1))" /run/vm.out
            """);
        return Escapes().Replace(answer, "").Replace("\r", "", StringComparison.Ordinal);
    }

    public Task StopAsync() => shell.DoAsync("systemctl stop lab-vm");

    [GeneratedRegex(@"(?:Display|VGA) controller: PCI device 1234:1111[^$]*?BAR2: 32 bit memory at 0x([0-9a-f]{1,8}) ")]
    private static partial Regex DisplayBar();

    [GeneratedRegex(@"^[0-9a-f]{8,16}: (0x[0-9a-f]+)", RegexOptions.Multiline)]
    private static partial Regex RegisterValue();

    [GeneratedRegex(@"\e\[[0-9;]*[A-Za-z]")]
    private static partial Regex Escapes();
}
