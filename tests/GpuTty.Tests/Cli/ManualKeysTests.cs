using GpuTty.Tests.Tui.Acceptance;

namespace GpuTty.Tests.Cli;

/// <summary>The manual page lists every key of every screen.</summary>
public sealed class ManualKeysTests
{
    [Fact]
    public void Every_key_is_in_the_manual_page()
    {
        var page = File.ReadAllText(Path.Combine(
            Path.GetDirectoryName(Here())!, "..", "..", "..", "src", "GpuTty", "man", "gputty.1")).Replace(
            "\\-", "-", StringComparison.Ordinal);
        var keys = page[page.IndexOf(".SH KEYS", StringComparison.Ordinal)..page.IndexOf(".SH OPTIONS", StringComparison.Ordinal)]
            .Split((char[])[' ', '\n', ',', '"'], StringSplitOptions.RemoveEmptyEntries)
            .ToHashSet();
        foreach (var play in Demo.Everywhere().Where(play => !play.Model.Top.TakesText))
            foreach (var binding in play.Model.Top.Keys(play.Model).Where(binding => binding.Label != "yes"))
                Assert.True(
                    keys.Contains(binding.Key.ToString()) || binding.Key.ToString() is "2" or "3" or "4" or "5",
                    $"{binding.Key} ({binding.Label}) on {play.Model.Top.Title} is not in the manual page.");
    }

    private static string Here([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path;
}
