using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using GpuTty.Host;
using GpuTty.Tui;

namespace GpuTty.Tests;

/// <summary>Rules about the text of the sources: how long a line is, and which words are not used any more.</summary>
public sealed class HouseTextTests
{
    private const int Columns = 140;

    /// <summary>Files as written by older versions, with the words of their time, and the lists below.</summary>
    private static readonly string[] s_oldFormats =
    [
        "tests/GpuTty.Tests/Formats/", "tests/GpuTty.Tests/HouseTextTests.cs", "tests/GpuTty.Tests/Linux/State/JournalReaderTests.cs",
        "src/GpuTty.Core/Switching/RunEvent.cs",
    ];

    /// <summary>Names that only those who wrote them understood, as they stood in the code; nothing else is called so.</summary>
    private static readonly string[] s_oldNames =
    [
        "IWishes", "WishFile", "RunningWishes", "ScreenWishes", "GuestWish",
        "ISwitchDesk", "LinuxSwitchDesk", "SimulatedDesk", "PlanOwed",
        "AimDevice", "ClearAim", "IsAimedElsewhere", "LetOn", "KeepOff", "KeptOff", "KeepOffRule", "KeepOffRules",
        "InTheDark", "OutOfTheDark", "ComeHomeAllTheSame",
        "HomeMemory", "RememberHome", "ForgetHome", "HomeStore", "HomeUnit", "HomeCommand",
        "DesktopUse", "AsItIs", "KeptOffForGood", "RememberUse", "DesktopPin", "CompositorPin", "PinMeaning", "BehindTheSeat",
        "ReferenceAccount", "UnseenUse", "HolderTreatment", "IsServant", "IsSeatKeeper",
        "OtherKeeper", "OtherKeepers", "OtherMovers", "OddNeighbour", "OddMember",
        "GroupStory", "TravelCost", "DmaWords", "CardWords", "IntentWords", "RemedyWords",
        "KernelWitness", "KernelSign", "ChangeSigns", "BootNotes", "PatientScan", "LostChild", "WatchedWrite", "WriteInFlight",
        "RecoverAfterWorker", "MachineRoot", "TooLate", "IsHarmless", "ProvenBy", "RemedyOnScreen", "RemedyInLines",
        "Befalls", "Reflexes", "Rehearsal", "Tempting",
        "WriteRefusal", "BusSigns", "ViewerFacts", "CommandRun", "MachineSettings", "SystemSettings",
        "HookWords", "PlanWords", "CodeWords", "DocumentWords", "DeviceWords", "SessionWords",
    ];

    /// <summary>The same, where the word is a good one for other things: no type of the program is called so.</summary>
    private static readonly string[] s_oldTypes =
    [
        "Wish", "Road", "Owed", "SeatRules", "Errands", "Aftermath", "World", "Entries", "Examination", "Facts", "Treatment",
        "Strangers", "Words",
        "Rescue", "Recovery", "Folder", "Files", "Everywhere", "Leaving", "Override", "Remembered",
        "Drill", "Pace",
        "Sysfs", "OpenFiles", "Refusals", "Look", "Viewer", "Undo",
    ];

    /// <summary>Texts that nobody would say, in what a user reads.</summary>
    private static readonly string[] s_oldSentences =
    [
        "with somebody who looks before every step", "is the gate: that fails at once", "Exit statuses are not believed",
        "not taken for the kernel's word", "or dies of it", "Settings that decide besides the seat", "back would be dark",
        "typed blind",
        "What it will not do to you", "wished for", "those who like lines", "thinks of it any more",
        "Of the full-screen program, on this machine",
        "cut off the connection they sit at", "A mistake in gputty itself",
        "is no defence", "steer a program of root", "GpuTty made a mistake",
        "hard road", "soft road", "Hard road", "Soft road",
        "The hard road", "The soft road", "nobody is asked.", "You said no",
        "nothing is to be done", "may stay", "shall go",
        "behind the seat's back", "or tell which it is",
        "out of the desktop's sight", "free of its override", "Aim {",
        "may take any driver again", "Remember how things are", "Forget how things were",
        "Wait for you to keep it",
        "Nobody said within", "until nobody holds", "Does somebody clear up", "Is the kernel well", "Has somebody aimed",
        "travel alone", "travel along", "may not be given away", "nobody knows how cards were", "restart without it",
        "nobody can tell",
        "letting go of the card", "told to believe", "forgotten in batches",
        "written down no more", "take it over to", "kept from loading by", "has it never open",
        "a word that GpuTty does not know", "It had arrived",
        "drivers refuse with this word too", "do not answer",
        "is a link or not what", "Is nothing else in the way", "No pin of ours",
        "modules for devices", "alone in the dark",
        "alone on its place", "comes home all the same",
        "taken back", "take everything back", "taking everything back",
        "Taking everything back", "Look into the", "look into the log",
        "all the same", " for good", "restart the machine",
        "Restart the machine", "a restart of the machine", "Exit statuses", "exit statuses",
        "Could not tell", "kernel.md",
        "product.md", "lab.md", "prior-art.md", "terminal.md", "house.md",
    ];

    [Fact]
    public void No_line_is_longer_than_a_screen_shows() =>
        Assert.Empty(from file in Files("*.cs").Concat(Files("*.sh"))
                     from line in OutsideSamples(File.ReadLines(file.Path))
                     where line.Text.Length > Columns
                     select $"{file.Name}:{line.Number}: {line.Text.Length} columns");

    /// <summary>The one rule of the format that neither the build nor the check of blanks holds anybody to.</summary>
    [Fact]
    public void Namespaces_that_are_used_stand_in_order_with_the_system_s_first()
    {
        var used = new Regex(@"^using ([A-Za-z.]+);$");
        Assert.Empty(from file in Files("*.cs")
                     let names = File.ReadLines(file.Path).Select(line => used.Match(line)).Where(match => match.Success)
                         .Select(match => match.Groups[1].Value).ToArray()
                     where !names.SequenceEqual(names
                         .OrderBy(name => name != "System" && !name.StartsWith("System.", StringComparison.Ordinal))
                         .ThenBy(name => name, StringComparer.Ordinal))
                     select file.Name);
    }

    [Fact]
    public void Names_are_the_field_s_own()
    {
        var names = new Regex($@"\b({string.Join('|', s_oldNames)})\b");
        Assert.Empty(from file in Files("*.cs")
                     where !s_oldFormats.Any(file.Name.StartsWith)
                     from line in File.ReadLines(file.Path).Where(line =>
                         !line.Contains("JsonStringEnumMemberName", StringComparison.Ordinal))
                     from match in names.Matches(line)
                     select $"{file.Name}: {match.Value}");
    }

    /// <summary>Without one an ordinary user's virsh asks a daemon of theirs.</summary>
    [Fact]
    public void Every_virsh_in_a_text_for_people_names_its_connection()
    {
        var bare = new Regex(@"\bvirsh (?:start|edit|define|dumpxml|shutdown|list|domstate|destroy|undefine)\b");
        Assert.Empty(from file in Files("*.cs").Where(file => file.Name.StartsWith("src/", StringComparison.Ordinal)).Concat(Files("*.1"))
                         .Concat(Files("*.example"))
                     from line in File.ReadLines(file.Path)
                     where !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
                     from match in bare.Matches(line)
                     select $"{file.Name}: {match.Value}");
    }

    /// <summary>Whoever has two cards, or CARD configured, would move another one; what explains a word is about none.</summary>
    [Fact]
    public void A_command_that_a_text_about_one_card_names_is_about_that_card()
    {
        var other = new Regex(@"gputty (?:switch (?:vm|host)|keep-off on|pin on|boot vm)(?! --(?:card|dry-run))");
        Assert.Empty(from file in Files("*.cs")
                     where file.Name.StartsWith("src/", StringComparison.Ordinal)
                         && !file.Name.EndsWith("Explanations.cs", StringComparison.Ordinal)
                     from line in File.ReadLines(file.Path)
                     where !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
                     from match in other.Matches(line)
                     select $"{file.Name}: {match.Value}");
    }

    [Fact]
    public void Types_have_names_of_the_field() =>
        Assert.Empty(from assembly in new[] { typeof(HostSnapshot).Assembly, typeof(Model).Assembly }
                     from type in assembly.GetTypes()
                     where !type.IsNested && s_oldTypes.Contains(type.Name)
                     select type.FullName);

    [Fact]
    public void Texts_are_what_a_technical_writer_would_say() =>
        Assert.Empty(from file in Files("*.cs")
            .Concat(Files("*.sh"))
            .Concat(Files("*.1"))
            .Concat(Files("README.md"))
            .Concat(Files("*.example"))
                     where !s_oldFormats.Any(file.Name.StartsWith)
                     let text = File.ReadAllText(file.Path)
                     from old in s_oldSentences
                     where text.Contains(old, StringComparison.Ordinal)
                     select $"{file.Name}: {old}");

    /// <summary>"1 screens": whoever writes a number before a noun lets Counted choose between its forms.</summary>
    [Fact]
    public void A_number_and_its_noun_agree()
    {
        var number = new Regex(
            @"\{[A-Za-z_.!]*(Count|Length|Total|Leading|Trailing|Functions|Seconds(:0)?)(\(\))?\} ([a-z]+ )?[a-z]{2,}s\b");
        Assert.Matches(number, "$\"{device.VirtualFunctions} virtual functions on\"");
        Assert.DoesNotMatch(number, "$\"{step.Limit().TotalSeconds:0} s\"");
        Assert.Empty(from file in Files("*.cs")
                     where file.Name.StartsWith("src/", StringComparison.Ordinal)
                     from line in OutsideSamples(File.ReadLines(file.Path))
                     where number.IsMatch(line.Text) && !line.Text.Contains("Counted.", StringComparison.Ordinal)
                     select $"{file.Name}:{line.Number}: {line.Text.Trim()}");
    }

    /// <summary>Lines but those of raw literals of several lines, which are samples of files, with lines as long as theirs.</summary>
    private static IEnumerable<(string Text, int Number)> OutsideSamples(IEnumerable<string> lines)
    {
        var isInside = false;
        foreach (var (number, text) in lines.Index())
        {
            if (!isInside) yield return (text, number + 1);
            if (text.Split("\"\"\"").Length % 2 == 0) isInside = !isInside;
        }
    }

    /// <summary>Sources below the root of the repository, by their paths from there.</summary>
    private static IEnumerable<(string Name, string Path)> Files(string pattern) =>
        from path in Directory.EnumerateFiles(Root(), pattern, SearchOption.AllDirectories)
        let name = Path.GetRelativePath(Root(), path)
        where !name.Split('/').Any(part => part is "bin" or "obj" or ".git" or "TestResults" or "out")
        orderby name
        select (name, path);

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../.."));
}
