using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace GpuTty.Lab.Driver;

/// <summary>What a text console shows.</summary>
public sealed partial record VtScreen(int Columns, int Rows, int CursorColumn, int CursorRow, IReadOnlyList<string> Lines)
{
    public string Text => string.Join('\n', Lines.Select(line => line.TrimEnd())).TrimEnd();

    /// <summary>The kernel's own lines on a console begin with a time in brackets; those in the program's log pane do not.</summary>
    [GeneratedRegex(@"\[ *\d+\.\d{6}\]")]
    public static partial Regex KernelLine();
}

/// <summary>A text console of the guest: read through /dev/vcsu and /dev/vcsa, typed at with real key presses.</summary>
public sealed class Vt(Machine machine, int number)
{
    /// <summary>The desktop's user and his password, as image/basics.sh has made him.</summary>
    private const string User = "user";
    private const string Password = "lab";

    /// <summary>How long somebody waits before he presses the keys again: a compositor that has just been woken can miss them.</summary>
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Ctrl+Alt+Fn, and waits until the kernel agrees. GNOME 48 does not hear the chord in a session that has begun while another console
    /// was in front (seen with a display manager restarted by hand, too): there logind switches, as <c>loginctl activate</c> has it do.
    /// </summary>
    public async Task ShowAsync()
    {
        const int enough = 4;
        var since = Stopwatch.StartNew();
        var presses = 1;
        await machine.Monitor.PressAsync("ctrl", "alt", $"f{number}");
        await Wait.ForAsync($"tty{number} to be in front", async () =>
        {
            if ((await machine.Shell.RunAsync($"grep -qx tty{number} /sys/class/tty/tty0/active")).Status == 0) return true;
            if (since.Elapsed < presses * s_again) return false;
            presses++;
            if (presses <= enough) await machine.Monitor.PressAsync("ctrl", "alt", $"f{number}");
            else await machine.Shell.DoAsync(
                $"busctl call org.freedesktop.login1 /org/freedesktop/login1/seat/seat0 org.freedesktop.login1.Seat SwitchTo u {number}");
            return false;
        });
    }

    public async Task<VtScreen> ReadAsync()
    {
        // One look for both, so that size and text belong together as well as they can.
        var both = (await machine.Shell.DoAsync($"look {number}")).Split('\n').Select(Convert.FromHexString).ToArray();
        var (head, text) = (both[0], both[1]);
        int rows = head[0], columns = head[1];
        var lines = Enumerable.Range(0, Math.Min(rows, text.Length / 4 / columns))
            .Select(row => Encoding.UTF32.GetString(text, row * columns * 4, columns * 4)).ToArray();
        return new VtScreen(columns, rows, head[2], head[3], lines);
    }

    /// <summary>Waits until the text is on the screen, and gives that screen.</summary>
    public Task<VtScreen> WaitForAsync(string text, TimeSpan? limit = null) =>
        WaitForAsync($"'{text}' on tty{number}", screen => screen.Text.Contains(text, StringComparison.Ordinal), limit);

    public Task<VtScreen> WaitForAsync(string what, Func<VtScreen, bool> seen, TimeSpan? limit = null) =>
        WaitForAsync(what, screen => Task.FromResult(seen(screen)), limit);

    private async Task<VtScreen> WaitForAsync(string what, Func<VtScreen, Task<bool>> seenAsync, TimeSpan? limit = null)
    {
        VtScreen? last = null;
        return await Wait.ForAsync(what, async () =>
        {
            last = await ReadAsync();
            return await seenAsync(last) ? last : null;
        }, () => $"It shows:\n{last?.Text}", limit);
    }

    /// <summary>Types while this console is in front.</summary>
    public Task TypeAsync(string text) => machine.Monitor.TypeAsync(text);

    /// <summary>Logs the desktop's user in at this console, which is in front, and waits for his shell.</summary>
    public async Task LogInAsync()
    {
        await WaitForAsync("login:");
        await TypeAsync($"{User}\n");
        await WaitForAsync("Password:");
        await TypeAsync($"{Password}\n");
        await WaitForAsync($"the prompt of {User} on tty{number}", screen => screen.Lines[screen.CursorRow].TrimEnd().EndsWith('$'));
    }

    /// <summary>Logs root in at this console, which is in front; the image gives root no password.</summary>
    public async Task LogRootInAsync()
    {
        await WaitForAsync("login:");
        await TypeAsync("root\n");
        await WaitForAsync($"the prompt of root on tty{number}", screen => screen.Lines[screen.CursorRow].TrimEnd().EndsWith('#'));
    }

    /// <summary>Runs a command as root: the first sudo of a login asks for the user's password.</summary>
    public async Task SudoAsync(string command)
    {
        await CommandAsync($"sudo {command}");
        await WaitForAsync($"password for {User}");
        await TypeAsync($"{Password}\n");
    }

    /// <summary>
    /// Types a command line at a shell's prompt, sees it echoed whole, and only then presses Enter. A line of the kernel can fall into
    /// the echo: then the shell is asked to draw its line again.
    /// </summary>
    public async Task CommandAsync(string line)
    {
        await TypeAsync(line);
        await WaitForAsync($"the typed line on tty{number}", async screen =>
        {
            if (screen.Lines[screen.CursorRow].TrimEnd().EndsWith(line, StringComparison.Ordinal)) return true;
            if (VtScreen.KernelLine().IsMatch(screen.Text)) await machine.Monitor.PressAsync("ctrl", "l");
            return false;
        });
        await machine.Monitor.PressAsync("ret");
    }
}
