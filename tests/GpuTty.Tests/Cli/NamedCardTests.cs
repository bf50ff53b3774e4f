using System.Text.RegularExpressions;
using GpuTty.Cli;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Guests;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Tui;

namespace GpuTty.Tests.Cli;

/// <summary>With two cards: what is said about one is about that one when somebody types it.</summary>
public sealed partial class NamedCardTests
{
    private const string Configured = "0a:00", Other = "0b:00";

    [Theory]
    [InlineData("plan vm --card 0b:00 --end-sessions")]
    [InlineData("switch vm --card 0b:00 --end-sessions --dry-run --yes")]
    [InlineData("run -n --card 0b:00 --end-sessions -- true")]
    [InlineData("keep-off on --card 0b:00 --dry-run --yes")]
    public void On_twins_with_CARD_0a_00_what_a_look_at_0b_00_ends_with_means_0b_00(string line)
    {
        var said = WithOneConfigured().Run(line.Split(' '));
        Assert.Equal(ExitCodes.Done, said.Code);
        Assert.Equal([Other], Meant(said.Out));
    }

    [Theory]
    [InlineData("status")]
    [InlineData("doctor")]
    public void On_twins_with_CARD_0a_00_both_are_told_of_and_the_command_for_each_means_it(string command)
    {
        var said = WithOneConfigured().Run(command, "--json");
        var told = said.Json.GetProperty(command == "status" ? "next" : "answers").EnumerateArray().ToList();
        Assert.Equal(["0000:0a:00.0", "0000:0b:00.0"], told.Select(one => one.GetProperty("card").GetString()));
        Assert.All(told, one => Assert.Equal(
            [one.GetProperty("card").GetString()![5..10]], Meant(one.GetProperty("next_action").GetString() ?? "")));
        Assert.Equal([Configured, Other], Meant(WithOneConfigured().Run(command).Out).Distinct().Order());
    }

    [Fact]
    public void On_twins_no_remedy_about_0a_00_changes_0b_00_when_typed()
    {
        var host = Machines.Find("twins")!.Machine.Snapshot();
        var card = CardChoice.Find(host, Configured).Card!;
        var toVm = new SwitchIntent(card.Address, Direction.ToVm);
        Obstacle closing = new Obstacle.SessionsWouldEnd("fernando"), only = new Obstacle.OnlyCard(card, "Add another one");
        foreach (var text in (string[])
            [
                new Obstacle.PinUseless(card).Remedy,
                new Obstacle.RomUnderDriver(card.Display).Remedy,
                GuestCards.ForHook(closing, toVm).Remedy,
                GuestCards.ForHook(closing, toVm with { Direction = Direction.ToHost }).Remedy,
                GuestCards.ForHook(only, toVm).Remedy,
                only.RemedyForPlainMode(),
            ])
        {
            Assert.NotEmpty(Meant(text));
            Assert.All(Meant(text), meant => Assert.Equal(Configured, meant));
        }
    }

    [Fact]
    public void Where_several_cards_can_be_meant_pin_off_needs_none()
    {
        var kept = Gputty.On("kept-off");
        Assert.Equal(ExitCodes.Done, kept.Run("pin", "on", "--yes").Code);
        var host = Machines.Find("accelerators")!.Machine.Snapshot() with { Pinned = kept.Host.Machine.Snapshot().Pinned };
        Assert.IsType<Obstacle.SeveralCards>(CardChoice.Find(host, null).Obstacle);
        Assert.Equal(ExitCodes.Done, Gputty.On(host).Run("pin", "off", "--dry-run").Code);
        Assert.Equal(ExitCodes.Refused, Gputty.On(host).Run("keep-off", "off", "--dry-run").Code);
    }

    private static Gputty WithOneConfigured() => Gputty.On("twins").With(configured: ConfigTests.Config($"CARD={Configured}"));

    /// <summary>The slots of the cards that the commands in a text move, on twins with CARD configured.</summary>
    private static List<string> Meant(string text)
    {
        var host = Machines.Find("twins")!.Machine.Snapshot();
        return [.. Moves().Matches(text).Select(move => IntentLineTests.Typed(
            Gputty.Parse(host, move.Value.Split(' ')[1..]), host, ConfigTests.Config($"CARD={Other}")) is var other
            && IntentLineTests.Typed(Gputty.Parse(host, move.Value.Split(' ')[1..]), host, ConfigTests.Config($"CARD={Configured}"))
                is var configured && other.Address == configured.Address ? other.Address.SlotName : $"either: {move.Value}")];
    }

    [GeneratedRegex(@"gputty (?:switch (?:vm|host)|plan (?:vm|host)|run|keep-off on|pin on)(?: --?[a-z-]+(?: [0-9a-f:.]+)?)*(?: -- true)?")]
    private static partial Regex Moves();
}
