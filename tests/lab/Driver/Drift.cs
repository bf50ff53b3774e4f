using System.Globalization;

namespace GpuTty.Lab.Driver;

/// <summary>What may pile up over many switches: taken with the card at home, it is the same after one round and after a hundred.</summary>
public sealed class Drift(Machine machine)
{
    /// <summary>Bytes that two journals may have, with the room that is taken for them beforehand.</summary>
    private const int JournalsAtMost = 600_000;

    /// <param name="sameDesktop">False where the desktop is started anew each time: its processes and sessions are others then.</param>
    public async Task<string> TakeAsync(bool sameDesktop) => string.Join('\n',
        (await machine.Sysfs.SnapshotAsync() + "\n" + await LeavingsAsync()).Split('\n').Where(line => sameDesktop || !IsOfDesktop(line)));

    /// <summary>Descriptors of those who live as long as the machine, and the journals' size: they may breathe, but not grow.</summary>
    public async Task<int> DescriptorsAsync()
    {
        var journals = await machine.Shell.DoAsync("cat /var/lib/gputty/* | wc -c");
        Assert.InRange(int.Parse(journals, CultureInfo.InvariantCulture), 0, JournalsAtMost);
        return int.Parse(
            await machine.Shell.DoAsync(
                "ls /proc/1/fd /proc/$(systemctl show -P MainPID systemd-logind)/fd /proc/$(systemctl show -P MainPID "
                    + "systemd-udevd)/fd | wc -l"),
            CultureInfo.InvariantCulture);
    }

    private Task<string> LeavingsAsync() => machine.Shell.DoAsync("""
        ls -A /run/gputty /var/lib/gputty | sed 's/^/left: /'
        sed 's/^/remembered: /' /run/gputty/home.json
        pgrep -x gputty | sed 's/^/process: /'
        systemctl list-units --all --no-legend --plain 'gputty*' | sed 's/^/unit: /'
        """);

    private static bool IsOfDesktop(string line) =>
        line.All(char.IsAsciiDigit)
        || line.Contains(" seat", StringComparison.Ordinal)
        || line.Contains(" user ", StringComparison.Ordinal);
}
