namespace GpuTty.Lab.Driver;

/// <summary>The program's screen on a text console, driven with keys; every key waits until its screen is there.</summary>
public sealed class GputtyScreen(Vt console)
{
    public Vt Console => console;

    /// <summary>Brings the selection to the card by filtering for its address.</summary>
    public async Task SelectAsync(string shortAddress = "01:00.0")
    {
        await console.TypeAsync("1/");
        await console.TypeAsync(shortAddress);
        await console.WaitForAsync($"Who holds {shortAddress[..5]}");
        await console.TypeAsync("\n");
    }

    /// <summary>
    /// The wizard from the overview to the last yes, 'v' to the VM or 'h' to the host.
    /// <paramref name="look"/> may take pictures; it is given the page's name.
    /// </summary>
    /// <param name="endHolders">Programs and services that hold the card are ended, too.</param>
    public async Task WalkAsync(char direction, bool closeSessions, Func<string, Task>? look = null, bool endHolders = false)
    {
        await console.TypeAsync(direction.ToString());
        // The first page on which something has to be read or decided.
        var first = await console.WaitForAsync("a page of the wizard", screen => Enumerable.Range(2, 3).Any(step => IsAt(screen, step)));
        if (IsAt(first, 2))
        {
            // What has only just ended, a virtual machine say, is seen a moment later.
            await console.WaitForAsync(
                "checks that let the switch pass", screen => !screen.Text.Contains("[!!]", StringComparison.Ordinal));
            await console.TypeAsync("\n");
        }
        if (direction == 'h' || closeSessions)
        {
            await PageAsync(3, "holders");
            if (look is not null) await LookBackAsync();
            // On the way back to the host the program asks what the card is for.
            if (direction == 'h') await TickAsync("m", "monitors plugged");
            if (closeSessions) await TickAsync("S", "close ");
            if (endHolders) await TickAsync("e", "ask the other programs");
            await console.TypeAsync("\n");
        }
        await PageAsync(4, "plan");
        await console.TypeAsync("\n");
        await console.WaitForAsync("Go ahead");
        if (look is not null) await look("confirm");
        await console.TypeAsync("y");

        async Task TickAsync(string key, string row)
        {
            await console.TypeAsync(key);
            await console.WaitForAsync($"a tick before '{row}'", screen => screen.Lines.Any(line =>
                (line.Contains("[x]", StringComparison.Ordinal) || line.Contains("(x)", StringComparison.Ordinal))
                && line.Contains(row, StringComparison.Ordinal)));
        }

        async Task PageAsync(int step, string name)
        {
            await console.WaitForAsync($"step {step} of the wizard", screen => IsAt(screen, step));
            if (look is not null) await look(name);
        }

        async Task LookBackAsync()
        {
            await console.TypeAsync("\e");
            await PageAsync(2, "checks");
            await console.TypeAsync("\n");
            await console.WaitForAsync("step 3 of the wizard", screen => IsAt(screen, 3));
        }

        static bool IsAt(VtScreen screen, int step) =>
            screen.Text.Contains($"step {step}", StringComparison.OrdinalIgnoreCase)
            || screen.Text.Contains($"[> ] {step}", StringComparison.Ordinal);
    }

    /// <summary>Waits for the screen that tells how a run ended.</summary>
    public Task<VtScreen> WaitForResultAsync() => console.WaitForAsync("As the machine shows it", Gputty.Patience);
}
