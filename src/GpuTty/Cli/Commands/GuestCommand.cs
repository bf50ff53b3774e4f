using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using GpuTty.Cli.Json;
using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Host.Guests;
using GpuTty.Text;

namespace GpuTty.Cli.Commands;

/// <summary><c>gputty guest xml|qemu</c>: what a virtual machine has to say to get all functions of a card. Writes nothing.</summary>
internal static class GuestCommand
{
    public static Command Create(CommandContext world) =>
        new("guest", "Print what a virtual machine needs to get the card: for libvirt, or for QEMU alone") { Xml(world), Qemu(world) };

    private static Command Xml(CommandContext world)
    {
        var guest = new Option<string?>("--vm")
        {
            Description = "The difference to this virtual machine's description; nothing is written",
            HelpName = "NAME",
        };
        guest.CompletionSources.Add(_ =>
            world.Libvirt
                .Read().Guests
                .Select(known => new System.CommandLine.Completions.CompletionItem(Visible.Text(known.Name, 80)))
                .ToList());
        var whole = new Option<bool>("--whole")
        {
            Description = $"With --vm: the whole new description instead of the difference, for {Virsh.OfSystem} define",
        };
        var options = new Wanted(world);
        var command = new Command("xml", "The card's functions as libvirt describes them") { guest, whole };
        foreach (var option in options.All) command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(whole) && result.GetResult(guest) is null) result.AddError("--whole needs --vm.");
        });
        command.SetAction(async (parse, cancel) =>
        {
            var host = await world.Reader().ReadAsync(SnapshotSections.Devices, null, cancel);
            var choice = world.Choose(host, parse.GetValue(options.Card));
            if (choice.Obstacle is { } obstacle) return Refusal.Say(world, parse.GetValue(options.Json), host, obstacle);
            var wanted = options.Of(world, parse);
            if (parse.GetValue(guest) is not { } name)
                return Print(
                    world,
                    parse.GetValue(options.Json),
                    host,
                    new(
                        null,
                        GuestXml.Fragment(choice.Card!, wanted),
                        null,
                        ["With --vm NAME the functions also get one slot of that virtual machine, behind a root port of its own."]));
            var before = world.Libvirt.DescriptionOf(name);
            try
            {
                var after = GuestXml.With(before, choice.Card!, wanted, out var notes);
                // A file that was written by hand differs in spelling everywhere; what is shown is what changes.
                var plain = Markup.Write(Markup.Parse(before));
                var difference = parse.GetValue(whole)
                    ? after
                    : UnifiedDiff.Of(plain, after, $"{world.Libvirt.Read().Folder}/qemu/{name}.xml");
                return Print(
                    world,
                    parse.GetValue(options.Json),
                    host,
                    new(name, null, difference, [.. notes, .. Next(name, after != plain, plain == before)]));
            }
            catch (FormatException wrong)
            {
                throw new HostException(
                    $"The description of {Visible.Text(name, 80)} cannot be read: {wrong.Message}.",
                    $"Look at it: {Virsh.OfSystem} dumpxml {ShellWord.Or(name, "NAME")}");
            }
        });
        return command;
    }

    private static Command Qemu(CommandContext world)
    {
        var options = new Wanted(world);
        var command = new Command("qemu", "The card's functions as arguments of QEMU");
        foreach (var option in options.All) command.Options.Add(option);
        command.SetAction(async (parse, cancel) =>
        {
            var host = await world.Reader().ReadAsync(SnapshotSections.Devices, null, cancel);
            var choice = world.Choose(host, parse.GetValue(options.Card));
            if (choice.Obstacle is { } obstacle) return Refusal.Say(world, parse.GetValue(options.Json), host, obstacle);
            var arguments = QemuArguments.Of(choice.Card!, options.Of(world, parse));
            if (parse.GetValue(options.Json))
            {
                JsonText.Print(
                    world.Out,
                    new GuestQemuDocument(JsonText.Schema, arguments, UnknownFields.Of(host)),
                    context => context.GuestQemuDocument);
                return ExitCodes.Done;
            }
            // An option and its value on a line, as a shell takes them.
            for (var at = 0; at < arguments.Length; at += 2)
                world.Page.Line($"{arguments[at]} {ShellWord.Quoted(arguments[at + 1])}{(at + 2 < arguments.Length ? " \\" : "")}");
            return ExitCodes.Done;
        });
        return command;
    }

    private sealed record Answer(string? Guest, string? Fragment, string? Difference, ImmutableArray<string> Notes);

    private static IEnumerable<string> Next(string name, bool differs, bool isAsWritten)
    {
        if (!differs)
        {
            yield return $"{name} has all of it already.";
            yield break;
        }
        if (!isAsWritten) yield return "Its file was not written by libvirt; the difference is to the same in libvirt's spelling.";
        yield return "Nothing has been written. While it does not run: "
            + $"gputty guest xml --vm {ShellWord.Or(name, "NAME")} --whole > new.xml && {Virsh.OfSystem} define new.xml";
    }

    private static int Print(CommandContext world, bool json, HostSnapshot host, Answer answer)
    {
        if (json)
            JsonText.Print(
                world.Out,
                new GuestXmlDocument(
                    JsonText.Schema,
                    answer.Guest,
                    Lines(answer.Fragment),
                    Lines(answer.Difference),
                    answer.Notes,
                    UnknownFields.Of(host)),
                context => context.GuestXmlDocument);
        // For virsh define and patch as it is; a terminal gets no control characters.
        else if (!world.IsTerminal) world.Out.Write(answer.Fragment ?? answer.Difference);
        else
            foreach (var line in Lines(answer.Fragment ?? answer.Difference)!) world.Page.Line(line);
        foreach (var note in answer.Notes) world.Remarks.Line(note);
        return ExitCodes.Done;
    }

    private static string[]? Lines(string? text) => text is null ? null : text.Length == 0 ? [] : text.TrimEnd('\n').Split('\n');

    /// <summary>The card and what goes with it, with the same words for both.</summary>
    private sealed class Wanted
    {
        private readonly Option<string?> _rom = new Option<string?>("--rom")
        {
            Description = "An image of the card's firmware for the guest to use instead of the card's own",
            HelpName = "FILE",
        }.NamesFile();
        private readonly Option<string?> _glass = new("--looking-glass")
        {
            Description = "Memory for Looking Glass: MiB, or the size of the picture, such as 2560x1440",
            HelpName = "MIB|WIDTHxHEIGHT",
        };
        private readonly Option<bool> _kvmfr = new("--kvmfr")
        {
            Description = "That memory is /dev/kvmfr0, of the module kvmfr, which saves the host a copy of each picture",
        };
        private readonly Option<bool> _iommufd = new("--iommufd")
        {
            Description = "Use /dev/iommu instead of the older interface: needs libvirt 12.1 or QEMU 8.2, and a kernel with it",
        };
        private readonly Option<bool> _noBalloon = new("--no-balloon")
        {
            Description = "No memory balloon: a guest with a card has all its memory pinned, so it could give none back",
        };
        private readonly Option<bool> _noVideo = new("--no-video")
        {
            Description = "No emulated graphics: the card is the only screen. First make sure that the guest has its driver",
        };
        private readonly Option<bool> _hideKvm = new("--hide-kvm")
        {
            Description = "Hide KVM from the guest: only NVIDIA's drivers before 465 refuse to work without it",
        };

        public Wanted(CommandContext world)
        {
            Card = Options.Card(world);
            _glass.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<string?>() is { } text && Size(text) is null)
                    result.AddError($"--looking-glass takes 16 to 1024 MiB or a size such as 2560x1440, not '{Visible.Text(text, 40)}'.");
            });
        }

        public Option<string?> Card { get; }
        public Option<bool> Json { get; } = Options.Json();

        public IEnumerable<Option> All => [Card, _rom, _glass, _kvmfr, _iommufd, _noBalloon, _noVideo, _hideKvm, Json];

        public GuestOptions Of(CommandContext world, ParseResult parse)
        {
            if (parse.GetValue(_rom) is { } rom && world.RomProblem(rom) is { } problem)
                throw new HostException(problem.Problem, problem.Remedy);
            return new(
                parse.GetValue(_rom) is { } file ? Path.GetFullPath(file) : null,
                parse.GetValue(_glass) is { } glass ? Size(glass) : null,
                parse.GetValue(_iommufd),
                parse.GetValue(_kvmfr),
                parse.GetValue(_noBalloon),
                parse.GetValue(_noVideo),
                parse.GetValue(_hideKvm));
        }

        private static int? Size(string text)
        {
            var parts = text.Split('x')
                .Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
                .ToArray();
            return parts switch
            {
                [>= 16 and <= 1024 and var size] => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)size),
                [>= 320 and <= 16384 and var width, >= 200 and <= 16384 and var height] when GuestOptions.LookingGlassFor(
                    width, height) is <= 1024 and var needed =>
                    needed,
                _ => null,
            };
        }
    }
}
