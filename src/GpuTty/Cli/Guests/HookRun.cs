using System.Text;
using GpuTty.Host;
using GpuTty.Host.Guests;
using GpuTty.Host.Settings;
using GpuTty.Planning.Checks;
using GpuTty.Text;

namespace GpuTty.Cli.Guests;

/// <summary>
/// <c>gputty hook run</c>, which libvirt calls (hooks.rst). Only the begin of a start and the very end of a guest matter: every other
/// call is answered at once, says nothing, and never fails. libvirt is not asked for anything, because it waits for this to end.
/// </summary>
internal static class HookRun
{
    /// <param name="only">The only guests that it is about; empty for all.</param>
    /// <param name="words">Guest, operation, sub-operation, extra.</param>
    public static async Task<int> RunAsync(
        CommandContext world, IReadOnlyCollection<string> only, IReadOnlyList<string> words, CancellationToken cancel)
    {
        // Read to its end in any case: libvirt writes the description to a pipe.
        var text = await ReadAsync(world.In, cancel);
        var name = words[0];
        if (only.Count > 0 && !only.Contains(name)) return ExitCodes.Done;
        return (words[1], words[2]) switch
        {
            ("prepare", "begin") => await PrepareAsync(world, name, text, cancel),
            ("release", "end") => await ReleaseAsync(world, name, DomainXml.Read(text, out _)),
            _ => ExitCodes.Done,
        };
    }

    /// <summary>One character more than is read at most tells that there was more.</summary>
    public static async Task<string> ReadAsync(TextReader input, CancellationToken cancel)
    {
        var text = new StringBuilder();
        var buffer = new char[16 * 1024];
        int count;
        while ((count = await input.ReadAsync(buffer.AsMemory(), cancel)) > 0)
            if (text.Length <= DomainXml.Longest) text.Append(buffer, 0, count);
        return text.ToString();
    }

    /// <summary>Hookscript of Proxmox VE: called with the number of a guest and a phase, and nothing on standard input.</summary>
    public static async Task<int> ProxmoxAsync(CommandContext world, string vmid, string phase, CancellationToken cancel)
    {
        if (phase is not ("pre-start" or "post-stop")) return ExitCodes.Done;
        var config = "";
        try
        {
            config = world.ProxmoxConfig(vmid) ?? "";
        }
        catch (HostException unread) when (phase == "pre-start")
        {
            // It may want a card.
            return Refuse(world, new Obstacle.StartFailed(unread.Message, unread.Remedy));
        }
        catch (HostException)
        {
            // Whose card is returned is known by the number alone.
        }
        var guest = ProxmoxConfig.Read(config, vmid, out var mappings);
        if (phase == "post-stop") return await ReleaseAsync(world, guest.Name, guest);
        var isNamed = GuestNames.Of(world.ConfiguredForGuests()[ConfigurationKey.HookVmNames]) is var names
            && (names.Has(vmid) || names.Has(guest.Name));
        // A guest that is listed gets the card that is configured.
        if (!isNamed && !mappings.IsEmpty)
        {
            try
            {
                var known = world.ProxmoxMappings();
                if (mappings.FirstOrDefault(mapping => known.Of(mapping).Length != 1) is { } unclear)
                    return Refuse(world, Unclear(guest, vmid, unclear, known.Of(unclear).IsEmpty));
                guest = guest with { Devices = [.. guest.Devices, .. mappings.SelectMany(mapping => known.Of(mapping)[0])] };
            }
            catch (HostException unread)
            {
                return Refuse(world, new Obstacle.StartFailed(unread.Message, unread.Remedy));
            }
        }
        return await PrepareAsync(world, guest, isNamed, cancel);
    }

    private static Obstacle.GuestUnreadable Unclear(GuestDescription guest, string vmid, string mapping, bool isNone) =>
        new(
            guest.Name,
            $"it gets a device by the mapping {Visible.Text(mapping, 60)}, for which /{ProxmoxMappings.Path} names "
                + $"{(isNone ? "none" : "several")} of this node; name the address instead, or list {vmid} in HOOK_VM_NAMES",
            $"Look at it: qm config {vmid}");

    private static async Task<int> PrepareAsync(CommandContext world, string name, string text, CancellationToken cancel)
    {
        if (DomainXml.Read(text, out var problem) is not { } guest) return Refuse(world, new Obstacle.GuestUnreadable(name, problem!));
        return await PrepareAsync(world, guest, GuestNames.Of(world.ConfiguredForGuests()[ConfigurationKey.HookVmNames]).Has(name), cancel);
    }

    private static async Task<int> PrepareAsync(CommandContext world, GuestDescription guest, bool isNamed, CancellationToken cancel)
    {
        if (guest.Devices.IsEmpty && !isNamed) return ExitCodes.Done;
        if (!world.IsRoot)
            return Refuse(
                world,
                new Obstacle.StartFailed(
                    "Only root can give a card to a virtual machine.",
                    "Install the hook for the system's libvirt: gputty hook install"));
        try
        {
            await world.ClearUp();
            return await new GuestStart(world, world.ConfiguredForGuests(), cancel).GiveAsync(guest, isNamed) is { } refused
                ? Refuse(world, refused)
                : ExitCodes.Done;
        }
        catch (HostException failed)
        {
            return Refuse(world, new Obstacle.StartFailed(failed.Message, failed.Remedy));
        }
    }

    /// <summary>libvirt heeds no failure here, and waits: what is left to do is done by somebody else.</summary>
    private static async Task<int> ReleaseAsync(CommandContext world, string name, GuestDescription? guest)
    {
        try
        {
            if (!world.IsRoot || GuestReturn.Find(world, name, guest) is not { } grant) return ExitCodes.Done;
            if (world.ConfiguredForGuests()[ConfigurationKey.AfterVm] == "keep") world.Grants.Delete(grant);
            else await world.StartBeside($"gputty-return-{grant.Token}.service", ["hook", "return", grant.Token]);
        }
#pragma warning disable CA1031 // Whatever went wrong, the guest has ended; the note stays, and gputty status tells of it.
        catch (Exception failed)
#pragma warning restore CA1031
        {
            Say(world, $"The card of {name} is not returned to the host automatically: {failed.Message}", "See: gputty status");
        }
        return ExitCodes.Done;
    }

    private static int Refuse(CommandContext world, Obstacle obstacle)
    {
        Say(world, obstacle.Problem, obstacle.Remedy);
        return ExitCodes.Refused;
    }

    /// <summary>One line, because virt-manager shows it after a sentence of its own.</summary>
    private static void Say(CommandContext world, string problem, string remedy) =>
        world.Error.WriteLine(Visible.Text($"gputty: {problem} {remedy}"));
}
