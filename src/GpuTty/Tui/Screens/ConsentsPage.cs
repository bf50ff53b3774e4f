using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Planning.Holders;
using GpuTty.Planning.Plans;
using GpuTty.Terminal;
using GpuTty.Text;
using GpuTty.Tui.Panels;
using GpuTty.Tui.Pictures;

namespace GpuTty.Tui.Screens;

/// <summary>Page 3: who loses what, and what has to be agreed to.</summary>
internal sealed record ConsentsPage(WizardRequest Request) : WizardScreen(Request)
{
    private static readonly ImmutableArray<Column> s_columns = [Column.Whole, Column.Cut];

    public ListState List { get; init; } = new();

    public override WizardStep Step => WizardStep.Holders;

    protected override WizardScreen Before => new ChecksPage(Request);

    protected override string Heading(SwitchOutlook on) =>
        on.AsksForUse ? "What is the card for?" : Intent.Moves() ? "Who loses what?" : "When does it begin?";

    public override ImmutableArray<PanelPart> Parts(Rect room, Model model)
    {
        var rows = Rows(On(model));
        var (head, below) = room.SplitTop(rows.IsEmpty ? 0 : Math.Min(rows.Length + 1, Math.Max(1, room.Height / 2)));
        return
        [
            new PanelPart(head, List.Shown(s_columns, rows, focused: true, head.Width, head.Height)) { HasCursor = true },
            new PanelPart(below, Page.Shown(Lines(On(model)), below.Width, below.Height)) { HasCursor = true },
        ];
    }

    /// <summary>The space bar turns the selected consent.</summary>
    protected override Next? OnPage(Key key, Model model)
    {
        var rows = Rows(On(model));
        if (key.Is(' ') && List.Selected(rows) is { } row)
            return Turned(model, On(model).Consents.First(consent => row.Id[0] == consent.Letter));
        return (key.Code is KeyCode.Up or KeyCode.Down || key.Is('j') || key.Is('k')) && rows.Length > 1
            ? List.On(key, rows) is { } list ? model.Replace(this with { List = list }) : null
            : Scrolled(Lines(On(model)), key, model);
    }

    protected override Next Forward(Model model) => model.Replace(new PlanPage(Request));

    protected override string? WhyNotOn(Model model) =>
        On(model).LacksUse ? "Choose what the card is for: K compute, m monitors." : On(model).WhyNoPlan;

    protected override IEnumerable<KeyBinding> FirstKeys(SwitchOutlook on) => ConsentKeys(on, areWanted: true);

    protected override IEnumerable<KeyBinding> OwnKeys(SwitchOutlook on) => ConsentKeys(on, areWanted: false);

    private IEnumerable<KeyBinding> ConsentKeys(SwitchOutlook on, bool areWanted) =>
        on.Consents.Where(consent => consent.IsWanted == areWanted).Select(consent =>
            new KeyBinding(Key.Of(consent.Letter), consent.Name, model => Turned(model, consent), _ => consent.WhyNot)
            { Help = consent.Help, InBar = consent.WhyNot is null });

    private Next Turned(Model model, WizardConsent consent) =>
        model.Replace(this with { Request = Request with { Intent = consent.Turned } });

    private static ImmutableArray<ListRow> Rows(SwitchOutlook on) =>
    [
        .. on.Consents.Where(consent => consent.WhyNot is null)
            .Select(consent => new ListRow($"{consent.Letter}", consent.Mark, consent.Text)),
    ];

    private ImmutableArray<Label> Lines(SwitchOutlook on)
    {
        if (on.Card is not { } card) return [new Label("The card is gone.", Theme.Bad)];
        var holders = HolderPlan.For(on.Host, card);
        var actions = Intent.Moves() ? holders.Actions : [];
        var closed = on.Required.Sessions || (Intent.EndSessions && on.MayRestartDesktop) ? DesktopPlan.For(on.Host).Sessions : [];
        return
        [
            .. on.LacksUse
                ? [new Label(
                    "What is the card for, here on the host? Choose one; it is asked once until the next reboot.",
                    Theme.Warn), ""]
                : ImmutableArray<Label>.Empty,
            .. closed.IsEmpty ? [] : closed.SelectMany(session => Closing(on.Host, session))
                .Prepend(new Label("Save your work now:", Theme.Warn)).Append(""),
            .. actions.IsEmpty && closed.IsEmpty
                ? [new Label(Intent.Moves() ? "No program holds the card." : $"Nothing is lost: it takes effect {When(on)}.", Theme.Good)]
                : ImmutableArray<Label>.Empty,
            .. actions
                .GroupBy(action => Fate(action, holders))
                .OrderByDescending(group => group.Key.Style == Theme.Bad)
                .ThenByDescending(group => group.Key.Style == Theme.Warn)
                .SelectMany(group => group.Select(Line).Prepend(group.Key).Append("")),
        ];
    }

    /// <summary>When a rule takes effect with what is chosen here, and until when one that is set holds.</summary>
    private string When(SwitchOutlook on)
    {
        var when = Intent.EndSessions && on.MayRestartDesktop ? "at once" : "at the next login";
        return Intent.Direction is not (Direction.HideFromSeat or Direction.Pin) ? when
            : Intent.Desktop == DesktopAccess.HiddenPermanently ? $"{when}, also after a reboot"
            : $"{when}, until the next reboot";
    }

    private static IEnumerable<Label> Closing(HostSnapshot host, LoginSession session)
    {
        yield return $"  {session.Label}: closed, with every program in it";
        var programs = SessionProgram.Of(host, session);
        if (!programs.IsEmpty) yield return $"    programs in it: {string.Join(", ", programs)}";
    }

    private Label Fate(HolderAction action, HolderPlan plan) => action.Kind switch
    {
        HolderActionKind.EndsWithDesktop => new Label("These end with the desktop:", Theme.Strong),
        HolderActionKind.ReleasedWithSession => new Label("These go on running and let go when the session ends:", Theme.Strong),
        HolderActionKind.StopService when !plan.StartsAgain(action.Unit!) =>
            new Label("These services are stopped, and come back with the card:", Theme.Strong),
        HolderActionKind.StopService => new Label("These services are stopped, and started again afterwards:", Theme.Strong),
        HolderActionKind.StopUnit or HolderActionKind.EndProcess or HolderActionKind.StopContainer => Intent.EndHolders switch
        {
            HolderConsent.Never => new Label("Blocked by these programs. Close them, or press e to have them asked to end:", Theme.Warn),
            HolderConsent.Terminate => new Label("These are asked to end, as you agreed:", Theme.Warn),
            _ => new Label("These are asked to end, and killed if they do not, as you agreed:", Theme.Warn),
        },
        HolderActionKind.QuitSplash => new Label("The splash screen of the boot is told to quit:", Theme.Strong),
        HolderActionKind.RefuseMachine => new Label("A virtual machine has the card. Shut it down first:", Theme.Bad),
        _ => new Label("These are never ended. Close them yourself:", Theme.Bad),
    };

    private static string OwnerOf(HolderAction action) =>
        action.Holder.User is { Length: > 0 } name ? Visible.Text(name, 40) : $"uid {action.Holder.Uid}";

    private static Label Line(HolderAction action) =>
        $"  {action.Holder.Label} of {OwnerOf(action)}{(action.Unit is { } unit ? $", {unit}" : "")}: {HoldersPanel.Nodes(action)}";
}
