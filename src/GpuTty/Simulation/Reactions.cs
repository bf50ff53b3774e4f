using System.Collections.Immutable;
using GpuTty.Host.Holders;

namespace GpuTty.Simulation;

/// <summary>What running programs and waiting writes do by themselves after a change.</summary>
internal static class Reactions
{
    private static readonly TimeSpan s_uevent = TimeSpan.FromSeconds(0.15);

    public static Machine To(Machine before, Machine after)
    {
        var known = before.Devices.SelectMany(device => device.Nodes).Select(node => node.Path).ToHashSet();
        var added = after.Devices.SelectMany(device => device.Nodes).Where(node => !known.Contains(node.Path)).ToImmutableArray();
        if (added.Length > 0) after = after.Fold(after.Processes.Where(process => Minds(after, process, added)), Notice);
        return after.Blocked is { EndsWhenReleased: true, Device: { } device } && !after.IsBusy(device)
            ? PciVerbs.Finish(after, device)
            : after;
    }

    private static bool Minds(Machine machine, Process process, ImmutableArray<DeviceNode> added) =>
        process.Software.OnHotPlug != HotPlug.Ignores
        && Programs.OpenableNodes(machine, process.Software).Any(choice => added.Contains(choice.Node));

    private static Machine Notice(Machine machine, Process process) => process.Software.OnHotPlug switch
    {
        HotPlug.Opens => machine.After(s_uevent, m => Programs.OpenAll(m, process.Pid)),
        _ => machine.After(s_uevent, m => Crash(m, process.Pid)),
    };

    /// <summary>gnome-shell, when a second card comes up under it: a segfault, and with it goes everything the user had open.</summary>
    private static Machine Crash(Machine machine, int pid) =>
        machine.Processes.FirstOrDefault(process => process.Pid == pid) is not { } process ? machine
        : Programs.Gone(
            machine.Say(
                Switching.LogSource.Kernel,
                $"{process.Software.Name}[{pid}]: segfault at 18 ip 00007f3a5c0d1c3e sp 00007ffd3c0a5c60 error 4 in "
                    + "libmutter-16.so.0.0.0[7f3a5bf6a000+1d4000]",
                Switching.LogLevel.Warning),
            process);
}
