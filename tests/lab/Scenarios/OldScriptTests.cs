using System.Diagnostics;
using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>The scripts that people paste today, replayed: what they cost, and what they leave behind.</summary>
public sealed class OldScriptTests : Scenario
{
    [LabFact]
    [Trait("Lab", "full")]
    public Task The_old_script_works_here_and_its_time_is_written_down() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        var toVm = await TimeAsync(machine, "old-script vm");
        await machine.Pci.AssertCardIsReadyForVmAsync();
        await machine.Desktop.WhenUpAsync();
        var toHost = await TimeAsync(machine, "old-script host");
        await machine.Pci.AssertCardIsHomeAsync();
        await machine.Desktop.WhenUpAsync();
        Figures.Write("old script, to the VM", toVm);
        Figures.Write("old script, to the host", toHost);
    });

    [LabFact]
    [Trait("Lab", "full")]
    public Task Remove_and_rescan_forgets_the_override_and_the_host_driver_is_back() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        await machine.Shell.DoAsync("modprobe vfio-pci");
        Figures.Write("old script, remove and rescan", await TimeAsync(machine, "old-script rescan"));
        await machine.Pci.AssertCardIsHomeAsync();
        var groups = $"{await machine.Pci.GroupOfAsync(Pci.Card)} and {await machine.Pci.GroupOfAsync(Pci.CardSound)}";
        Figures.Write($"groups of the card and its sound after the rescan: {groups}");
    });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task Gputty_and_the_old_script_are_timed_in_the_same_boot() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        foreach (var direction in (string[])["vm", "host"])
        {
            var told = await machine.Gputty.ExpectAsync(0, $"switch {direction} --card {Pci.Card} --yes --end-sessions");
            await machine.Desktop.WhenUpAsync();
            Figures.Write($"gputty switch {direction}, step by step as its journal has it:\n{told}");
        }
        foreach (var direction in (string[])["vm", "host"])
        {
            Figures.Write($"old script, to the {direction}, same boot", await TimeAsync(machine, $"old-script {direction}"));
            await machine.Desktop.WhenUpAsync();
        }
        await machine.Pci.AssertCardIsHomeAsync();
    });

    private static async Task<TimeSpan> TimeAsync(Machine machine, string script)
    {
        var clock = Stopwatch.StartNew();
        await machine.Shell.DoAsync(script);
        return clock.Elapsed;
    }
}
