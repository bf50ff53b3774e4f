using System.Text.Json;
using GpuTty.Host.Desktop;
using GpuTty.Host.Settings;
using GpuTty.Interop;
using GpuTty.Linux.Settings;
using GpuTty.Text;

namespace GpuTty.Linux.Desktop;

/// <summary>
/// What switches a laptop between its graphics cards: supergfxd, what asusd did before it, Cardwire, envycontrol, and the firmware of
/// ASUS's laptops. They name no address and mean the card that was added to the processor's.
/// </summary>
internal static class GpuModeDaemons
{
    private const string Integrated = "Integrated";

    /// <summary>asus-armoury, and what came before it (drivers/platform/x86/asus-armoury.c, asus-wmi.c): "1" is off.</summary>
    private static readonly string[] s_dgpuDisable =
    [
        "class/firmware-attributes/asus-armoury/attributes/dgpu_disable/current_value", "devices/platform/asus-nb-wmi/dgpu_disable",
    ];

    public static IEnumerable<ConflictingTool> Read(FileSystemRoot root, BoundedFiles files) =>
        ((ConflictingTool?[])[Supergfxd(files), Asusd(files), Cardwire(files), Envycontrol(files), AsusFirmware(root)])
            .OfType<ConflictingTool>();

    /// <summary>Unbinds the card, takes it off the bus or gives it to vfio-pci when its mode changes.</summary>
    private static ConflictingTool? Supergfxd(BoundedFiles files)
    {
        if (files.File("etc/supergfxd.conf") is not { } file) return null;
        var mode = Setting(file.Text, "mode");
        return new(
            null,
            $"supergfxd moves the card itself when its mode changes{(mode is null ? "" : $" (now {mode})")}",
            "Use one of the two: systemctl disable --now supergfxd")
        {
            Tool = MovingTool.Supergfxd,
            Where = new SourceLine(file.Path, null),
            SwitchOn = mode == Integrated ? "supergfxctl --mode Hybrid, then log out" : null,
        };
    }

    /// <summary>Its mode "integrated" is a rule that takes NVIDIA's cards off the bus as soon as they appear.</summary>
    private static ConflictingTool? Envycontrol(BoundedFiles files) =>
        ((string[])["etc/udev/rules.d", "lib/udev/rules.d"]).Select(folder => files.File($"{folder}/50-remove-nvidia.rules"))
            .FirstOrDefault(rule => rule?.Text.Contains("EnvyControl", StringComparison.OrdinalIgnoreCase) == true) is { } file
            ? new(null, "envycontrol takes NVIDIA's card off the bus", "Use one of the two: envycontrol --reset")
            {
                Tool = MovingTool.Envycontrol,
                Where = new SourceLine(file.Path, null),
                SwitchOn = "envycontrol --switch hybrid, then reboot",
            }
            : null;

    private static ConflictingTool? AsusFirmware(FileSystemRoot root) =>
        s_dgpuDisable.Select(root.Sys).FirstOrDefault(path => SysFiles.Word(path) == "1") is { } path
            ? new(null, "the firmware has switched the graphics card off (dgpu_disable)", $"echo 0 > {root.Shown(path)}")
            {
                Tool = MovingTool.AsusFirmware,
                Where = new SourceLine(root.Shown(path), null),
                SwitchOn = $"echo 0 | sudo tee {root.Shown(path)}, then reboot",
            }
            : null;

    private static ConflictingTool? Asusd(BoundedFiles files) =>
        files.File("etc/asusd/asusd.conf") is { } file && Setting(file.Text, "gfx_vfio_enable") == "true"
            ? new(null, "asusd may give the card to vfio-pci itself (gfx_vfio_enable)",
                "Use one of the two: set gfx_vfio_enable to false in /etc/asusd/asusd.conf")
            { Tool = MovingTool.Asusd, Where = new SourceLine(file.Path, null) }
            : null;

    /// <summary>Does not move it, but hides it from programs.</summary>
    private static ConflictingTool? Cardwire(BoundedFiles files) =>
        !files.Exists("etc/cardwire/cardwire.toml") ? null
        : new(null, "Cardwire hides the card from programs in some of its modes, also after it has been returned to the host",
            "Where a program does not find it: cardwire set hybrid")
        { Tool = MovingTool.Cardwire, Where = new SourceLine("/etc/cardwire/cardwire.toml", null) };

    /// <summary>A setting of a JSON file as text; null for what is none.</summary>
    private static string? Setting(string text, string name)
    {
        try
        {
            using var file = JsonDocument.Parse(text);
            return file.RootElement.ValueKind == JsonValueKind.Object && file.RootElement.TryGetProperty(name, out var value)
                ? Visible.Text(value.ValueKind is JsonValueKind.True ? "true" : value.ToString(), 40) : null;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
