using System.CommandLine;
using GpuTty.Cli.Guests;
using GpuTty.Cli.Json;
using GpuTty.Host;
using GpuTty.Host.Guests;
using GpuTty.Text;

namespace GpuTty.Cli.Commands;

/// <summary><c>gputty hook</c>: libvirt gives the card to a guest that starts, and returns it to the host when that has ended.</summary>
internal static class HookCommand
{
    public static Command Create(CommandContext world) => new(
        "hook", "Have libvirt give the card to a virtual machine that starts, and return it to the host when that has ended")
    {
        Install(world), Remove(world), Status(world), HookCheckCommand.Create(world), Run(world), Proxmox(world), Return(world),
    };

    private static Command Install(CommandContext world)
    {
        var only = Guests(world);
        only.Description = "Only for this virtual machine; may be given several times";
        var all = new Option<bool>("--all") { Description = "For every virtual machine whose description names a card: as without --vm" };
        var dryRun = Options.DryRun();
        dryRun.Description = "Only print the file; change nothing";
        var command = new Command("install", "Install the hook, one small file of libvirt's") { only, all, dryRun };
        command.Validators.Add(result =>
        {
            if (result.GetValue(all) && result.GetResult(only) is { Implicit: false })
                result.AddError("--all and --vm cannot both be meant.");
        });
        command.SetAction(async (parse, cancel) =>
        {
            var state = world.Libvirt.Read();
            var script = new HookScript([.. world.Program()], [.. parse.GetValue(only) ?? []]);
            if (!state.IsInstalled)
                return Refuse(
                    world,
                    LibvirtState.NotInstalled,
                    "Install libvirt first; without it, see gputty run.");
            if (state.Hook == HookPresence.Foreign)
                return Refuse(world, $"{state.HookPath} is there, and is not gputty's.", "See what it does, and move it away.");
            if (parse.GetValue(dryRun))
            {
                world.Page.Line($"{state.HookPath}, mode 0755:");
                foreach (var line in script.Text().TrimEnd('\n').Split('\n')) world.Verbatim.Line($"    {line}");
                return ExitCodes.Done;
            }
            if (!world.IsRoot) return NeedsRoot(world);
            await world.Libvirt.InstallHookAsync(script, cancel);
            world.Page.Line($"Installed {state.HookPath}, {About(script)}. It needs libvirt 6.5 or newer.");
            if (state.Folder == LibvirtState.FolderOfNixOs)
                world.Page.Line("NixOS empties that folder when libvirtd starts: name the file in virtualisation.libvirtd.hooks.qemu too.");
            HookPrinter.Warnings(world.Page, world.Libvirt.Read(), await world.Reader().ReadAsync(SnapshotSections.Devices, null, cancel));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Remove(CommandContext world)
    {
        var command = new Command("remove", "Remove the hook");
        command.SetAction(async (parse, cancel) =>
        {
            var state = world.Libvirt.Read();
            if (state.Hook == HookPresence.Foreign)
                return Refuse(world, $"{state.HookPath} is not gputty's.", "Remove it yourself if that is what you want.");
            if (state.Hook != HookPresence.Absent && !world.IsRoot) return NeedsRoot(world);
            // Also what is left of one that could not be written whole.
            if (world.IsRoot) world.Libvirt.RemoveHook();
            world.Page.Line(state.Hook == HookPresence.Absent ? "There is no hook of gputty's." : $"Removed {state.HookPath}.");
            // Without the hook nobody brings these home.
            GivenCard.Print(world.Page, GivenCard.Of(world, await world.Reader().ReadAsync(SnapshotSections.Devices, null, cancel)));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Status(CommandContext world)
    {
        var json = Options.Json();
        var command = new Command(
            "status", "Show whether the hook is there and works, which virtual machines want a card, and what was given")
        {
            json,
        };
        command.SetAction(async (parse, cancel) =>
        {
            var state = world.Libvirt.Read();
            var host = await world.Reader().ReadAsync(SnapshotSections.Devices, null, cancel);
            var given = GivenCard.Of(world, host);
            if (parse.GetValue(json)) JsonText.Print(world.Out, HookDocument.Of(state, host, given), context => context.HookDocument);
            else HookPrinter.Print(world.Page, state, host, given);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Run(CommandContext world)
    {
        var only = Guests(world);
        only.Description = "Only for this virtual machine";
        var words = new Argument<string[]>("GUEST OPERATION SUB EXTRA")
        {
            Description = "What libvirt says: guest, operation, sub-operation, extra; the description on standard input",
            Arity = new ArgumentArity(3, 8),
        };
        var command = new Command("run", "What libvirt calls") { only, words };
        command.SetAction((parse, cancel) => HookRun.RunAsync(world, parse.GetValue(only) ?? [], parse.GetRequiredValue(words), cancel));
        return command;
    }

    private static Command Proxmox(CommandContext world)
    {
        var guest = new Argument<string?>("VMID") { Description = "Number of the virtual machine", Arity = ArgumentArity.ZeroOrOne };
        var phase = new Argument<string?>("PHASE")
        {
            Description = "pre-start, post-start, pre-stop or post-stop",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var print = new Option<bool>("--print") { Description = "Only print the hookscript; it goes into a storage's snippets" };
        var command = new Command("proxmox", "What a hookscript of Proxmox VE calls, and the hookscript") { guest, phase, print };
        command.Validators.Add(result =>
        {
            if (result.GetValue(print))
            {
                if (result.GetValue(guest) is not null) result.AddError("--print stands alone.");
            }
            else if (result.GetValue(phase) is null) result.AddError("It takes the number of a virtual machine, and a phase.");
            else if (!ProxmoxConfig.IsNumber(result.GetValue(guest)!)) result.AddError("A virtual machine of Proxmox VE has a number.");
        });
        command.SetAction(async (parse, cancel) =>
        {
            if (!parse.GetValue(print))
                return await HookRun.ProxmoxAsync(world, parse.GetValue(guest)!, parse.GetValue(phase)!, cancel);
            world.Out.Write(new HookScript([.. world.Program()], []).ProxmoxText());
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>Given to itself when a guest has ended.</summary>
    private static Command Return(CommandContext world)
    {
        var token = new Argument<string>("token");
        var command = new Command("return") { token };
        command.Hidden = true;
        command.SetAction(async (parse, cancel) =>
        {
            await world.ClearUp();
            return await GuestReturn.RunAsync(world, parse.GetRequiredValue(token), cancel);
        });
        return command;
    }

    private static Option<string[]> Guests(CommandContext world)
    {
        var option = new Option<string[]>("--vm") { HelpName = "NAME" };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token =>
                token.Value.Length == 0 || token.Value.Contains('/', StringComparison.Ordinal) || token.Value.Any(char.IsControl)))
                result.AddError("--vm takes the name of a virtual machine.");
        });
        option.CompletionSources.Add(_ =>
            world.Libvirt
                .Read().Guests
                .Select(guest => new System.CommandLine.Completions.CompletionItem(Visible.Text(guest.Name, 80)))
                .ToList());
        return option;
    }

    private static string About(HookScript script) =>
        script.Guests.IsEmpty ? "for every virtual machine whose description names a card" : $"for {string.Join(", ", script.Guests)}";

    private static int Refuse(CommandContext world, string problem, string remedy)
    {
        world.Remarks.Problem(problem, remedy);
        return ExitCodes.Refused;
    }

    private static int NeedsRoot(CommandContext world)
    {
        world.Remarks.Problem(
            "Only root can change libvirt's hooks.", "Run it again with sudo; gputty hook install --dry-run needs no root.");
        return ExitCodes.NeedsRoot;
    }
}
