using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>A switch that has to be kept by somebody, for those who may have lost their screen.</summary>
public sealed class ConfirmTests : Scenario
{
    [ProgramFact]
    public Task Nobody_answers_and_the_card_and_the_desktop_come_back_by_themselves() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        var said = await machine.Gputty.ExpectAsync(3, $"{ToVm} --confirm-within 5");
        Assert.Contains("Not confirmed within 5 seconds", said);
        await machine.Pci.AssertCardIsHomeAsync();
        await machine.Desktop.AssertUsableAsync();
        await machine.Gputty.ExpectAsync(2, "confirm");
    });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task Somebody_answers_from_another_console_and_the_switch_stays() => PlayAsync(Hardware.TwoGpus, async machine =>
    {
        var viewer = machine.Gputty.RunAsync($"{ToVm} --confirm-within 200");
        await machine.Shell.UntilAsync("the question", "gputty confirm", Gputty.Patience);
        var ended = await viewer;
        Assert.True(ended.Status == 0, ended.Output);
        await machine.Pci.AssertCardIsReadyForVmAsync();
        await machine.Desktop.AssertUsableAsync();
    });
}
