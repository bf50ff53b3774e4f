using GpuTty.Cli;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;

namespace GpuTty.Tests.Cli;

/// <summary>A reset and a copy of the firmware, between the bind and the virtual machine.</summary>
public sealed class ResetTests
{
    private static readonly PciAddress s_sound = Machines.Card with { Function = 1 };

    private static readonly SwitchIntent s_all = new(Machines.Card, Direction.ToVm)
    {
        ResetMethod = "flr",
        SaveFirmware = "/root/card.rom",
        ConfirmWithin = TimeSpan.FromSeconds(30),
    };

    [Fact]
    public void Functions_are_reset_in_the_way_that_was_named_once_vfio_has_them()
    {
        var gputty = Gputty.On("kept-off");
        Assert.Equal(ExitCodes.Done, gputty.Run("switch", "vm", "--reset", "flr", "--yes").Code);
        var verbs = gputty.Host.Calls.Select(call => call.Verb).ToList();
        Assert.True(verbs.IndexOf(Verb.Reset) > verbs.LastIndexOf(Verb.Probe));
        // The sound of the card offers no flr.
        Assert.Equal([Machines.Card.ToString()], gputty.Host.Calls.Where(call => call.Verb == Verb.Reset).Select(call => call.Target));
        var step = ((RunEvent.Opened)gputty.SwitchService.LastRun()[0]).Steps.OfType<ResetFunction>().Single();
        Assert.Contains("echo flr bus > /sys/bus/pci/devices/0000:01:00.0/reset_method", step.Command(), StringComparison.Ordinal);
        // One that is away already is reset too, and nothing else is done.
        var calls = gputty.Host.Calls.Length;
        Assert.Equal(ExitCodes.Done, gputty.Run("switch", "vm", "--reset", "bus", "--yes").Code);
        Assert.All(gputty.Host.Calls[calls..], call => Assert.Equal(Verb.Reset, call.Verb));
        Assert.NotEmpty(gputty.Host.Calls[calls..]);
    }

    [Fact]
    public void A_way_that_is_not_offered_or_would_hit_a_neighbour_is_refused()
    {
        var gputty = Gputty.On("kept-off");
        var said = gputty.Run("switch", "vm", "--reset", "acpi", "--yes");
        Assert.Equal(ExitCodes.Refused, said.Code);
        Assert.Contains("01:00.0 cannot be reset by acpi.", said.Error, StringComparison.Ordinal);
        Assert.Contains("flr, bus", said.Error, StringComparison.Ordinal);
        Assert.Contains("would reset 01:01.0", Beside().Run("switch", "vm", "--reset", "bus", "--yes").Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, gputty.Run("switch", "host", "--reset", "flr", "--yes").Code);
        Assert.Empty(gputty.Host.Calls);
    }

    /// <summary>The card is with vfio-pci already, and nothing shows that it has not been reset.</summary>
    [Fact]
    public void A_switch_that_was_killed_before_the_reset_is_resumed_with_it()
    {
        var intent = new SwitchIntent(Machines.Card, Direction.ToVm) { ResetMethod = "flr" };
        var gputty = Gputty.On(Interruption.During(Machines.Find("kept-off")!.Machine, intent, step => step is ResetFunction));
        Assert.Equal(ExitCodes.Done, gputty.Run("resume", "--yes").Code);
        Assert.Contains(gputty.Host.Calls, call => call.Verb == Verb.Reset);
    }

    /// <summary>The file is there, and would be refused for ever.</summary>
    [Fact]
    public void A_switch_that_was_killed_after_the_firmware_was_saved_is_resumed_without_saving_it_again()
    {
        var gputty = Gputty.On(Interruption.During(Machines.Find("kept-off")!.Machine, s_all, step => step is ResetFunction));
        Assert.Equal(ExitCodes.Done, gputty.Run("resume", "--yes").Code);
        Assert.Contains(gputty.Host.Calls, call => call.Verb == Verb.Reset);
        Assert.DoesNotContain(gputty.Host.Calls, call => call.Verb == Verb.SaveFirmware);
    }

    [Fact]
    public void A_switch_that_was_killed_after_the_reset_is_resumed_without_another_one()
    {
        var gputty = Gputty.On(Interruption.During(Machines.Find("kept-off")!.Machine, s_all, step => step is AwaitConsent));
        Assert.Equal(ExitCodes.Done, gputty.Run("resume", "--yes").Code);
        Assert.DoesNotContain(gputty.Host.Calls, call => call.Verb is Verb.Reset or Verb.SaveFirmware);
    }

    [Fact]
    public void A_running_virtual_machine_is_not_reset()
    {
        var gputty = Gputty.On("vm-running");
        Assert.Equal(ExitCodes.Refused, gputty.Run("switch", "vm", "--reset", "flr", "--yes").Code);
        Assert.Empty(gputty.Host.Calls);
    }

    [Fact]
    public void The_firmware_is_saved_before_a_virtual_machine_can_have_the_card()
    {
        var gputty = Gputty.On("kept-off");
        Assert.Equal(ExitCodes.Done, gputty.Run("switch", "vm", "--save-rom", "/root/card.rom", "--yes").Code);
        Assert.Equal(["/root/card.rom"], gputty.Host.Machine.Saved.AsEnumerable());
        Assert.Contains(
            "cat /sys/bus/pci/devices/0000:01:00.0/rom > /root/card.rom",
            Gputty.On("kept-off").Run("plan", "vm", "--save-rom", "/root/card.rom").Out,
            StringComparison.Ordinal);
        Assert.Contains(
            "is there already; name a new file.",
            gputty.Run("switch", "vm", "--save-rom", "/etc/passwd", "--yes").Error,
            StringComparison.Ordinal);
        Assert.Contains(
            "There is no folder for '/nowhere/at/all.rom'.",
            gputty.Run("switch", "vm", "--save-rom", "/nowhere/at/all.rom", "--yes").Error,
            StringComparison.Ordinal);
        var refused = Gputty.On("kept-off", new FaultPlan(new Fault(FaultKind.Refused, Verb.SaveFirmware)));
        Assert.Equal(ExitCodes.TakenBack, refused.Run("switch", "vm", "--save-rom", "/root/card.rom", "--yes").Code);
        Assert.Equal("nvidia", refused.Host.Machine.Find(Machines.Card)!.Driver);
    }

    [Theory]
    [InlineData("flr bus", "resets cleanly, by a function-level reset (flr)")]
    [InlineData("device_specific bus", "resets cleanly, by a method for this device")]
    [InlineData("bus", "resets with its slot (bus); nothing else is in it")]
    [InlineData("pm", "only sleeps and wakes (pm)")]
    [InlineData("", "has no reset of its own; vfio resets the whole slot")]
    public void What_a_card_can_do_is_told_in_words(string methods, string words)
    {
        var host = Machines.Find("desktop")!.Machine
            .Change(m =>
                m.With(m.Find(Machines.Card)! with { ResetMethods = [.. methods.Split(' ', StringSplitOptions.RemoveEmptyEntries)] }))
            .Snapshot();
        var card = Card.FindAt(host, Machines.Card)!;
        Assert.Contains(words, ResetMeaning.Verdict(host, card, card.Display), StringComparison.Ordinal);
    }

    [Fact]
    public void A_neighbour_in_the_same_slot_bus_is_named()
    {
        var host = Beside().Host.Machine.Change(m => m.With(m.Find(Machines.Card)! with { ResetMethods = ["bus"] })).Snapshot();
        var card = Card.FindAt(host, Machines.Card)!;
        Assert.Contains("would hit 01:01.0 (ahci) too", ResetMeaning.Verdict(host, card, card.Display), StringComparison.Ordinal);
        Assert.DoesNotContain(s_sound, ResetMeaning.Neighbours(host, card).Select(other => other.Address));
    }

    /// <summary>Another device on the bus of the card, in a group of its own.</summary>
    private static Gputty Beside()
    {
        var machine = Machines.Find("kept-off")!.Machine;
        var disk = Hardware.Function("01:01.0", 0x0106, "1022:43f6", "SATA", 99, "ahci") with
        {
            Parent = machine.Find(Machines.Card)!.Parent,
        };
        return Gputty.On(machine.Change(m => m with { Devices = [.. m.Devices.Append(disk).OrderBy(device => device.Address)] }), []);
    }
}
