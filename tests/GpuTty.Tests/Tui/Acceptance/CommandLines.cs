using System.Text.Json;
using GpuTty.Cli;
using GpuTty.Tests.Cli;

namespace GpuTty.Tests.Tui.Acceptance;

/// <summary>Lines C1 to C4 of the acceptance list: what the commands keep while the screens change.</summary>
public sealed class CommandLines
{
    [Fact]
    public void UxC1_data_and_words_are_apart_and_every_refusal_has_a_next_action()
    {
        var refused = Gputty.On("no-iommu").Run("switch", "vm", "--card", "01:00", "--yes");
        Assert.Equal(ExitCodes.Refused, refused.Code);
        Assert.Contains("VT-d", refused.Error, StringComparison.Ordinal);
        var plan = Gputty.On("kept-off").Run("plan", "vm");
        Assert.Equal(ExitCodes.Done, plan.Code);
        Assert.Contains("Unload module", plan.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.NeedsRoot, Gputty.On("kept-off").With(isRoot: false).Run("switch", "vm", "--yes").Code);
        Assert.Equal(ExitCodes.Usage, Gputty.On("desktop").Run("switch", "up").Code);
    }

    [Theory]
    [InlineData("status --json")]
    [InlineData("devices --json")]
    [InlineData("groups --json")]
    [InlineData("holders --json")]
    [InlineData("doctor --json")]
    [InlineData("plan vm --json")]
    [InlineData("keep-off status --json")]
    [InlineData("pin status --json")]
    [InlineData("switch vm --dry-run --json")]
    public void UxC2_every_document_is_json_with_its_schema_for_refusals_too(string line)
    {
        foreach (var machine in (string[])["desktop", "no-iommu", "single"])
            Assert.Equal(
                GpuTty.Cli.Json.JsonText.Schema,
                JsonDocument.Parse(Gputty.On(machine).Run(line.Split(' ')).Out).RootElement.GetProperty("schema").GetInt32());
    }

    [Fact]
    public void UxC3_slips_are_answered_with_what_was_meant_and_wrong_addresses_are_named()
    {
        Assert.Contains("Did you mean: gputty status", Gputty.On("desktop").Run("statsu").Error, StringComparison.Ordinal);
        Assert.Contains("See: gputty plan --help", Gputty.On("desktop").Run("plan", "vm", "--bogus").Error, StringComparison.Ordinal);
        Assert.Contains("77:00", Gputty.On("desktop").Run("plan", "vm", "--card", "77:00").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void UxC4_without_a_terminal_nothing_is_asked() =>
        Assert.Contains(
            "Add --yes to agree, or --dry-run to see the plan.",
            Gputty.On("kept-off").Run("switch", "vm").Error,
            StringComparison.Ordinal);
}
