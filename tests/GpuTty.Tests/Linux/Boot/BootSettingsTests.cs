using GpuTty.Host;
using GpuTty.Host.Boot;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux.Boot;
using GpuTty.Linux.Worker;
using GpuTty.Simulation;
using GpuTty.Switching;
using GpuTty.Tests.Linux.State;

namespace GpuTty.Tests.Linux.Boot;

/// <summary>What is chosen for the next start is there whole, or not at all.</summary>
public sealed class BootSettingsTests : StateFixture
{
    private static readonly BootChoice s_choice =
        BootChoice.For(Card.FindAll(Machines.Find("desktop")!.Machine.Snapshot())[0], isOnce: false);

    /// <summary>As on NixOS, where nobody writes to /etc/systemd/system.</summary>
    [Fact]
    public void A_choice_that_cannot_be_written_whole_leaves_no_rule_that_gives_the_card_away_at_the_next_start()
    {
        Directory.CreateDirectory($"{Root}/etc");
        File.WriteAllText($"{Root}/etc/systemd", "");
        var settings = Settings();

        Assert.Throws<HostException>(() => settings.Keep(_ => new BootChoices([s_choice])));

        Assert.Empty(settings.Choices().Cards);
        Assert.False(Directory.Exists($"{Root}/etc/udev/rules.d") && Directory.GetFiles($"{Root}/etc/udev/rules.d").Length > 0);
    }

    [Fact]
    public void While_one_choice_is_written_another_waits_its_turn_and_none_is_lost()
    {
        Directory.CreateDirectory($"{Root}/etc/systemd/system");
        var other = BootChoice.For(Card.FindAll(Machines.Find("twins")!.Machine.Snapshot())[1], isOnce: false);
        Settings().Keep(all =>
        {
            Assert.Throws<AlreadyRunningException>(() => Settings().Keep(now => now.With(other)));
            return all.With(s_choice);
        });
        Settings().Keep(all => all.With(other));
        Assert.Equal([s_choice.Card, other.Card], Settings().Choices().Cards.Select(choice => choice.Card));
    }

    private BootSettings Settings() => new(
        new FileSystemRoot(Root),
        State.Lib,
        Readers.NoTools,
        () => new OwnProgram(["/bin/false"], []),
        () => SwitchLock.Take(State.Run));
}
