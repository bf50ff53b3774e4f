using GpuTty.Cli;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;

namespace GpuTty.Tests.Cli;

public sealed class SwitchTests
{
    private static readonly string[] s_toVm = ["switch", "vm", "--end-sessions"];

    private static Owner OwnerOn(Gputty gputty) => Card.FindAt(gputty.Host.Machine.Snapshot(), Machines.Card)!.Owner;

    /// <summary>The consent of who may lose the console is part of it.</summary>
    [Theory]
    [InlineData("twins", "--card", "0a:00.0", "--end-sessions")]
    [InlineData("single", "--single-gpu", "--end-sessions")]
    [InlineData("desktop", "--end-sessions")]
    [InlineData("kept-off", "--keep-off")]
    public void A_dry_run_shows_the_plan_that_the_same_line_would_run_and_prints_that_line(string machine, params string[] options)
    {
        var dry = Gputty.On(machine).Run(["switch", "vm", "--dry-run", .. options]).Out;
        var asked = Gputty.On(machine).With(isTerminal: true, types: "n\n").Run(["switch", "vm", .. options]).Out;
        var plan = Gputty.On(machine).Run(["plan", "vm", .. options]).Out;
        Assert.Equal(dry, plan);
        Assert.StartsWith(dry[..dry.IndexOf("Nothing has been changed.", StringComparison.Ordinal)], asked, StringComparison.Ordinal);
        Assert.Equal(machine is "twins" or "single", dry.Contains("Wait for your confirmation", StringComparison.Ordinal));

        // What is printed to be typed leads to the same plan once more.
        var line = dry[(dry.IndexOf("Do it: gputty ", StringComparison.Ordinal) + "Do it: gputty ".Length)..].Trim();
        Assert.Equal(dry, Gputty.On(machine).Run([.. line.Split(' '), "--dry-run"]).Out);
    }

    [Fact]
    public void There_and_back()
    {
        var gputty = Gputty.On("desktop");
        var there = gputty.Run([.. s_toVm, "--yes"]);
        Assert.Equal((ExitCodes.Done, ""), (there.Code, there.Error));
        Assert.Equal(Owner.Vfio, OwnerOn(gputty));
        var back = gputty.Run("switch", "host", "--end-sessions", "--yes");
        Assert.Equal((ExitCodes.Done, ""), (back.Code, back.Error));
        Assert.Equal(Owner.HostDriver, OwnerOn(gputty));
    }

    [Theory]
    [InlineData("--yes")]
    [InlineData("--dry-run")]
    [InlineData("--yes --json")]
    public void L5_H1_where_the_card_is_already_nothing_is_done(string how)
    {
        var gputty = Gputty.On("desktop");
        var before = gputty.Host.Machine;
        Assert.Equal(ExitCodes.Done, gputty.Run(["switch", "host", .. how.Split(' ')]).Code);
        Assert.Same(before, gputty.Host.Machine);
        Assert.Empty(gputty.SwitchService.LastRun());
    }

    [Fact]
    public void A_dry_run_is_the_plan_and_writes_nothing()
    {
        var gputty = Gputty.On("desktop").With(isRoot: false);
        var before = gputty.Host.Machine;
        var dry = gputty.Run([.. s_toVm, "--dry-run"]);
        Assert.Equal(gputty.Run("plan", "vm", "--end-sessions"), dry);
        Assert.Same(before, gputty.Host.Machine);
        Assert.Empty(gputty.Host.Calls);
        Assert.Empty(gputty.SwitchService.LastRun());
    }

    [Fact]
    public void What_is_refused_names_the_obstacle_and_begins_nothing()
    {
        var gputty = Gputty.On("desktop");
        var said = gputty.Run("switch", "vm", "--yes");
        Assert.Equal(ExitCodes.Refused, said.Code);
        Assert.Contains("agree with --end-sessions", said.Error, StringComparison.Ordinal);
        Assert.Empty(gputty.Host.Calls);
        var json = gputty.Run("switch", "vm", "--yes", "--json").JsonLines.Single();
        Assert.Equal("sessions-would-end", json.GetProperty("obstacles")[0].GetProperty("code").GetString());
        Assert.Equal(ExitCodes.Refused, json.GetProperty("exit_code").GetInt32());
    }

    [Fact]
    public void A_step_that_fails_is_taken_back()
    {
        var gputty = Gputty.On(Machines.Find("desktop")!.Machine, [], new FaultPlan(new Fault(FaultKind.Refused, Verb.Unload, "nvidia")));
        var said = gputty.Run([.. s_toVm, "--yes"]);
        Assert.Equal(ExitCodes.TakenBack, said.Code);
        Assert.Contains("Rolling everything back", said.Out, StringComparison.Ordinal);
        Assert.StartsWith("Failed, and rolled back: ", said.Error, StringComparison.Ordinal);
        Assert.Equal(Owner.HostDriver, OwnerOn(gputty));
        Assert.Equal(ExitCodes.TakenBack, gputty.Run("follow").Code);
    }

    [Fact]
    public void What_cannot_be_taken_back_is_left_halfway_and_said()
    {
        var gputty = Gputty.On(Machines.Find("desktop")!.Machine, [],
            new FaultPlan(
                new Fault(FaultKind.Refused, Verb.Unbind, Times: Fault.ForEver),
                new Fault(FaultKind.Refused, Verb.Load, "nvidia", Times: Fault.ForEver),
                new Fault(FaultKind.Refused, Verb.Load, "nvidia_drm", Times: Fault.ForEver)));
        var said = gputty.Run([.. s_toVm, "--yes"]);
        Assert.Equal(ExitCodes.LeftHalfway, said.Code);
        Assert.StartsWith("Failed, and left halfway: ", said.Error, StringComparison.Ordinal);
        var status = gputty.Run("status", "--json").Json;
        Assert.Equal("left-halfway", status.GetProperty("run").GetProperty("state").GetString());
        Assert.Contains("gputty undo", status.GetProperty("run").GetProperty("next_action").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("switch vm --end-sessions --yes")]
    [InlineData("undo --yes")]
    public void Only_root_may(string line)
    {
        var gputty = Gputty.On("desktop").With(isRoot: false);
        Assert.Equal(ExitCodes.NeedsRoot, gputty.Run(line.Split(' ')).Code);
        Assert.Empty(gputty.Host.Calls);
    }

    [Theory]
    [InlineData("switch vm --end-sessions", "--yes")]
    [InlineData("undo", "--yes")]
    [InlineData("switch vm --json", "--yes")]
    public void Where_nobody_can_be_asked_a_yes_is_needed(string line, string remedy)
    {
        var said = Gputty.On("desktop").Run(line.Split(' '));
        Assert.Equal(ExitCodes.Usage, said.Code);
        Assert.Contains(remedy, said.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("\n", false)]
    [InlineData("n\n", false)]
    [InlineData("what?\n", false)]
    [InlineData("y\n", true)]
    [InlineData("YES\n", true)]
    public void On_a_terminal_the_plan_is_shown_and_no_is_the_default(string types, bool goesOn)
    {
        var gputty = Gputty.On("desktop").With(isTerminal: true, types: types);
        var said = gputty.Run(s_toVm);
        Assert.Contains("18 steps", said.Out, StringComparison.Ordinal);
        Assert.Contains("Do this now? [y/N] ", said.Out, StringComparison.Ordinal);
        Assert.Equal(goesOn ? ExitCodes.Done : ExitCodes.Refused, said.Code);
        Assert.Equal(goesOn, gputty.Host.Calls.Length > 0);
    }

    [Theory]
    [InlineData("y\n", ExitCodes.Refused)]
    [InlineData("01:00\n", ExitCodes.Refused)]
    [InlineData("0b:00\n", ExitCodes.TakenBack)]
    [InlineData("0b:00\n\n", ExitCodes.Done)]
    public void A_card_that_draws_the_console_has_to_be_named_and_kept_afterwards(string types, int code)
    {
        var gputty = Gputty.On("twins");
        var host = gputty.Host.Machine.Snapshot();
        var console = new Framebuffer(9, "nvidia-drmdrmfb", PciAddress.Parse("0000:0b:00.0"));
        var dark = host with { Console = host.Console with { Shown = console, Framebuffers = host.Console.Framebuffers.Add(console) } };
        var said = gputty.With(dark, isTerminal: true, types: types).Run(s_toVm);
        Assert.Contains("type the card's address (0b:00)", said.Out, StringComparison.Ordinal);
        Assert.Equal(code, said.Code);
        Assert.Equal(code != ExitCodes.Refused, gputty.Host.Calls.Length > 0);
        Assert.Equal(
            code == ExitCodes.Done ? Owner.Vfio : Owner.HostDriver,
            Card.FindAt(gputty.Host.Machine.Snapshot(), console.Device!.Value)!.Owner);
    }

    [Fact]
    public void A_second_switch_is_told_of_the_first()
    {
        var gputty = Gputty.On("desktop");
        gputty.Meanwhile(async () =>
        {
            var first = gputty.RunAsync([.. s_toVm, "--yes"]);
            var second = await gputty.RunAsync("switch", "host", "--yes");
            Assert.Equal(ExitCodes.AnotherSwitch, second.Code);
            Assert.Contains("Another switch is running", second.Error, StringComparison.Ordinal);
            Assert.Contains("gputty follow", second.Error, StringComparison.Ordinal);
            Assert.Equal(ExitCodes.AnotherSwitch, (await gputty.RunAsync("undo", "--yes")).Code);
            Assert.Equal("running", (await gputty.RunAsync("status", "--json")).Json.GetProperty("run").GetProperty("state").GetString());
            var follower = await gputty.RunAsync("follow");
            Assert.Equal((await first).Out, follower.Out);
            Assert.Equal(ExitCodes.Done, follower.Code);
        });
    }

    [Fact]
    public void Ctrl_C_right_after_the_yes_calls_the_switch_off_as_long_as_nothing_has_begun()
    {
        var gputty = Gputty.On("desktop").With(onInterruptible: interrupted => interrupted());
        var said = gputty.Run([.. s_toVm, "--yes"]);
        Assert.Equal((ExitCodes.Interrupted, "Cancelled. Nothing was changed.\n"), (said.Code, said.Error));
        Assert.False(gputty.SwitchService.IsRunning());
        Assert.Empty(gputty.Host.Calls);
    }

    [Fact]
    public void Ctrl_C_explains_first_and_takes_back_then()
    {
        Action interrupt = () => { };
        var gputty = Gputty.On("desktop").With(onInterruptible: interrupted => interrupt = interrupted);
        gputty.Meanwhile(async () =>
        {
            var run = gputty.RunAsync([.. s_toVm, "--yes"]);
            await Until(gputty, step => step is AwaitRelease);
            interrupt();
            Assert.True(gputty.SwitchService.IsRunning());
            interrupt();
            var said = await run;
            Assert.Equal(ExitCodes.TakenBack, said.Code);
            Assert.Contains("The switch keeps running", said.Error, StringComparison.Ordinal);
            Assert.Contains("The switch will be rolled back.", said.Error, StringComparison.Ordinal);
        });
        Assert.Equal(Owner.HostDriver, OwnerOn(gputty));
    }

    [Fact]
    public void A_run_as_json_is_one_object_a_line_and_ends_with_the_result()
    {
        var lines = Gputty.On("kept-off").Run("switch", "vm", "--yes", "--json").JsonLines;
        Assert.Equal("opened", lines[0].GetProperty("event").GetString());
        Assert.Equal(16, lines.Count(line => line.GetProperty("event").GetString() == "done"));
        Assert.Equal(1, lines.First(line => line.GetProperty("event").GetString() == "begun").GetProperty("step").GetInt32());
        Assert.Equal("result", lines[^1].GetProperty("event").GetString());
        Assert.Equal("completed", lines[^1].GetProperty("outcome").GetString());
        Assert.Equal(ExitCodes.Done, lines[^1].GetProperty("exit_code").GetInt32());
    }

    private static async Task Until(Gputty gputty, Func<Step, bool> reached)
    {
        while (!(RunState.Fold(gputty.SwitchService.LastRun()) is { } run
            && run.Steps.Any(step => step.Status == StepStatus.Running && reached(step.Step))))
            await gputty.Host.WaitForChangeAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
    }
}
