using GpuTty.Host;
using GpuTty.Linux;

namespace GpuTty.Tests.Linux;

public sealed class HomeStoreTests : StateFixture
{
    [Fact]
    public void Two_cards_are_remembered_and_forgotten_apart()
    {
        var home = new HomeStore(State.Run);
        Assert.Equal(HomeMemory.Nothing, home.Read());

        home.Remember(Samples.Home("01:00.0"));
        home.Remember(Samples.Home("02:00.0"));
        home.Remember(Samples.Home("01:00.0", "nouveau"));

        var both = new HomeStore(State.Run).Read();
        Assert.Equal(2, both.Devices.Length);
        Assert.Equal("nouveau", both.Devices.Single(d => d.Address == PciAddress.Parse("01:00.0")).Driver);

        home.Forget(Samples.Home("01:00.0", "nouveau"));
        Assert.Equal(Samples.Home("02:00.0"), new HomeStore(State.Run).Read());
    }

    [Fact]
    public void What_a_card_is_for_stays_when_it_comes_home_and_older_files_know_nothing_of_it()
    {
        var home = new HomeStore(State.Run);
        var use = new CardUse(PciAddress.Parse("01:00.0"), new PciId(0x10de, 0x2684), DesktopUse.Allowed);
        home.Remember(Samples.Home("01:00.0"));
        home.Remember(HomeMemory.Nothing with { Uses = [use] });
        home.Forget(home.Read() with { Uses = [] });
        Assert.Equal(HomeMemory.Nothing with { Uses = [use] }, new HomeStore(State.Run).Read());
        home.Remember(HomeMemory.Nothing with { Uses = [use with { Use = DesktopUse.KeptOff }] });
        Assert.Equal(DesktopUse.KeptOff, Assert.Single(home.Read().Uses).Use);

        State.Run.Replace("home.json", """{"devices":[],"modules":[],"units":[]}"""u8);
        Assert.Equal(HomeMemory.Nothing, home.Read());
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_named()
    {
        State.Run.Replace("home.json", "{"u8);

        var refused = Assert.Throws<HostException>(() => new HomeStore(State.Run).Read());
        Assert.Contains("home.json", refused.Remedy, StringComparison.Ordinal);
        Assert.Equal(HomeMemory.Nothing, new HomeStore(State.Run).ReadOrNothing());
    }
}
