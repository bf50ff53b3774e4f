using GpuTty.Cli;
using GpuTty.Host.Settings;
using GpuTty.Simulation;

namespace GpuTty.Tests.Cli;

/// <summary>What is configured is what commands do where nothing is typed.</summary>
public sealed class ConfigTests
{
    [Fact]
    public void The_configured_card_is_meant_and_a_typed_one_counts_more()
    {
        Assert.Equal("0000:0b:00.0", CardOf(Gputty.On("twins").Run("plan", "vm", "--json")));
        Assert.Equal("0000:0a:00.0", CardOf(On("twins", "CARD=0a:00").Run("plan", "vm", "--json")));
        Assert.Equal("0000:0b:00.0", CardOf(On("twins", "CARD=0a:00").Run("plan", "vm", "--card", "0b:00", "--json")));
        static string? CardOf(Said said) => said.Json.GetProperty("card").GetString();
    }

    [Theory]
    [InlineData("CARD=99:00", "CARD in /etc/gputty.conf:1 names no card of this machine: There is no PCI device at 99:00.")]
    [InlineData("GPU_PCI_ID=0000:00:1f.9", "The value of GPU_PCI_ID in /etc/gputty.conf:1 is not an address")]
    [InlineData("CARD=10de:ffff", "CARD in /etc/gputty.conf:1 names no card of this machine: There is no PCI device at 10de:ffff.")]
    [InlineData(
        "CARD=01:00\nGPU_AUDIO_PCI_ID=00:1f.3",
        "GPU_AUDIO_PCI_ID in /etc/gputty.conf:2 names no card of this machine: 0000:00:1f.3 does not belong to 01:00.")]
    public void A_configured_card_that_is_not_there_is_refused_and_no_other_is_taken(string text, string problem)
    {
        foreach (var line in (string[])["plan vm", "switch vm --yes", "keep-off on --yes", "config check"])
        {
            var said = On("desktop", text).Run(line.Split(' '));
            Assert.Equal(ExitCodes.Refused, said.Code);
            Assert.Contains(problem, line == "config check" ? said.Out : said.Error, StringComparison.Ordinal);
        }
        Assert.Equal(ExitCodes.Done, On("desktop", text).Run("status").Code);
    }

    [Fact]
    public void A_model_that_only_one_card_is_names_that_card()
    {
        var ids = GpuTty.Host.Pci.Card.FindAll(Gputty.On("desktop").Host.Machine.Snapshot())[^1].Display.Id;
        Assert.Equal(ExitCodes.Done, On("desktop", $"CARD={ids}").Run("plan", "vm", "--end-sessions").Code);
    }

    [Fact]
    public void Configured_consent_to_end_programs_counts_and_a_typed_no_counts_more()
    {
        var machine = Machines.All.Select(one => one.Name).First(name =>
            Gputty.On(name).Run("plan", "vm", "--end-sessions").Error.Contains("--end-holders term", StringComparison.Ordinal)
            && Gputty.On(name).Run("plan", "vm", "--end-sessions", "--end-holders", "term").Code == ExitCodes.Done);
        Assert.Equal(ExitCodes.Done, On(machine, "END_HOLDERS=term").Run("plan", "vm", "--end-sessions").Code);
        Assert.Equal(ExitCodes.Refused, On(machine, "END_HOLDERS=term").Run("plan", "vm", "--end-sessions", "--end-holders", "never").Code);
    }

    [Fact]
    public void A_card_for_computing_comes_home_without_a_logout()
    {
        var gputty = On("desktop", "CARD_FOR=compute");
        Assert.Equal(ExitCodes.Done, gputty.Run("switch", "vm", "--yes", "--end-sessions").Code);
        var said = gputty.Run("plan", "host", "--json");
        Assert.Equal("none", said.Json.GetProperty("desktop_impact").GetString());
        Assert.Equal(
            "restart",
            gputty
                .With(configured: Configuration.Empty)
                .Run("plan", "host", "--end-sessions", "--json").Json
                .GetProperty("desktop_impact")
                .GetString());
    }

    [Fact]
    public void The_persistence_service_stays_stopped_where_that_is_configured()
    {
        var machine = Machines.All.Select(one => one.Name).First(name =>
            Gputty.On(name).Host.Machine.Snapshot().Units.Any(unit => unit.Name.Name == "nvidia-persistenced.service" && unit.IsActive)
            && Gputty.On(name).Run("plan", "vm", "--end-sessions", "--end-holders", "kill").Code == ExitCodes.Done);
        var gputty = Gputty.On(machine);
        Assert.Equal(ExitCodes.Done, gputty.Run("switch", "vm", "--yes", "--end-sessions", "--end-holders", "kill").Code);
        Assert.Contains("nvidia-persistenced", gputty.Run("plan", "host", "--end-sessions").Out, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "Start nvidia-persistenced",
            gputty.With(configured: Config("NVIDIA_RESTART=false")).Run("plan", "host", "--end-sessions").Out,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Every_key_is_printed_with_its_place()
    {
        var said = On("desktop", "GPU_PCI_ID=01:00\nAFTER_WM=keep").Run("config");
        Assert.Equal(ExitCodes.Done, said.Code);
        Assert.All(ConfigurationKey.All, key => Assert.Contains(key.Name, said.Out, StringComparison.Ordinal));
        Assert.Contains("/etc/gputty.conf:1 (GPU_PCI_ID)", said.Out, StringComparison.Ordinal);
        Assert.Contains("Did you mean AFTER_VM?", said.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_check_without_findings_says_so() =>
        Assert.Equal("ok Nothing is wrong with the configuration.\n", On("desktop", "CARD=01:00").Run("config", "check").Out);

    internal static Configuration Config(string text) =>
        Configuration.Of([new ConfigurationFile(ConfigurationSource.System, "/etc/gputty.conf", text)], new Dictionary<string, string>());

    private static Gputty On(string machine, string text) => Gputty.On(machine).With(configured: Config(text));
}
