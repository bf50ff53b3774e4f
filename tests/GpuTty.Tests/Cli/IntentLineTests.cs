using System.Collections.Immutable;
using System.CommandLine;
using GpuTty.Cli;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;

namespace GpuTty.Tests.Cli;

/// <summary>What is printed for people to type is what they were shown.</summary>
public sealed class IntentLineTests
{
    public static TheoryData<string> Names => [.. Machines.All.Select(machine => machine.Name)];

    [Theory, MemberData(nameof(Names))]
    public void A_printed_command_means_the_intent_that_it_was_printed_for(string machine)
    {
        var host = Machines.Find(machine)!.Machine.Snapshot();
        Assert.True(Tried(host, Configuration.Empty) > 2000 || Card.FindAll(host).IsEmpty, "only few intents were tried");
    }

    [Theory]
    [InlineData("0a:00")]
    [InlineData("0b:00")]
    public void It_does_so_whichever_card_is_configured(string card) =>
        Assert.True(Tried(Machines.Find("twins")!.Machine.Snapshot(), ConfigTests.Config($"CARD={card}")) > 2000);

    private static int Tried(HostSnapshot host, Configuration configured)
    {
        var printed = 0;
        foreach (var card in Card.FindAll(host))
            foreach (var intent in Intents(card.Address))
                foreach (var move in (string[])["switch", "plan"])
                {
                    var line = IntentLine.Print(host, intent, configured, move);
                    var parse = Gputty.Parse(host, line.Split(' ')[1..]);
                    Assert.True(parse.Errors.Count == 0, $"{line}: {string.Join(' ', parse.Errors.Select(error => error.Message))}");
                    var again = Again(parse, host, intent, configured);
                    Assert.Equal(WithoutLists(intent), WithoutLists(again));
                    Assert.Equal(intent.PendingRestarts.AsEnumerable(), again.PendingRestarts);
                    Assert.Equal(intent.Restores.AsEnumerable(), again.Restores);
                    printed++;
                }
        return printed;
    }

    /// <summary>The card is one, and what is only configured is no part of a line.</summary>
    [Fact]
    public void Every_part_of_an_intent_is_among_those_that_are_tried()
    {
        var all = Intents(Machines.Card).ToList();
        Assert.All(typeof(SwitchIntent).GetProperties().Where(property => property.CanWrite), property =>
            Assert.True(
                all.Select(property.GetValue).Distinct().Count() > 1
                    || property.Name is nameof(SwitchIntent.Card)
                        or nameof(SwitchIntent.LeavesNvidiaStopped)
                        or nameof(SwitchIntent.VfioOwner)
                        or nameof(SwitchIntent.Tuning),
                $"{property.Name} is the same in all of them"));
        Assert.Equal(Enum.GetValues<Direction>(), all.Select(intent => intent.Direction).Distinct().Order());
    }

    private static SwitchIntent WithoutLists(SwitchIntent intent) => intent with { PendingRestarts = [], Restores = [] };

    /// <summary>The commands that go on with a recorded run get it from the journal; all else is in the line.</summary>
    private static SwitchIntent Again(ParseResult parse, HostSnapshot host, SwitchIntent intent, Configuration configured)
    {
        if (parse.CommandResult.Command.Name is "undo" or "resume")
            return IntentLine.Parse(
                parse,
                intent with { EndSessions = false, EndHolders = HolderConsent.Never, SingleGpu = false, ConfirmWithin = null });
        // Which card it is has been typed, but which of its functions is stuck the machine tells.
        if (parse.CommandResult.Command.Name == "rescan") return IntentLine.Parse(parse, intent.Card);
        return IntentLine.Parse(
            parse,
            parse.CommandResult.Command.Name == "clear-override" ? PciAddress.Parse(parse.GetValue<string>("ADDRESS")!)
                : Typed(parse, host, configured).Address);
    }

    internal static Card Typed(ParseResult parse, HostSnapshot host, Configuration configured) =>
        (parse.GetValue<string?>("--card") is { } typed ? CardChoice.Find(host, typed) : ConfiguredCard.Find(host, configured)).Card!;

    /// <summary>All that a command line or a screen can ask for.</summary>
    private static IEnumerable<SwitchIntent> Intents(PciAddress card) =>
        from direction in Enum.GetValues<Direction>()
        let isMove = direction is Direction.ToVm or Direction.ToHost
        let isSeat = direction is Direction.HideFromSeat or Direction.AllowDesktop
        from goesOn in (bool?[])[null, false, true]
        where goesOn != null || direction != Direction.SetOverride
        let all = isMove || goesOn != null
        from sessions in all || isSeat ? (bool[])[false, true] : [false]
        from holders in all ? Enum.GetValues<HolderConsent>() : [HolderConsent.Never]
        from use in goesOn != null
            ? [DesktopAccess.Unchanged]
            : isMove
            ? Enum.GetValues<DesktopAccess>()
            : direction is Direction.ClearOverride or Direction.Rescan
            ? [DesktopAccess.Unchanged]
            : [DesktopAccess.Unchanged, DesktopAccess.HiddenPermanently]
        from within in all ? (int?[])[null, 5, 60, 3600] : [null]
        from only in all ? (bool[])[false, true] : [false]
        select new SwitchIntent(card, direction, sessions, holders)
        {
            Desktop = use,
            ConfirmWithin = within is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            SingleGpu = only,
            // Each with one of the others is enough.
            ResetMethod = direction == Direction.ToVm && only ? "flr" : null,
            SaveFirmware = direction == Direction.ToVm && sessions ? "/root/card.rom" : null,
            IsUndo = goesOn == true,
            PendingRestarts = goesOn == false ? [new UnitName("gdm.service")] : [],
            Restores = goesOn == true ? s_restores : [],
        };

    private static readonly ImmutableArray<Step> s_restores = [new SetDriverOverride(Machines.Card, null, "vfio-pci")];
}
