using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>Takes the pictures of the README from a real console; tests/lab/screenshots.sh says where they go.</summary>
public sealed class Screenshots : Scenario
{
    private const string Neighbour = "ollama";
    private static readonly string? s_folder = Environment.GetEnvironmentVariable("GPUTTY_LAB_SCREENSHOTS");

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task The_pictures_of_a_whole_switch() => s_folder is null ? Task.CompletedTask : PlayAsync(Hardware.TwoGpus, async machine =>
    {
        var screen = await machine.Gputty.OpenAsync();
        var console = screen.Console;
        await TakeAsync(console, machine, "overview");
        await VisitAsync("2", "groups");
        await VisitAsync("4", "holders");
        await console.TypeAsync("1?");
        await console.WaitForAsync("/ searches");
        await TakeAsync(console, machine, "help");
        await console.TypeAsync("\e");
        // Esc and a letter right after it are one key: Alt and that letter.
        await console.WaitForAsync("the help to be gone", now => !now.Text.Contains("/ searches", StringComparison.Ordinal));

        await screen.SelectAsync();
        // Somebody comes in the way while the switch has begun, and is stopped from the screen.
        await machine.Holders.StartAsync(Neighbour, "race", $"{await machine.Holders.CardNodeAsync(Pci.Card)} driver_override");
        await screen.WalkAsync('v', closeSessions: true, page => TakeAsync(console, machine, $"wizard-{page}"));
        await console.WaitForAsync($"x stop {Neighbour}.service", Gputty.Patience);
        await TakeAsync(console, machine, "running");
        await console.TypeAsync("x");
        await screen.WaitForResultAsync();
        await machine.Gputty.WhenWorkerIsGoneAsync();
        await machine.Desktop.WhenUpAsync();
        await console.ShowAsync();
        await TakeAsync(console, machine, "result");
        await console.TypeAsync("q");

        var viewer = await machine.Gputty.BeginUntilDesktopIsDownAsync($"switch host --card {Pci.Card} --yes --end-sessions");
        await machine.Shell.DoAsync($"systemctl kill --kill-whom=main -s KILL {Gputty.Worker}");
        await machine.Gputty.WhenWorkerIsGoneAsync();
        await viewer;
        await machine.Desktop.WhenUpAsync();
        await console.ShowAsync();
        await console.CommandAsync("gputty");
        await console.WaitForAsync("A switch was interrupted", Gputty.Patience);
        await TakeAsync(console, machine, "recovery");

        async Task VisitAsync(string panel, string name)
        {
            var before = await console.ReadAsync();
            await console.TypeAsync(panel);
            await console.WaitForAsync(
                $"the cursor to be in panel {panel}",
                now => (now.CursorColumn, now.CursorRow) != (before.CursorColumn, before.CursorRow));
            await TakeAsync(console, machine, name);
        }
    });

    /// <summary>A picture comes a moment after the text it shows: taken again until every letter is on it.</summary>
    private static async Task TakeAsync(Vt console, Machine machine, string name) =>
        await Wait.ForAsync($"the picture of {name} to show its text", async () =>
        {
            var (text, picture) = (await console.ReadAsync(), await machine.Monitor.LookAsync());
            var isWhole = text.Lines.Select((line, row) => (line, row)).All(at => at.line.Select((letter, column) => (letter, column))
                .All(cell => cell.letter == ' ' || picture.IsLitAt(cell.column, at.row, text.Columns, text.Rows)));
            if (isWhole) picture.SavePng(Path.Combine(s_folder!, $"{name}.png"));
            return isWhole;
        });
}
