using System.Runtime.CompilerServices;
using GpuTty.Lab.Driver;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace GpuTty.Lab.Scenarios;

/// <summary>A story on a machine of its own. When it goes wrong, pictures and logs stay in artifacts/.</summary>
public abstract class Scenario
{
    /// <summary>There and home on a desktop restart, with everything agreed to beforehand.</summary>
    protected const string ToVm = $"switch vm --card {Pci.Card} --yes --end-sessions";
    protected const string ToHost = $"switch host --card {Pci.Card} --yes --end-sessions";

    /// <summary>The desktop is up, the helpers and the program are installed, nothing has happened yet.</summary>
    protected Task PlayAsync(Hardware hardware, Func<Machine, Task> story, [CallerMemberName] string name = "") =>
        PlayAsync(hardware.Guest, () => Machine.StartAsync(hardware), story, name);

    /// <summary>The same from the firmware on, for what depends on a real boot.</summary>
    protected Task BootAsync(Hardware hardware, Func<Machine, Task> story, [CallerMemberName] string name = "") =>
        PlayAsync(hardware.Guest, () => Machine.BootAsync(hardware), story, name);

    private async Task PlayAsync(Guest guest, Func<Task<Machine>> start, Func<Machine, Task> story, string name)
    {
        var facts = (await File.ReadAllTextAsync(Path.Combine(await LabHost.ImageAsync(guest), "facts"))).TrimEnd();
        var passed = false;
        try
        {
            await PlayAsync(start, story, name);
            passed = true;
        }
        finally
        {
            Figures.Played(facts, passed);
        }
    }

    private async Task PlayAsync(Func<Task<Machine>> start, Func<Machine, Task> story, string name)
    {
        using var machine = await start();
        try
        {
            await story(machine);
            if (Environment.GetEnvironmentVariable("GPUTTY_LAB_TRACES") == "1") await machine.LeaveTracesAsync($"{GetType().Name}.{name}");
        }
        catch (Exception failure)
        {
            var traces = await machine.LeaveTracesAsync($"{GetType().Name}.{name}");
            throw new LabException($"{failure.Message}\nPictures and logs: {traces}", failure);
        }
    }
}
