using GpuTty.Cli;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tests.Cli;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui;

/// <summary>The last resort is offered where a function has no driver and an ordinary bind was refused, and nowhere else.</summary>
public sealed class RescanOnScreenTests
{
    private static readonly DateTimeOffset s_at = DateTimeOffset.UnixEpoch;
    private static readonly PciAddress s_sound = Machines.Card with { Function = 1 };

    private static HostSnapshot Stuck { get; } = Machine().Snapshot();

    [Fact]
    public void Not_where_every_function_has_a_driver() =>
        Assert.Equal("Every function of the card has a driver.", Play.At(Machines.Find("kept-off")!.Machine.Snapshot()).Type("B").Notice);

    [Fact]
    public void Not_where_nobody_has_tried_the_ordinary_way() =>
        Assert.Contains("First try the ordinary way (h)", Play.At(Stuck).Type("B").Notice, StringComparison.Ordinal);

    [Fact]
    public void After_a_bind_that_was_refused_its_plan_is_shown_with_what_it_costs_and_asked_about()
    {
        var play = Play.AfterCrash(Stuck, Refused(Stuck.BootId)).Type("\e").Sized(70, 50);
        var plan = play.Type("B");
        var wizard = Assert.IsType<PlanPage>(plan.Model.Top);
        Assert.Equal((s_sound, Direction.Rescan), (wizard.Intent.Card, wizard.Intent.Direction));
        Assert.Contains("This is the last resort", plan.Words, StringComparison.Ordinal);
        Assert.Contains("gone until the machine has been without power", plan.Words, StringComparison.Ordinal);
        var asked = plan.Type("\n");
        Assert.Contains("Have the kernel forget 01:00.1", asked.Words, StringComparison.Ordinal);
        Assert.Empty(asked.Type("\n").Effects.OfType<GpuTty.Tui.Effect.BeginRun>());
        Assert.Single(asked.Type("y").Effects.OfType<GpuTty.Tui.Effect.BeginRun>());
    }

    [Fact]
    public void Esc_leaves_the_last_resort_and_leads_to_no_page_on_which_nothing_is_lost_or_another_card_can_be_chosen()
    {
        var plan = Play.AfterCrash(Stuck, Refused(Stuck.BootId)).Type("\eB");
        Assert.Contains("This is the last resort", plan.Sized(100, 50).Words, StringComparison.Ordinal);
        Assert.IsType<OverviewScreen>(plan.Type("\e").Model.Top);
    }

    [Fact]
    public void A_refusal_of_another_boot_and_one_of_another_function_do_not_count()
    {
        Assert.Empty(RefusedBind.Of(Stuck, CardOf(Stuck), [Refused("another boot")]));
        Assert.Empty(RefusedBind.Of(Stuck, CardOf(Stuck), [Refused(Stuck.BootId, Machines.Card)]));
        Assert.Equal([s_sound], RefusedBind.Of(Stuck, CardOf(Stuck), [Refused(Stuck.BootId)]).Select(function => function.Address));
        var bound = Machines.Find("kept-off")!.Machine.Snapshot();
        Assert.Empty(RefusedBind.Of(bound, CardOf(bound), [Refused(bound.BootId)]));
    }

    [Fact]
    public void A_way_back_that_the_driver_refused_counts_and_one_that_nobody_tried_does_not()
    {
        var step = new UnbindDevice(s_sound, "snd_hda_intel", "snd_hda_intel");
        RunEvent[] Back(string note) =>
        [
            Opening(Stuck.BootId, step),
            new RunEvent.Begun(0, TimeSpan.FromSeconds(10)) { At = s_at },
            new RunEvent.Done(0, TimeSpan.FromSeconds(1)) { At = s_at },
            new RunEvent.TakingBack("x") { At = s_at },
            new RunEvent.NotTakenBack(0, note, "y") { At = s_at },
        ];
        Assert.Single(RefusedBind.Of(Stuck, CardOf(Stuck), [Back("snd_hda_intel refused it.")]));
        Assert.Empty(RefusedBind.Of(Stuck, CardOf(Stuck), [Back($"{StepProgress.NotTried} the kernel has crashed.")]));
    }

    /// <summary>A way home that broke off: the sound has left vfio-pci, and its driver has refused it.</summary>
    private static Machine Machine()
    {
        var gputty = Gputty.On("kept-off");
        Assert.Equal(ExitCodes.Done, gputty.Run("switch", "vm", "--yes").Code);
        return gputty.Host.Machine.Change(m => PciVerbs.Unbound(m, m.Find(s_sound)! with { DriverOverride = null }));
    }

    private static Card CardOf(HostSnapshot host) => Card.FindAt(host, Machines.Card)!;

    private static RunEvent.Opened Opening(string boot, Step step) => new(
        RunEvent.Opened.CurrentSchema, boot, 9, new SwitchIntent(Machines.Card, Direction.ToHost), Owner.Vfio, DesktopImpact.None,
        Risk.Reversible, [step], [])
    {
        At = s_at,
    };

    private static RunEvent[] Refused(string boot, PciAddress? device = null) =>
    [
        Opening(boot, new BindDevice(device ?? s_sound, "snd_hda_intel", "snd_hda_intel")),
        new RunEvent.Begun(0, TimeSpan.FromSeconds(10)) { At = s_at },
        new RunEvent.Failed(0, "snd_hda_intel refused it.", "See the log.") { At = s_at },
        new RunEvent.Closed(Outcome.LeftHalfway, "snd_hda_intel refused it.") { At = s_at },
    ];
}
