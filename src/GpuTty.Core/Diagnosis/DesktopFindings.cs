using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Text;

namespace GpuTty.Diagnosis;

/// <summary>Who works with the cards now, and how such programs are known to let go of one.</summary>
internal static class DesktopFindings
{
    private static readonly string[] s_soundServers = ["pipewire", "wireplumber", "pulseaudio", "pipewire-pulse", "jackd", "jackdbus"];

    public static IEnumerable<Finding> Of(HostSnapshot host, MachineDetails details) =>
        [
            .. Console(host),
            .. Compositors(host),
            .. CardDrivers.Movable(host).SelectMany(card => (IEnumerable<Finding>)[.. Sound(host, card), .. Containers(host, card)]),
        ];

    private static IEnumerable<Finding> Console(HostSnapshot host)
    {
        var boot = host.Devices.FirstOrDefault(device => device is { IsGraphics: true, IsBootVga: true });
        var shown = host.Console.Shown;
        if (boot is null && shown is null) yield break;
        var by = shown is null ? "which card draws the text consoles is unknown"
            : shown.FirmwareDriver is { } early ? $"the text consoles are drawn by {early}, on the firmware framebuffer"
            : shown.Device is { } device && host.Find(device)?.Driver is { } driver
                ? $"the text consoles are drawn by {driver} on {device.ShortName}"
                : $"the text consoles are drawn by {Visible.Text(shown.Name, 40)}";
        yield return MachineFindings.Fact(
            DiagnosisCode.ConsoleDrawnBy,
            boot is null ? $"{char.ToUpperInvariant(by[0])}{by[1..]}." : $"The firmware used {boot.Address.ShortName} at boot; {by}.");
    }

    /// <summary>Each kind once, whoever's it is.</summary>
    private static IEnumerable<Finding> Compositors(HostSnapshot host)
    {
        var drivers = CardDrivers.Movable(host)
            .Select(card => card.Display.Driver)
            .OfType<string>()
            .Where(driver => !VfioSupport.IsVfioDriver(driver))
            .Distinct()
            .ToList();
        return from name in host.Holders.Select(holder => CompositorNames.Of(holder.Name)).OfType<string>().Distinct()
               from driver in drivers
               select MachineFindings.Fact(DiagnosisCode.Compositor, $"{name} with {driver}: {CompositorNames.Release(name, driver)}");
    }

    private static IEnumerable<Finding> Sound(HostSnapshot host, Card card)
    {
        var servers = host.Holders.Where(holder => s_soundServers.Contains(holder.Program))
            .Where(holder => holder.Nodes.Any(node => node.Kind == NodeKind.Sound && node.Device is { } device && card.Contains(device)))
            .Select(holder => holder.Program).Distinct().ToList();
        if (servers.Count > 0)
            yield return MachineFindings.Fact(
                DiagnosisCode.SoundServer,
                $"{string.Join(" and ", servers.Select(name => Visible.Text(name, 20)))} "
                    + $"{Counted.Word(servers.Count, "holds", "hold")} the sound function of {card.Address.SlotName}; "
                    + "gputty stops such services for a switch, and starts them again.");
    }

    private static IEnumerable<Finding> Containers(HostSnapshot host, Card card) =>
        from holder in host.Holders
        where holder is { Container: not null, GuestNumber: null } && card.Functions.Any(function => holder.Holds(function.Address))
        group holder by holder.Container! into container
        select new Finding(DiagnosisCode.ContainerHoldsCard, FindingGroup.Attention, SwitchEffect.Now,
            $"The container {Visible.Text(container.Key, 60)} uses {card.Address.SlotName} "
                + $"({Counted.Names([.. container.Select(holder => Visible.Text(holder.Name, 20)).Distinct()], 4)}): "
                + "a switch loses its work there, and its manager may start it again at once.",
            "Stop it with its manager (docker stop, podman stop, kubectl drain), then switch.", null, null);
}

/// <summary>Compositors by the names of their processes, and what is known of how they let go of a second card.</summary>
internal static class CompositorNames
{
    public static string? Of(string process) => ProgramName.Of(process) switch
    {
        "gnome-shell" => "GNOME Shell",
        "kwin_wayland" => "KWin",
        "sway" => "Sway",
        "Hyprland" => "Hyprland",
        "niri" => "niri",
        "cosmic-comp" => "COSMIC",
        "labwc" => "labwc",
        "wayfire" => "wayfire",
        "river" => "river",
        "gamescope" or "gamescope-wl" => "gamescope",
        "Xorg" or "X" => "Xorg",
        _ => null,
    };

    public static string Release(string compositor, string driver) => (compositor, driver) switch
    {
        ("GNOME Shell", _) =>
            "it keeps a card open until the session ends, even one that is gone; with gputty keep-off it never opens the card.",
        ("KWin", "nvidia") =>
            "it lets go of a second card that goes away, but /dev/nvidia-modeset stays open until the session ends; "
                + "with gputty keep-off it never opens the card.",
        ("KWin", _) => "it lets go of a second card when udev announces its removal, but never of the card that it draws with.",
        ("Hyprland", "nvidia") => "it keeps NVIDIA's card open until the session ends; with gputty keep-off it never opens the card.",
        ("Hyprland", _) => "it lets go of a second card when udev announces its removal.",
        ("niri", _) =>
            "it keeps a card open until the session ends; with gputty keep-off, or its setting ignore-drm-device, it never opens the card.",
        ("COSMIC", "nvidia") =>
            "it has been seen to keep NVIDIA's nodes open after the last monitor was gone; with gputty keep-off it never opens the card.",
        ("Xorg", _) => "it keeps a card open until it ends; with AutoAddGPU off, or gputty keep-off, it never opens a second one.",
        ("Sway" or "labwc" or "wayfire" or "river", _) =>
            "it lets go of the outputs of a card that goes away, but what EGL has opened stays open until the session ends; "
                + "with gputty keep-off it never opens the card.",
        _ => "it is not known how it lets go of a card; with gputty keep-off it never opens the card.",
    };
}
