using System.CommandLine;
using GpuTty.Host;
using GpuTty.Host.Pci;

namespace GpuTty.Cli.Commands;

/// <summary>Arguments and options that several commands share, with the same words everywhere.</summary>
internal static class Options
{
    public static Option<bool> Json() => new("--json") { Description = "Print JSON for programs (field names: see gputty(1))" };
    public static Option<bool> Yes() => new("--yes", "-y") { Description = "Do not ask" };
    public static Option<bool> DryRun() => new("--dry-run", "-n") { Description = "Only print the plan; change nothing" };
    public static Option<bool> EndSessions() =>
        new("--end-sessions") { Description = "Agree that graphical sessions are closed where the desktop holds the card" };

    public static Option<bool> HideFromSeat() =>
        new("--keep-off") { Description = "Also keep the desktop off the card until the next reboot: later switches need no logout" };

    public static Option<int?> ConfirmWithin()
    {
        var option = new Option<int?>("--confirm-within")
        {
            Description = "Roll back unless confirmed within SECONDS: gputty confirm",
            HelpName = "SECONDS",
        };
        option.Validators.Add(result =>
        {
            if (!int.TryParse(result.Tokens is [var token] ? token.Value : "", out var seconds) || seconds is < 5 or > 3600)
                result.AddError("--confirm-within takes 5 to 3600 seconds.");
        });
        return option;
    }

    public static Option<bool> Permanent() =>
        new("--permanent") { Description = "Keep it off across reboots, not only until the next one" };

    public static Option<string?> For()
    {
        var option = new Option<string?>("--for")
        {
            Description = "What the card is for on the host: compute (and rendering) keeps the desktop off it, "
                + "monitors lets the desktop use it; remembered until the next reboot",
            HelpName = "compute|monitors",
        };
        return option.AcceptOnly("compute", "monitors");
    }

    public static Option<string?> Reset() => new("--reset")
    {
        Description =
            "Reset the card's functions in this way once vfio-pci has them, such as flr (see devices and doctor for what each can)",
        HelpName = "METHOD",
    };

    public static Option<string?> SaveRom()
    {
        var option = new Option<string?>("--save-rom")
        {
            Description =
                "Save the card's firmware into this new file once vfio-pci has it; where it cannot be read, the switch is rolled back",
            HelpName = "FILE",
        };
        // Found out before anything is moved.
        option.Validators.Add(result =>
        {
            if (result.Tokens is not [{ Value: var path }] || path.Length == 0) return;
            if (path.Any(char.IsControl)) result.AddError("--save-rom takes no name with control characters.");
            else if (Path.Exists(path)) result.AddError($"'{path}' is there already; name a new file.");
            else if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path)))) result.AddError($"There is no folder for '{path}'.");
        });
        return option.NamesFile();
    }

    public static Option<bool> SingleGpu() =>
        new("--single-gpu") { Description = "Agree that the only card is given away: no desktop and no display until it is returned" };

    public static Option<string> EndHolders()
    {
        var option = new Option<string>("--end-holders")
        {
            Description = "What may be done to other programs that hold the card: nothing, SIGTERM, or SIGTERM and then SIGKILL",
            HelpName = "never|term|kill",
            DefaultValueFactory = _ => "never",
        };
        return option.AcceptOnly("never", "term", "kill");
    }

    public static Argument<string> Direction()
    {
        var argument = new Argument<string>("vm|host")
        {
            Description = "Where the card goes: to a virtual machine, or back to the host",
        };
        return argument.AcceptOnly("vm", "host");
    }

    public static Option<string?> Card(CommandContext world)
    {
        var option = new Option<string?>("--card")
        {
            Description = "Address of the card, or of any of its functions, such as 0000:01:00.0 or 01:00; "
                + "may be left out where only one can be meant",
            HelpName = "ADDRESS",
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !IsAddress(text.Trim()))
                result.AddError($"'{text}' is not the address of a card, such as 0000:01:00.0 or 01:00.");
        });
        option.CompletionSources.Add(_ => Cards(world));
        return option;
    }

    private static bool IsAddress(string text) => PciAddress.TryParse(text, out _) || PciAddress.TryParse($"{text}.0", out _);

    /// <summary>For the shell's completion, which must not fail aloud.</summary>
    private static List<System.CommandLine.Completions.CompletionItem> Cards(CommandContext world)
    {
        try
        {
            var host = world.Reader().ReadAsync(SnapshotSections.Devices, null, CancellationToken.None).GetAwaiter().GetResult();
            return Host.Pci.Card
                .FindAll(host)
                .Select(card => new System.CommandLine.Completions.CompletionItem(card.Address.ToString()))
                .ToList();
        }
        catch (HostException)
        {
            return [];
        }
    }
}

/// <summary>Options that a plan depends on, taken from one command line.</summary>
internal sealed class IntentOptions(CommandContext world)
{
    public Argument<string> Direction { get; } = Options.Direction();
    public Option<string?> Card { get; } = Options.Card(world);
    public Option<bool> EndSessions { get; } = Options.EndSessions();
    public Option<string> EndHolders { get; } = Options.EndHolders();
    public Option<bool> HideFromSeat { get; } = Options.HideFromSeat();
    public Option<int?> ConfirmWithin { get; } = Options.ConfirmWithin();
    public Option<bool> Permanent { get; } = WithKeepOff();
    public Option<string?> For { get; } = Options.For();
    public Option<bool> SingleGpu { get; } = Options.SingleGpu();
    public Option<string?> Reset { get; } = Options.Reset();
    public Option<string?> SaveRom { get; } = Options.SaveRom();

    private static Option<bool> WithKeepOff()
    {
        var option = Options.Permanent();
        option.Description = "With --keep-off or --for compute: across reboots too";
        return option;
    }

    /// <summary>Two options that contradict each other are a usage error.</summary>
    public void RefuseContradictions(Command command) => command.Validators.Add(result =>
    {
        // By its words: the value of an option that was left without one cannot be asked for.
        if (result.GetResult(For)?.Tokens is [{ Value: "monitors" }] && (result.GetValue(HideFromSeat) || result.GetValue(Permanent)))
        {
            result.AddError("--for monitors lets the desktop use the card; --keep-off and --permanent keep it off.");
            return;
        }
        if (result.GetValue(Permanent) && !result.GetValue(HideFromSeat) && result.GetResult(For)?.Tokens is not [{ Value: "compute" }])
            result.AddError("--permanent needs --keep-off or --for compute.");
        if ((result.GetResult(Reset) is { Implicit: false } || result.GetResult(SaveRom) is { Implicit: false })
            && result.GetResult(Direction)?.Tokens is [{ Value: "host" }])
            result.AddError("--reset and --save-rom are for the way to a virtual machine.");
    });
}
