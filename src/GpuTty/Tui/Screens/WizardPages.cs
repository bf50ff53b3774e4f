using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Holders;
using GpuTty.Planning.Plans;
using GpuTty.Steps;
using GpuTty.Text;
using GpuTty.Tui.Panels;
using GpuTty.Tui.Widgets;

namespace GpuTty.Tui.Screens;

/// <content>What the pages of holders and of the plan say.</content>
internal sealed partial record WizardScreen
{
    private ImmutableArray<ListRow> ConsentRows(Model model)
    {
        var rows = ImmutableArray.CreateBuilder<ListRow>();
        if (AsksForSessions(model)) rows.Add(new ListRow("S", Box(Intent.EndSessions), $"close {Sessions(model)}"));
        else if (MayRestartDesktop(model))
            rows.Add(new ListRow("S", Box(Intent.EndSessions), $"restart the desktop now: closes {Sessions(model)}"));
        if (AsksForHolders(model))
        {
            rows.Add(new ListRow("e", Box(Intent.EndHolders != HolderConsent.Never), "ask the other programs to end"));
            if (Intent.EndHolders != HolderConsent.Never)
                rows.Add(new ListRow("E", Box(Intent.EndHolders == HolderConsent.Kill), "kill those that do not end when asked"));
        }
        if (AsksForUse(model))
        {
            var use = Use(model);
            rows.Add(new ListRow(
                "K",
                Choice(use is DesktopAccess.HiddenFromSeat or DesktopAccess.HiddenPermanently),
                "compute and rendering: the desktop stays off it"));
            rows.Add(new ListRow("m", Choice(use == DesktopAccess.Allowed), "monitors plugged into it: the desktop may use it"));
        }
        else if (WhyNotKeepOff(model) is null)
            rows.Add(new ListRow("K", Box(Intent.Desktop != DesktopAccess.Unchanged), "keep the desktop off it: no logout next time"));
        if (WhyNotForGood(model) is null)
            rows.Add(new ListRow("p", Box(Intent.Desktop == DesktopAccess.HiddenPermanently), "also after a reboot"));
        return rows.ToImmutable();
    }

    private static string Sessions(Model model)
    {
        var sessions = DesktopPlan.For(model.Host!).Sessions;
        return sessions.IsEmpty ? "no session" : $"{Counted.Of(sessions.Length, "session")}: {string.Join(", ", sessions.Select(Short))}";
    }

    private static Label Box(bool isTicked) => isTicked ? new Label("[x]", Look.Warn) : "[ ]";
    private static Label Choice(bool isChosen) => isChosen ? new Label("(x)", Look.Warn) : "( )";
    private static string Short(LoginSession session) => $"{session.User} ({session.Desktop ?? session.Type})";

    private ImmutableArray<Label> HolderLines(Model model)
    {
        if (model.Host is not { } host || Card.FindAt(host, Intent.Card) is not { } card) return [new Label("The card is gone.", Look.Bad)];
        var holders = HolderPlan.For(host, card);
        var treatments = Intent.Moves() ? holders.Actions : [];
        var closed = AsksForSessions(model) || (Intent.EndSessions && MayRestartDesktop(model)) ? DesktopPlan.For(host).Sessions : [];
        return
        [
            .. LacksUse(model)
                ? [new Label(
                    "What is the card for, here on the host? Choose one; it is asked once until the machine restarts.",
                    Look.Warn), ""]
                : ImmutableArray<Label>.Empty,
            .. closed.IsEmpty ? [] : closed.SelectMany(session => Closing(host, session))
                .Prepend(new Label("Save your work now:", Look.Warn)).Append(""),
            .. treatments.IsEmpty && closed.IsEmpty
                ? [new Label(Intent.Moves() ? "Nobody holds the card." : "Nobody loses anything.", Look.Good)]
                : ImmutableArray<Label>.Empty,
            .. treatments
                .GroupBy(treatment => Fate(treatment, holders))
                .OrderByDescending(group => group.Key.Style == Look.Bad)
                .ThenByDescending(group => group.Key.Style == Look.Warn)
                .SelectMany(group => group.Select(treatment => Line(treatment, card)).Prepend(group.Key).Append("")),
        ];
    }

    private static IEnumerable<Label> Closing(HostSnapshot host, LoginSession session)
    {
        yield return $"  {session.Label}: closed, with every program in it";
        var programs = SessionProgram.Of(host, session);
        if (!programs.IsEmpty) yield return $"    programs in it: {string.Join(", ", programs)}";
    }

    private Label Fate(HolderAction holder, HolderPlan plan) => holder.Kind switch
    {
        HolderActionKind.EndsWithDesktop => new Label("These end with the desktop:", Look.Strong),
        HolderActionKind.ReleasedWithSession => new Label("These go on running and let go when the session ends:", Look.Strong),
        HolderActionKind.StopService when !plan.StartsAgain(holder.Unit!) =>
            new Label("These services are stopped, and come back with the card:", Look.Strong),
        HolderActionKind.StopService => new Label("These services are stopped, and started again afterwards:", Look.Strong),
        HolderActionKind.StopUnit or HolderActionKind.EndProcess or HolderActionKind.StopContainer => Intent.EndHolders switch
        {
            HolderConsent.Never => new Label("Blocked by these programs. Close them, or press e to have them asked to end:", Look.Warn),
            HolderConsent.Terminate => new Label("These are asked to end, as you agreed:", Look.Warn),
            _ => new Label("These are asked to end, and killed if they do not, as you agreed:", Look.Warn),
        },
        HolderActionKind.RefuseMachine => new Label("A virtual machine has the card. Shut it down first:", Look.Bad),
        _ => new Label("These are never ended. Close them yourself:", Look.Bad),
    };

    private static Label Line(HolderAction treatment, Card card) =>
        $"  {treatment.Holder.Label}{(treatment.Unit is { } unit ? $", {unit}" : "")}: {HoldersPanel.Nodes(treatment.Holder, card)}";

    private ImmutableArray<Label> PlanLines(Model model) => Preview(model) switch
    {
        PlanResult.Ready { Plan: var plan } =>
            [.. Cost(plan, model.Host!), .. OnTheWay(model), "", .. plan.Steps.SelectMany((step, index) => StepLines(step, index, plan))],
        PlanResult.AlreadyThere there => [$"{there.Card} is there already; nothing to do."],
        PlanResult.Blocked blocked =>
            [.. blocked.Obstacles.SelectMany(obstacle =>
                (Label[])[new Label(obstacle.Problem, Look.Bad), $"  -> {obstacle.RemedyForTui(Intent.Direction)}"])],
        _ => [],
    };

    private IEnumerable<Label> Cost(SwitchPlan plan, HostSnapshot host)
    {
        if (!Intent.Moves() && (Intent.Direction is Direction.HideFromSeat or Direction.AllowDesktop))
            yield return "Esc leads to choices: from when on, and how long.";
        if (HasNewPlan) yield return new Label("The machine has changed meanwhile. This is the new plan; read it again.", Look.Warn);
        foreach (var loss in plan.Consequences) yield return new Label(loss.Text, Look.Warn);
        foreach (var finding in Unsure(host)) yield return new Label($"[? ] {finding}", Look.Warn);
        if (PlanWords.KeepsDesktop(host, plan))
            yield return new Label($"Your desktop stays{(plan.Consequences.IsEmpty ? "; nothing is lost" : "")}.", Look.Good);
        else if (plan.DesktopImpact == DesktopImpact.None)
            yield return $"{PlanWords.Desktop(host, plan).TrimEnd('.')}{(plan.Consequences.IsEmpty ? "; nothing is lost" : "")}.";
        else if (plan.Consequences.IsEmpty)
            yield return new Label("Nothing is lost; the desktop's screen goes dark until the login screen is back.", Look.Good);
        if (plan.Risk == Risk.MayLoseConsole)
            yield return new Label("This card draws the text consoles: this screen may go dark.", Look.Bad);
        if (LastTook is { } last) yield return $"Last time it took {Counted.Seconds(last)}.";
        yield return PlanWords.KeepsWhatIsReached(host, plan)
            ? new Label($"{Counted.Of(plan.Steps.Length, "step")}. {PlanWords.OnFailure(host, plan)}")
            : plan.Irreversible.Any()
            ? new Label($"{Counted.Of(plan.Steps.Length, "step")}; those marked ! cannot be undone, all others can.")
            : new Label(
                $"{Counted.Of(plan.Steps.Length, "step")}; if {Counted.Word(plan.Steps.Length, "it", "one")} fails, "
                    + "everything is rolled back.");
    }

    /// <summary>What the checks could not tell, or is worth knowing: the page of
    /// the checks is not gone through where nothing stands in the way.</summary>
    private IEnumerable<string> Unsure(HostSnapshot host) => Card.FindAt(host, Intent.Card) is not { } card ? []
        : SwitchChecks.For(host, card, Intent.Direction, Intent.SingleGpu)
            .Where(check => check is { Holds: null, Obstacle: null })
            .Select(check => check.Finding);

    private IEnumerable<Label> StepLines(Step step, int index, SwitchPlan plan)
    {
        yield return StepHeading(step, index, plan);
        if (!ShowsCommands) yield break;
        foreach (var line in StepCommands.Under(step)) yield return line;
    }

    private static Label StepHeading(Step step, int index, SwitchPlan plan)
    {
        var isFinal = plan.Irreversible.Contains(step);
        return new Label(
            $"{index + 1,3} {(isFinal ? "!" : " ")}  "
                + $"{step.Describe()}{(step.Limit() > TimeSpan.FromSeconds(10) ? $"  ≤{step.Limit().TotalSeconds:0} s" : "")}",
            isFinal ? Look.Warn : Look.Plain);
    }
}
