using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;

namespace GpuTty.Diagnosis;

/// <summary>Other programs that move or hide cards, and scripts of the administrator's own.</summary>
internal static class ToolLeftovers
{
    /// <summary>What is there where a program that switches cards is installed, and its name.</summary>
    private static readonly (string Mark, string Name)[] s_switchers =
    [
        ("/etc/gpupt", "gpupt"),
        ("/etc/vfio.conf", "vfioctl"),
        ("/etc/vfio-passthrough.conf", "a pair of scripts, host_to_vm.sh and vm_to_host.sh,"),
        ("/usr/lib/gpu-hotswitch", "gpu-hotswitch"),
    ];

    public static IEnumerable<Finding> Of(HostSnapshot host, SettingsFiles settings) =>
        [
            // What they do with other devices is no matter of cards.
            .. host.ConflictingTools
                .Where(other => other.Moves && (other.Device is not { } device || Card.FindAt(host, device) is not null))
                .Select(other => Keeper(settings, other)),
            .. Service(host, settings),
            .. Switchers(settings),
            .. Laptop(settings),
            .. Scripts(host, settings),
        ];

    private static Finding Keeper(SettingsFiles settings, ConflictingTool other) => other.Tool switch
    {
        MovingTool.Driverctl => new(
            DiagnosisCode.Driverctl,
            FindingGroup.Problem,
            SwitchEffect.NextBoot,
            $"{other.What}, and each time the device appears again.",
            "Use only one of the two",
            other.Device is { } device ? Correction.ByCommand($"driverctl unset-override {device}") : null,
            other.Where),
        MovingTool.Libvirt =>
            new(DiagnosisCode.LibvirtManaged, FindingGroup.Attention, SwitchEffect.Now, $"{other.What}.", other.Remedy, null, other.Where),
        MovingTool.Proxmox =>
            new(DiagnosisCode.ProxmoxHostpci, FindingGroup.Attention, SwitchEffect.Now, $"{other.What}.", other.Remedy, null, other.Where),
        MovingTool.Supergfxd when !settings.EnabledUnits.Contains("supergfxd.service") =>
            new(
                DiagnosisCode.Supergfxd,
                FindingGroup.Attention,
                SwitchEffect.Never,
                "supergfxd's settings are still there; it is not started at boot, and has no effect while it does not run.",
                "If supergfxd is not installed any more",
                new Correction("rm /etc/supergfxd.conf", [new FileChange.Removal("/etc/supergfxd.conf", null)]).Optional(),
                other.Where),
        MovingTool.Supergfxd =>
            new(
                DiagnosisCode.Supergfxd,
                FindingGroup.Problem,
                SwitchEffect.Now,
                $"{other.What}.",
                "Use only one of the two",
                Correction.ByCommand("systemctl disable --now supergfxd"),
                other.Where),
        MovingTool.Asusd =>
            new(DiagnosisCode.Asusd, FindingGroup.Attention, SwitchEffect.Now, $"{other.What}.", other.Remedy, null, other.Where),
        _ => new(DiagnosisCode.Cardwire, FindingGroup.Attention, SwitchEffect.Now, $"{other.What}.", other.Remedy, null, other.Where),
    };

    /// <summary>The service without its configuration, which it writes when it starts first.</summary>
    private static IEnumerable<Finding> Service(HostSnapshot host, SettingsFiles settings)
    {
        if (host.ConflictingTools.All(other => other.Tool != MovingTool.Supergfxd)
            && settings.EnabledUnits.Contains("supergfxd.service"))
            yield return new(
                DiagnosisCode.Supergfxd,
                FindingGroup.Problem,
                SwitchEffect.NextBoot,
                "supergfxd moves the card itself when its mode changes, and is started at boot.",
                "Use only one of the two",
                Correction.ByCommand("systemctl disable --now supergfxd"),
                null);
        foreach (var file in settings.Modprobe
            .Where(file => file.Name == "supergfxd.conf")
            .Concat(settings.UdevRules.Where(file => file.Name.Contains("supergfx", StringComparison.Ordinal) && !file.IsOfPackage)))
            yield return new(
                DiagnosisCode.Supergfxd,
                FindingGroup.Attention,
                SwitchEffect.NextBoot,
                "supergfxd has written this file, which stays when supergfxd is removed.",
                "If supergfxd is not installed any more",
                LeftoverRemoval.OfAll(file).Optional(),
                new SourceLine(file.Path, null));
    }

    private static IEnumerable<Finding> Switchers(SettingsFiles settings)
    {
        foreach (var (mark, name) in s_switchers)
            if (settings.Marks.FirstOrDefault(path =>
                path == mark
                || (mark.EndsWith("gpu-hotswitch", StringComparison.Ordinal)
                    && path.StartsWith(mark, StringComparison.Ordinal))) is { } there)
                yield return new(
                    DiagnosisCode.OtherSwitcher,
                    FindingGroup.Attention,
                    SwitchEffect.Never,
                    $"{char.ToUpperInvariant(name[0])}{name[1..]} is set up here and moves cards as well: "
                        + "neither of the two knows what the other has done.",
                    "Use only one of the two for a card.",
                    null,
                    new SourceLine(there, null));
        if (settings.Marks.Contains("/run/vfio_state"))
            yield return new(
                DiagnosisCode.OtherSwitcher,
                FindingGroup.Problem,
                SwitchEffect.Now,
                "The script host_to_vm.sh has given a card away in this boot and has noted here how it was; gputty does not know that.",
                "First bring the card back with vm_to_host.sh.",
                null,
                new SourceLine("/run/vfio_state", null));
        foreach (var hook in settings.Hooks.Where(file =>
            file.Name == "50-vfio-handover" && settings.Marks.All(mark => mark != "/etc/vfio.conf")))
            yield return new(
                DiagnosisCode.OtherSwitcher,
                FindingGroup.Attention,
                SwitchEffect.Now,
                "vfioctl's hook is installed and hands cards over as well.",
                "Use only one of the two for a card.",
                null,
                new SourceLine(hook.Path, null));
    }

    /// <summary>Programs that switch a laptop's card off leave a rule that removes it, and a blacklist.</summary>
    private static IEnumerable<Finding> Laptop(SettingsFiles settings)
    {
        if (settings.UdevRules.FirstOrDefault(file =>
            file.Name == "50-remove-nvidia.rules" && file.Text.Contains("remove", StringComparison.Ordinal)) is { } rule)
        {
            var isPrime = settings.Marks.Contains("/etc/prime-discrete");
            yield return new(
                DiagnosisCode.LaptopSwitcher,
                FindingGroup.Problem,
                SwitchEffect.NextBoot,
                $"{(isPrime ? "prime-select" : "envycontrol, or a program like it,")} has switched the NVIDIA card off: "
                        + "it is removed from the bus at each boot.",
                "To get the card back (then reboot)",
                isPrime
                    ? Correction.ByCommand("prime-select on-demand")
                    : settings.Marks.Any(mark => mark.EndsWith("/envycontrol", StringComparison.Ordinal))
                    ? Correction.ByCommand("envycontrol --switch hybrid")
                    : null,
                new SourceLine(rule.Path, null));
        }
        if (settings.Xorg.FirstOrDefault(file => file.Name.Contains("optimus-manager", StringComparison.Ordinal)) is { } optimus)
            yield return new(
                DiagnosisCode.LaptopSwitcher,
                FindingGroup.Attention,
                SwitchEffect.Now,
                "optimus-manager decides which card X draws with, and loads and unloads NVIDIA's driver itself.",
                "Use only one of the two",
                Correction.ByCommand("systemctl disable --now optimus-manager"),
                new SourceLine(optimus.Path, null));
        if (settings.Modprobe.FirstOrDefault(file => file.Name == "system76-power.conf") is { } power
            && ModprobeLine.Of(power).Any(line => line.Command is "blacklist" or "alias"))
            yield return new(
                DiagnosisCode.LaptopSwitcher,
                FindingGroup.Attention,
                SwitchEffect.NextBoot,
                "system76-power keeps the card's drivers from loading in its current mode.",
                "To get the card back (then reboot)",
                Correction.ByCommand("system76-power graphics hybrid"),
                new SourceLine(power.Path, null));
    }

    private static IEnumerable<Finding> Scripts(HostSnapshot host, SettingsFiles settings) =>
        from script in settings.Scripts
        where !script.Name.Contains("gputty", StringComparison.Ordinal)
        let signs = ScriptSigns.Of(script.Text)
        where (signs & (ScriptSign.Overrides | ScriptSign.Binds)) != 0
            || (signs.HasFlag(ScriptSign.Removes) && (signs & (ScriptSign.UnloadsModules | ScriptSign.StopsDesktop)) != 0)
        let targets = Targets.OfText(host, ScriptSigns.Code(script.Text))
        where targets.Tie != CardTie.Other
        let found = ScriptRemoval.With(settings, script, new(
            DiagnosisCode.SwitchScript,
            FindingGroup.Attention,
            SwitchEffect.Never,
            $"This script {ScriptSigns.Words(signs & ScriptSign.All)} when it is run, and gputty does not notice.{targets.Remark}",
            "Use gputty switch instead; to remove the script, if you do not need it",
            null,
            new SourceLine(script.Path, null)))
        select found with
        {
            Correction = (found.Correction is { Changes.Length: > 1 } all ? all.ThenRebuilt(settings) : found.Correction).Optional(),
        };
}
