using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;

namespace GpuTty.Tests.Planning;

/// <summary>What has to be agreed to, told by one place for every machine.</summary>
public sealed class RequiredConsentsTests
{
    public static TheoryData<string> Names => [.. Machines.All.Select(machine => machine.Name)];

    [Theory]
    [InlineData("desktop", "01:00.0", true, false, false)]
    [InlineData("kept-off", "01:00.0", false, false, false)]
    [InlineData("stubborn", "01:00.0", true, true, false)]
    [InlineData("single", "0a:00.0", true, false, true)]
    public void A_card_needs_exactly_these(string machine, string card, bool sessions, bool holders, bool onlyCard)
    {
        var consents =
            RequiredConsents.For(Machines.Find(machine)!.Machine.Snapshot(), new SwitchIntent(PciAddress.Parse(card), Direction.ToVm));
        Assert.Equal((sessions, holders, onlyCard), (consents.Sessions, consents.Holders, consents.OnlyCard));
        Assert.IsType<PlanResult.Ready>(consents.Result);
        Assert.Empty(consents.Refused);
    }

    /// <summary>Each is needed, all together are enough, and what was agreed to already changes nothing about it.</summary>
    [Theory, MemberData(nameof(Names))]
    public void What_is_named_is_enough_and_none_of_it_too_much(string machine)
    {
        var host = Machines.Find(machine)!.Machine.Snapshot();
        foreach (var card in Card.FindAll(host))
            foreach (var direction in Enum.GetValues<Direction>())
            {
                var asked = new SwitchIntent(card.Address, direction);
                var consents = RequiredConsents.For(host, asked);
                Assert.Equal(consents.Refused.IsEmpty, consents.Result is not PlanResult.Blocked);
                Assert.Equal(consents.Sessions || consents.Holders || consents.OnlyCard, consents.IsMissing(asked));
                Assert.False(consents.IsMissing(consents.Agreed));
                var again = RequiredConsents.For(host, consents.Agreed);
                Assert.Equal((consents.Sessions, consents.Holders, consents.OnlyCard), (again.Sessions, again.Holders, again.OnlyCard));
                if (!consents.Refused.IsEmpty) continue;
                if (consents.Sessions)
                    Assert.IsType<PlanResult.Blocked>(SwitchPlanner.Plan(host, consents.Agreed with { EndSessions = false }));
                if (consents.Holders)
                    Assert.IsType<PlanResult.Blocked>(SwitchPlanner.Plan(host, consents.Agreed with { EndHolders = HolderConsent.Never }));
                if (consents.OnlyCard)
                    Assert.IsType<PlanResult.Blocked>(SwitchPlanner.Plan(host, consents.Agreed with { SingleGpu = false }));
            }
    }

    /// <summary>A line marked [!!] stands for a refusal: where one is shown, nothing goes on.</summary>
    [Theory, MemberData(nameof(Names))]
    public void A_check_that_fails_stops_the_plan(string machine)
    {
        var host = Machines.Find(machine)!.Machine.Snapshot();
        foreach (var card in Card.FindAll(host))
            foreach (var direction in Enum.GetValues<Direction>())
            {
                var agreed = RequiredConsents.For(host, new SwitchIntent(card.Address, direction));
                var failed = SwitchChecks.For(host, card, direction, agreed.OnlyCard).Where(check => check.Holds == false).ToList();
                Assert.True(
                    failed.Count == 0 || agreed.Result is PlanResult.Blocked or PlanResult.AlreadyThere,
                    $"{card} {direction}: {string.Join(", ", failed.Select(check => check.Finding))}");
            }
    }
}
