using GpuTty.Planning.Plans;
using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tui;
using GpuTty.Tui.Screens;

namespace GpuTty.Tests.Tui;

/// <summary>The screen speaks of keys, and of what has happened.</summary>
public sealed class WordsOnScreenTests
{
    [Theory]
    [InlineData("single", "v", "to give it away anyway, press o")]
    [InlineData("desktop", "v\e", "No check failed.")]
    public void A_remedy_names_a_key_and_no_option(string machine, string keys, string words)
    {
        var host = Machines.Find(machine)!.Machine.Snapshot();
        var text = Play.At(host, 120, 50).Type(keys).Words;
        Assert.Contains(words, text, StringComparison.Ordinal);
        Assert.DoesNotContain(" --", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_that_lacks_a_consent_names_the_key_for_it()
    {
        var play = Play.At(DesktopMachine.Busy, 120, 50).Type("vSe\n");
        var plan = (WizardScreen)play.Model.Top;
        var agreedToNothing = plan.Intent with { EndSessions = false, EndHolders = HolderConsent.Never };
        var lacking = (play with
        {
            Model = play.Model.Replace(plan with { Request = plan.Request with { Intent = agreedToNothing } }),
        }).Words;
        Assert.Contains("agree with S on page 3", lacking, StringComparison.Ordinal);
        Assert.Contains("agree with e on page 3", lacking, StringComparison.Ordinal);
        Assert.DoesNotContain(" --", lacking, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_taken_back_because_somebody_asked_has_not_failed()
    {
        await using var person = new Person("desktop", pace: 1);
        await person.Sees("looked at the machine");
        await person.Types("v", "Who loses what?");
        await person.Types("S\n\n", "Go ahead");
        await person.Types("y", "[ok]");
        await person.Types("t", "Roll everything back?");
        await person.Types("y", "As the machine shows it");
        Assert.Contains("Stopped at", person.Screen, StringComparison.Ordinal);
        Assert.DoesNotContain("What failed", person.Screen, StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing more is needed", person.Screen, StringComparison.Ordinal);
    }

    /// <summary>The last look at the machine may be older than the last step.</summary>
    [Fact]
    public void What_the_switch_has_just_stopped_is_not_offered_to_be_stopped()
    {
        var step = Runs.Of<UnloadModule>();
        var held = Play.At(DesktopMachine.Idle).Type("vS\n\ny").Report(Runs.Until(step))
            .Report(new RunEvent.Waiting(step, "waiting for 1 reference") { At = DesktopMachine.Idle.TakenAt });
        Assert.DoesNotContain("x stop", held.Text(), StringComparison.Ordinal);
        Assert.Contains("x stop ollama.service", held.Hear(new Msg.HostRead(DesktopMachine.Busy)).Text(), StringComparison.Ordinal);
    }
}
