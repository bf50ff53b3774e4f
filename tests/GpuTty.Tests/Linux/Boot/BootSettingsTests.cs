using GpuTty.Host;
using GpuTty.Host.Boot;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux.Boot;
using GpuTty.Linux.Worker;
using GpuTty.Simulation;
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
        var settings = new BootSettings(new FileSystemRoot(Root), State.Lib, Readers.NoTools, () => new OwnProgram(["/bin/false"], []));

        Assert.Throws<HostException>(() => settings.Keep(new BootChoices([s_choice])));

        Assert.Empty(settings.Choices().Cards);
        Assert.False(Directory.Exists($"{Root}/etc/udev/rules.d") && Directory.GetFiles($"{Root}/etc/udev/rules.d").Length > 0);
    }
}
