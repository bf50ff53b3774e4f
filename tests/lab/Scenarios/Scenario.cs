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

    /// <summary>Real lines and not ASCII; a line of the kernel is in the log and not across the picture, which is kept.</summary>
    /// <param name="line">What the kernel logs: a line that the log does not show yet.</param>
    /// <param name="picture">Name of its file.</param>
    protected static async Task AssertConsoleIsWholeAsync(Machine machine, Vt console, string line, string picture)
    {
        Assert.Contains('│', (await console.ReadAsync()).Text);
        await machine.Shell.DoAsync($"echo '<3>{line}' >/dev/kmsg");
        var seen = await console.WaitForAsync($"(from a program) {line}");
        Assert.DoesNotMatch(VtScreen.KernelLine(), seen.Text);
        (await machine.Monitor.LookAsync()).SavePng(Path.Combine(LabHost.Artifacts, $"{picture}-{machine.Guest.Suite}.png"));
    }

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
