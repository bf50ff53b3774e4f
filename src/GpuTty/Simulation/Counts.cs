using System.Collections.Immutable;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;

namespace GpuTty.Simulation;

/// <summary>Who keeps what busy: derived at each look, stored nowhere.</summary>
internal static class Counts
{
    /// <summary>Processes with nodes open, and PID 1 and logind, which share
    /// the files of the cards that they opened for a session.</summary>
    public static IEnumerable<Process> Openers(this Machine machine)
    {
        var processes = machine.Processes
            .Select(process => process with { Open = [.. process.Open.Select(open => Numbered(process, open))] })
            .ToImmutableArray();
        var asked = processes
            .Where(process => process.Software.AsksLogind)
            .SelectMany(process => process.Open)
            .Where(open => open.Node.Kind == NodeKind.Card && open.Node.Device is not null)
            .ToImmutableArray();
        foreach (var process in processes)
        {
            var open = process.Software.Name is "systemd" or "systemd-logind" or "elogind-daemon"
                ? process.Open.AddRange(asked)
                : process.Open;
            if (open.Length > 0) yield return process with { Open = open };
        }
    }

    public static int References(this Machine machine, string module) =>
        machine.UsedBy(module).Count() + machine.FindModule(module)!.KernelUses + machine.SoundUses(module)
        + machine
            .Openers()
            .SelectMany(process => process.Open.Select(open => (File: open.Node.File ?? new OpenFile(process.Pid, -1), Open: open)))
            .DistinctBy(way => (way.File, way.Open.Node.Path))
            .Select(way => way.Open)
            .Sum(open => (open.Pins != module ? 0 : IsOwn(open.Node) ? 2 : 1) + (IsClient(open, module) ? 1 : 0));

    /// <summary>Bound sound functions of Intel's, on the bus of the graphics or behind
    /// the switch of its card, pin its driver (sound/hda/hdac_component.c).</summary>
    private static int SoundUses(this Machine machine, string module) =>
        module is "i915" or "xe"
            ? IntelSound.OfModule(new Host.HostSnapshot { TakenAt = machine.Now, Devices = machine.Devices }, module).Count()
            : 0;

    private static OpenNode Numbered(Process process, OpenNode open) =>
        open.Node.Descriptor is { } descriptor
            ? open with { Node = open.Node with { File = new OpenFile(process.Pid, descriptor) } }
            : open;

    public static IEnumerable<string> UsedBy(this Machine machine, string module) =>
        machine.Modules.Where(other => other.IsLoaded && other.DependsOn.Contains(module)).Select(other => other.Name);

    public static bool IsBusy(this Machine machine, PciAddress device) =>
        machine.Openers().Any(process => process.Open.Any(open => open.Node.Device == device));

    /// <summary>A node that no subsystem stands before counts for itself and for
    /// what serves it (fs/char_dev.c, chrdev_open: cdev_get and fops_get).</summary>
    private static bool IsOwn(HeldNode node) => node.Kind == NodeKind.Nvidia || node.Module is not null;

    /// <summary>Each client of nvidia_drm holds the GPU through nvidia as well, in the kernel.</summary>
    private static bool IsClient(OpenNode open, string module) =>
        module == "nvidia" && open is { Pins: "nvidia_drm", Node.Kind: NodeKind.Card };
}
