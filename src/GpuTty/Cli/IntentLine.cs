using System.CommandLine;
using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Text;

namespace GpuTty.Cli;

/// <summary>
/// The command line that means an intent, and the intent that a command line means: in one place, so that what is printed for people to
/// type does what they
/// were shown. Each is the inverse of the other.
/// </summary>
internal static class IntentLine
{
    /// <summary>The shortest command line that means this intent on this machine.</summary>
    /// <param name="configured">What the command will go by.</param>
    /// <param name="move">The command that moves a card: <c>switch</c>, or <c>plan</c> to look first.</param>
    public static string Print(HostSnapshot host, SwitchIntent intent, Configuration configured, string move = "switch") =>
        string.Join(' ', Parts(host, intent, configured, move));

    /// <summary><c>gputty run</c> with all that was agreed to, which is for the way back too, and the
    /// command as a shell takes it.</summary>
    public static string PrintRun(
        HostSnapshot host, SwitchIntent intent, Configuration configured, string? user, IEnumerable<string> command) =>
        string.Join(
            ' ',
            [
                "gputty", "run", .. CardOption(host, intent, configured),
                .. user is null ? (string[])[] : ["--as", ShellWord.Quoted(user)],
                .. Sessions(intent), .. EndHolders(intent), "--", .. command.Select(ShellWord.Quoted),
            ]);

    /// <summary>What <c>switch</c>, <c>plan</c>, <c>keep-off</c>, <c>pin</c> and <c>clear-override</c> mean.</summary>
    /// <param name="configured">Counts where nothing was typed; null for none.</param>
    public static SwitchIntent Parse(ParseResult parse, PciAddress card, Configuration? configured = null) => new(
        card,
        DirectionOf(parse),
        Has(parse, "--end-sessions"),
        IsTyped(parse, "--end-holders") || !HasOption(parse, "--end-holders")
            ? Holders(parse)
            : ConfiguredIntent.Holders(configured ?? Configuration.Empty))
    {
        Desktop = Value<string?>(parse, "--for") == "monitors" ? DesktopAccess.Allowed
            : Has(parse, "--permanent") ? DesktopAccess.HiddenPermanently
            : Has(parse, "--keep-off") || Value<string?>(parse, "--for") == "compute" ? DesktopAccess.HiddenFromSeat
            : ConfiguredIntent.Use(configured ?? Configuration.Empty, DirectionOf(parse)),
        LeavesNvidiaStopped = ConfiguredIntent.LeavesNvidiaStopped(configured ?? Configuration.Empty),
        ConfirmWithin = Within(parse),
        SingleGpu = Has(parse, "--single-gpu"),
        ResetMethod = DirectionOf(parse) == Direction.ToVm ? Value<string?>(parse, "--reset") : null,
        SaveFirmware = DirectionOf(parse) == Direction.ToVm && Value<string?>(parse, "--save-rom") is { } path
            ? Path.GetFullPath(path)
            : null,
    };

    /// <summary>What <c>undo</c> and <c>resume</c> mean: the intent that the journal tells, with what is agreed to besides.</summary>
    public static SwitchIntent Parse(ParseResult parse, SwitchIntent recorded) => recorded with
    {
        EndSessions = recorded.EndSessions || Has(parse, "--end-sessions"),
        EndHolders = Holders(parse) is var holders && holders != HolderConsent.Never ? holders : recorded.EndHolders,
        ConfirmWithin = Within(parse) ?? recorded.ConfirmWithin,
        SingleGpu = recorded.SingleGpu || Has(parse, "--single-gpu"),
    };

    private static string[] Parts(HostSnapshot host, SwitchIntent intent, Configuration configured, string move)
    {
        if (intent.IsUndo) return ["gputty", "undo", .. Consents(intent)];
        if (!intent.PendingRestarts.IsEmpty) return ["gputty", "resume", .. Consents(intent)];
        var isMove = intent.Direction is Direction.ToVm or Direction.ToHost;
        var card = CardOption(host, intent, configured);
        var onOff = intent.Direction is Direction.HideFromSeat or Direction.Pin ? "on" : "off";
        return intent.Direction switch
        {
            Direction.ClearOverride or Direction.SetOverride => ["gputty", "clear-override", intent.Card.ToString()],
            Direction.Rescan => ["gputty", "rescan", "--card", intent.Card.ToString()],
            Direction.HideFromSeat or Direction.AllowDesktop =>
                ["gputty", "keep-off", onOff, .. card, .. Use(intent.Desktop, isMove), .. Sessions(intent)],
            Direction.Pin or Direction.Unpin => ["gputty", "pin", onOff, .. card, .. Use(intent.Desktop, isMove)],
            _ => [
                "gputty",
                move,
                ValueText.Of(intent.Direction),
                .. card,
                .. Use(intent.Desktop, isMove),
                .. OnTheWay(intent),
                .. Consents(intent),
            ],
        };
    }

    /// <summary>Left out only where it is the one card that can be meant, whoever's settings the command is read with.</summary>
    private static string[] CardOption(HostSnapshot host, SwitchIntent intent, Configuration configured) =>
        configured.Find(ConfigurationKey.Card) is null && CardChoice.Find(host, null).Card?.Contains(intent.Card) == true
            ? []
            : ["--card", intent.Card.ToString()];

    private static string[] Use(DesktopAccess use, bool isMove) => use switch
    {
        DesktopAccess.Allowed when isMove => ["--for", "monitors"],
        DesktopAccess.HiddenFromSeat when isMove => ["--keep-off"],
        DesktopAccess.HiddenPermanently => isMove ? ["--keep-off", "--permanent"] : ["--permanent"],
        _ => [],
    };

    private static string[] OnTheWay(SwitchIntent intent) =>
    [
        .. intent.ResetMethod is { } method ? (string[])["--reset", method] : [],
        .. intent.SaveFirmware is { } path ? (string[])["--save-rom", ShellWord.Quoted(path)] : [],
    ];

    private static string[] Sessions(SwitchIntent intent) => intent.EndSessions ? ["--end-sessions"] : [];

    private static string[] EndHolders(SwitchIntent intent) =>
        intent.EndHolders != HolderConsent.Never ? ["--end-holders", ValueText.Of(intent.EndHolders)] : [];

    private static string[] Consents(SwitchIntent intent) =>
    [
        .. Sessions(intent),
        .. EndHolders(intent),
        .. intent.SingleGpu ? (string[])["--single-gpu"] : [],
        .. intent.ConfirmWithin is { } within ? (string[])["--confirm-within", $"{within.TotalSeconds:0}"] : [],
    ];

    private static Direction DirectionOf(ParseResult parse) => (parse.CommandResult.Command.Name, FirstWord(parse)) switch
    {
        ("keep-off", "on") => Direction.HideFromSeat,
        ("keep-off", _) => Direction.AllowDesktop,
        ("pin", "on") => Direction.Pin,
        ("pin", _) => Direction.Unpin,
        ("clear-override", _) => Direction.ClearOverride,
        ("rescan", _) => Direction.Rescan,
        (_, var word) => ValueText.DirectionOf(word ?? ""),
    };

    private static string? FirstWord(ParseResult parse) =>
        parse.CommandResult.Command.Arguments is [var argument, ..] ? parse.GetValue<string>(argument.Name) : null;

    private static HolderConsent Holders(ParseResult parse) => ValueText.ConsentOf(Value<string?>(parse, "--end-holders"));

    private static TimeSpan? Within(ParseResult parse) =>
        Value<int?>(parse, "--confirm-within") is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    private static bool Has(ParseResult parse, string option) => Value<bool>(parse, option);

    /// <summary>Not every command has every option.</summary>
    private static T? Value<T>(ParseResult parse, string option) => HasOption(parse, option) ? parse.GetValue<T>(option) : default;

    private static bool HasOption(ParseResult parse, string option) =>
        parse.CommandResult.Command.Options.Any(known => known.Name == option);

    private static bool IsTyped(ParseResult parse, string option) =>
        parse.GetResult(option) is System.CommandLine.Parsing.OptionResult { Implicit: false };
}
