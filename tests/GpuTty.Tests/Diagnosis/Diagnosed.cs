using System.Diagnostics;
using GpuTty.Diagnosis;
using GpuTty.Host;
using GpuTty.Host.Settings;
using GpuTty.Tests.Linux;

namespace GpuTty.Tests.Diagnosis;

/// <summary>What the doctor finds of leftovers on a machine, and what it would do about it.</summary>
internal sealed class Diagnosed
{
    private Diagnosed(HostSnapshot host) => (Host, All) = (host, [.. Leftovers.Of(host)]);

    public HostSnapshot Host { get; }
    public IReadOnlyList<Finding> All { get; }

    /// <summary>Those that somebody is told to do something about.</summary>
    public IReadOnlyList<Finding> Found =>
        [.. All.Where(finding => finding.Group is FindingGroup.Attention or FindingGroup.Problem)];

    public static async Task<Diagnosed> OfAsync(RecipeMachine machine) => new(await machine.ReadAsync());

    /// <param name="codes">As they are named after --fix; none for what is done without.</param>
    public CorrectionPlan Fix(params DiagnosisCode[] codes) => CorrectionPlan.Of(All, codes, _ => null);

    /// <summary>What is left of a file by the plan: null where all of it goes, the same where nothing does.</summary>
    public string? After(SettingsFile file, params DiagnosisCode[] codes) =>
        Fix(codes).Changes.FirstOrDefault(change => change.Change.Path == file.Path)?.Change switch
        {
            null => file.Text,
            FileChange.Edit edit => edit.Apply(file.Text),
            _ => null,
        };

    /// <summary>Does what a finding says to type, on the files of a machine that is not this one.</summary>
    public static async Task TypeAsync(MachineTree tree, string command)
    {
        var parts = command.Split(" && ").Where(part => part.Split(' ')[0] is "rm" or "sed" or "{" or "mkdir" or "ln");
        var script = string.Join(" && ", parts).Replace(" /", $" {tree.Path}/", StringComparison.Ordinal);
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-e", "-c", script]))!;
        await shell.WaitForExitAsync();
        Assert.True(shell.ExitCode == 0, command);
    }
}

/// <summary>A desktop machine with other devices beside its cards: a USB controller, a disk and a network card.</summary>
internal static class OtherDevices
{
    public const string Usb = "0000:00:14.0", Disk = "0000:02:00.0", Network = "0000:03:00.0";

    public static RecipeMachine Machine()
    {
        var machine = new RecipeMachine();
        machine.Tree
            .Pci(Usb, "0c0330", "8086:7ae0").Driver(Usb, "xhci_hcd", "xhci_pci").Group(2, Usb)
            .Pci(Disk, "010802", "144d:a808").Driver(Disk, "nvme", "nvme").Group(3, Disk)
            .Pci(Network, "020000", "8086:15f3").Driver(Network, "igc", "igc").Group(4, Network);
        return machine;
    }
}
