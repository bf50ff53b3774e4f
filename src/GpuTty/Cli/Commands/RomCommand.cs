using System.CommandLine;
using GpuTty.Cli.Json;
using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Guests;
using GpuTty.Text;

namespace GpuTty.Cli.Commands;

/// <summary><c>gputty rom save|check</c>: a card's firmware as a file,
/// and whether a guest can use it. A card is never written to.</summary>
internal static class RomCommand
{
    public static Command Create(CommandContext world) =>
        new("rom", "Save a card's firmware for a virtual machine, or check such a file") { Save(world), Check(world) };

    private static Command Save(CommandContext world)
    {
        var card = Options.Card(world);
        var output = new Option<string?>("--output", "-o") { Description = "Write it to this new file", HelpName = "FILE" }
            .NamesFile();
        var json = Options.Json();
        var command = new Command("save", "Save the firmware of an unused card; changes nothing on the card") { card, output, json };
        command.SetAction(async (parse, cancel) =>
        {
            if (!world.IsRoot) throw new NeedsRootException("Only root can read a card's firmware.");
            var host = await world.ReadAsync(cancel);
            var choice = world.Choose(host, parse.GetValue(card));
            byte[]? kept = null;
            if ((choice.Obstacle ?? Against(host, choice.Card!)) is { } obstacle
                && (choice.Card is null || (kept = Kept(world, choice.Card.Display)) is null))
                return Refusal.Say(world, parse.GetValue(json), host, obstacle);
            var display = choice.Card!.Display;
            var isFree = Against(host, choice.Card) is null;
            if ((isFree ? await ReadAsync(world, display, cancel) : kept) is not { } bytes) return ExitCodes.Interrupted;
            if (!isFree) world.Remarks.Line("The card is in use, so this is what the machine's firmware keeps of it (ACPI table VFCT).");
            if (RomImage.Read(bytes) is not { } image)
                throw new HostException(
                    $"What {display.Address.ShortName} shows is no firmware image ({Counted.Of(bytes.Length, "byte")}).",
                    "A card that showed the picture when the machine started often keeps it hidden: "
                        + "put the machine to sleep and wake it, then try again.");
            var path = world.WriteReport(
                parse.GetValue(output),
                $"{display.Id.ToString().Replace(':', '-')}.rom",
                image.Leading > 0 ? bytes[image.Leading..] : bytes);
            return Say(world, parse.GetValue(json), host, path, bytes.Length, image, display, isSaved: true);
        });
        return command;
    }

    private static Command Check(CommandContext world)
    {
        var file = new Argument<string>("FILE") { Description = "An image of a card's firmware" }.NamesFile();
        var card = Options.Card(world);
        var trim = new Option<string?>("--trim")
        {
            Description = "Write the images without what stands before them to this new file",
            HelpName = "FILE",
        }.NamesFile();
        var json = Options.Json();
        var command = new Command("check", "Show what is in a file with a card's firmware, and whether a virtual machine can use it")
        {
            file,
            card,
            trim,
            json,
        };
        command.SetAction(async (parse, cancel) =>
        {
            var path = parse.GetRequiredValue(file);
            var bytes = Read(path);
            var host = await world.Reader().ReadAsync(SnapshotSections.Devices, null, cancel);
            // Without a card that is meant it is only looked at for itself.
            var choice = world.Choose(host, parse.GetValue(card));
            if (parse.GetValue(card) is not null && choice.Obstacle is { } obstacle)
                return Refusal.Say(world, parse.GetValue(json), host, obstacle);
            if (RomImage.Read(bytes) is not { } image)
                throw new HostException($"{Visible.Text(path, 200)} holds no image of a card's firmware.", "Name another file.");
            if (parse.GetValue(trim) is { } fresh)
            {
                if (image.Leading == 0) world.Remarks.Line("Nothing stands before the first image; no file has been written.");
                else
                {
                    var written = world.WriteReport(fresh, "", bytes[image.Leading..]);
                    world.Remarks.Line($"{Counted.Of(image.Leading, "byte")} left out: {written}");
                }
            }
            return Say(world, parse.GetValue(json), host, path, bytes.Length, image, choice.Card?.Display, isSaved: false);
        });
        return command;
    }

    /// <summary>Reading goes through the card's memory window, under a driver that may be using it for something else.</summary>
    private static Obstacle? Against(HostSnapshot host, Card card) => card.Display switch
    {
        _ when GuestCards.IsInUse(host, card) => Obstacle.MachineRunning.In(host, card.HoldersIn(host).First()),
        { Driver: null } or { IsOnVfio: true } => null,
        var display => new Obstacle.RomUnderDriver(display),
    };

    /// <summary>What was opened for reading is closed, whoever calls it off.</summary>
    /// <returns>Null where it was called off.</returns>
    private static async Task<byte[]?> ReadAsync(CommandContext world, PciDevice display, CancellationToken cancel)
    {
        using var calledOff = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            using (world.OnInterrupt(calledOff.Cancel)) return await world.CardRom(display.Address, calledOff.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            world.Remarks.Line("Cancelled. The card is as it was.");
            return null;
        }
        catch (HostException)
        {
            if (Kept(world, display) is not { } kept) throw;
            world.Remarks.Line("The card shows nothing, so this is what the machine's firmware keeps of it (ACPI table VFCT).");
            return kept;
        }
    }

    /// <summary>What the machine's firmware keeps of the card's; null where it has none, and where it cannot be read,
    /// which is told as an error.</summary>
    private static byte[]? Kept(CommandContext world, PciDevice display)
    {
        try
        {
            return world.FirmwareRom(display);
        }
        catch (HostException unread)
        {
            world.Remarks.Problem(unread.Message, unread.Remedy);
            return null;
        }
    }

    private static byte[] Read(string path)
    {
        try
        {
            if (!Path.Exists(path))
                throw new HostException($"{Visible.Text(path, 200)} does not exist.", "Name an image of a card's firmware.");
            if (!File.Exists(path) || new FileInfo(path).Length is 0 or > RomImage.Largest)
                throw new HostException(
                    $"{Visible.Text(path, 200)} is no file of 1 byte to 16 MiB.", "Name an image of a card's firmware.");
            return File.ReadAllBytes(path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new HostException(
                $"{Visible.Text(path, 200)} cannot be read: {refused.Message}",
                "Name another file, or run gputty as root.",
                refused);
        }
    }

    private static int Say(
        CommandContext world, bool json, HostSnapshot host, string path, int size, RomImage image, PciDevice? card, bool isSaved)
    {
        // What was saved has been cut already.
        List<string> problems = [.. (isSaved ? image with { Leading = 0 } : image).Problems(card)], notes = [.. image.Notes()];
        if (json)
            JsonText.Print(
                world.Out,
                new RomDocument(
                    JsonText.Schema,
                    path,
                    size,
                    image.Leading,
                    image.Trailing,
                    [.. image.Parts.Select(RomPartFields.Of)],
                    problems,
                    notes,
                    UnknownFields.Of(host)),
                context => context.RomDocument);
        else
        {
            foreach (var line in Table.Lines([.. image.Parts.Select(part =>
                (string[])[
                    $"{part.Offset}",
                    Counted.Of(part.Length, "byte"),
                    Word(part),
                    $"{part.Vendor:x4}:{part.Device:x4}",
                    part.IsChecksumGood switch { true => "checksum good", false => "checksum wrong", null => "" },
                    part.IsLast ? "last" : "",
                ])]))
                world.Page.Line(line);
            foreach (var problem in problems) world.Page.Line(new Part("!! ", Ink.Bad), problem);
            foreach (var note in notes) world.Page.Line(new Part("!  ", Ink.Warn), note);
            if (isSaved)
                world.Page.Line(
                    $"Saved: {path}. For libvirt, put it where QEMU can read it: install -m 0644 {ShellWord.Quoted(path)} "
                        + "/var/lib/libvirt/");
        }
        return problems.Count > 0 ? ExitCodes.Refused : ExitCodes.Done;
    }

    private static string Word(RomPart part) => part.Code switch
    {
        RomCode.X86 => "BIOS",
        RomCode.Efi => part.EfiMachine == 0x8664 ? "EFI for x86-64" : "EFI",
        RomCode.OpenFirmware => "Open Firmware",
        RomCode.PaRisc => "PA-RISC",
        _ => "the maker's own",
    };
}
