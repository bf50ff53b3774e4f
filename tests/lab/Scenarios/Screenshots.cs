using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>Takes the pictures of the README from a real console; tests/lab/screenshots.sh says where they go.</summary>
public sealed class Screenshots : Scenario
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("GPUTTY_LAB_SCREENSHOTS");

    [ProgramFact]
    public Task The_pictures_of_a_whole_switch() => Folder is not { } folder ? Task.CompletedTask : PlayAsync(Hardware.TwoGpus, async machine =>
    {
        var screen = await machine.Gputty.OpenAsync();
        await TakeAsync("overview");
        await screen.SelectAsync();
        await screen.WalkAsync('v', closeSessions: true, page => TakeAsync($"wizard-{page}"));
        await screen.Console.WaitForAsync("[ok] Aim 01:00.1");
        await TakeAsync("running");
        await screen.WaitForResultAsync();
        await machine.Gputty.WhenWorkerIsGoneAsync();
        await machine.Desktop.WhenUpAsync();
        await screen.Console.ShowAsync();
        await TakeAsync("result");

        async Task TakeAsync(string name) => (await machine.Monitor.LookAsync()).SavePng(Path.Combine(folder, $"{name}.png"));
    });
}
