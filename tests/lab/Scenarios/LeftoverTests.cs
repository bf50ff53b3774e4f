using System.Text.Json;
using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>
/// A machine whose owner has followed the first article to its end, on a driver that behaves like
/// NVIDIA's: doctor names all of it, the card moves anyway, and what undoes it brings every file back.
/// </summary>
public sealed class LeftoverTests : Scenario
{
    /// <summary>As the article has it, for the maker of the card that is here; its two scripts have their first lines. Without
    /// ucsi_ccg, which others blacklist as well and which stays.</summary>
    private const string Recipe = """
        manager=$(basename "$(readlink -f /etc/systemd/system/display-manager.service)")
        mkdir -p "/etc/systemd/system/$manager.d"
        printf '[Service]\nRestart=no\n' >"/etc/systemd/system/$manager.d/10-no-restart.conf"
        printf 'blacklist %s\n' nvidia nvidia_drm nvidia_uvm nvidia_peer_mem nvidia_modeset nvidia-nvlink xhci_pci >/etc/modprobe.d/blacklist-nvidia.conf
        echo 'options nvidia NVreg_EnableGpuFirmware=0' >>/etc/modprobe.d/blacklist-nvidia.conf
        printf 'options nvidia_drm modeset=0\noptions nvidia NVreg_InitializeSystemMemoryAllocations=0\n' >/etc/modprobe.d/nvidia-article.conf
        cat >/etc/udev/rules.d/80-nvidia-composite.rules <<'END'
        # Unified NVIDIA/AMD GPU management
        ACTION=="add", SUBSYSTEM=="drm", KERNEL=="card*", ATTRS{vendor}=="0x1234", \
            RUN+="/bin/sh -c 'chmod 000 /dev/dri/%k; echo GNOME_MUTTER_IGNORE_DEVICE=1 >> /etc/environment'"

        ACTION=="add", SUBSYSTEM=="pci", ATTR{vendor}=="0x1234", ATTR{class}=="0x038000", ATTR{enable}="0"
        END
        echo GNOME_MUTTER_IGNORE_DEVICE=1 >>/etc/environment
        cat >/etc/systemd/system/nvidia-lock.service <<'END'
        [Unit]
        Description=Hardened NVIDIA Lock
        Before=display-manager.service
        Conflicts=multi-user.target

        [Service]
        Type=oneshot
        ExecStart=/bin/sh -c 'echo 0 > /sys/class/vtconsole/vtcon0/bind'
        ExecStart=/bin/sh -c 'chmod 000 /dev/dri/card0'

        [Install]
        WantedBy=graphical.target
        END
        printf '#!/bin/bash\nsystemctl stop %s\necho 1 | tee /sys/bus/pci/devices/0000:01:00.0/remove\nrmmod nvidia_drm nvidia\necho 1 | tee /sys/bus/pci/rescan\n' "$manager" >/usr/local/bin/nvidia-unlock
        printf '#!/bin/bash\necho vfio-pci | tee /sys/bus/pci/devices/0000:01:00.0/driver_override\necho 0000:01:00.0 | tee /sys/bus/pci/drivers/vfio-pci/bind\n' >/usr/local/bin/nvidia-locker
        chmod 755 /usr/local/bin/nvidia-unlock /usr/local/bin/nvidia-locker
        systemctl daemon-reload
        systemctl enable nvidia-lock.service
        """;

    private static readonly string[] s_codes =
    [
        "usb-blacklisted", "driver-blacklisted", "nvidia-firmware-off", "modeset-off", "nvidia-memory-not-cleared",
        "udev-node-permissions", "udev-edits-environment", "udev-disables-device",
        "environment-ignored", "desktop-no-restart",
        "unit-touches-card", "switch-script",
    ];

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task The_first_article_is_named_whole_and_the_card_moves_all_the_same() => PlayAsync(Hardware.Nvidia, async machine =>
    {
        await machine.Shell.DoAsync(Recipe);
        var found = await FoundAsync(machine);
        foreach (var code in s_codes) Assert.Contains(found, one => one.Code == code);

        await machine.Gputty.ExpectAsync(0, ToVm);
        await machine.Pci.AssertCardIsReadyForVmAsync();
        await machine.Gputty.ExpectAsync(0, ToHost);
        await machine.Pci.AssertDriverAsync(Pci.Card, "nvidia");
        await machine.Desktop.AssertUsableAsync();

        // After a start nobody loads the driver: the card goes away anyway,
        // comes back as it was, and what keeps the driver from it is named.
        await machine.RebootAsync();
        await machine.Gputty.ExpectAsync(0, ToVm);
        await machine.Pci.AssertCardIsReadyForVmAsync();
        var plan = await machine.Gputty.ExpectAsync(0, $"plan host --card {Pci.Card}");
        Assert.Contains("it had none before", plan);
        Assert.DoesNotContain("the desktop", plan);
        Assert.Contains("has no driver", await machine.Gputty.ExpectAsync(0, ToHost));
        await machine.Pci.AssertDriverAsync(Pci.Card, Pci.NoDriver);
        await machine.Pci.AssertDriverAsync(Pci.CardSound, "snd_hda_intel");
    });

    [ProgramFact]
    [Trait("Lab", "full")]
    public Task Each_command_that_is_named_brings_the_files_back_and_so_does_the_fix_and_its_undo() =>
        PlayAsync(Hardware.Nvidia, async machine =>
        {
            // The guest has an old script of its own.
            await machine.Shell.DoAsync("rm /usr/local/bin/old-script");
            var before = await FilesAsync(machine);
            await machine.Shell.DoAsync(Recipe);
            var after = await FilesAsync(machine);
            Assert.NotEqual(before, after);

            await machine.Gputty.ExpectAsync(0, $"doctor --fix {string.Join(' ', s_codes)} --yes");
            Assert.DoesNotContain(await FoundAsync(machine), one => s_codes.Contains(one.Code));
            await machine.Gputty.ExpectAsync(0, "doctor --fix --undo --yes");
            Assert.Equal(after, await FilesAsync(machine));

            foreach (var command in (await FoundAsync(machine))
                .Where(one => s_codes.Contains(one.Code))
                .Select(one => one.Command)
                .OfType<string>()
                .Distinct())
                await machine.Shell.DoAsync(command, Gputty.Patience);
            Assert.DoesNotContain(await FoundAsync(machine), one => s_codes.Contains(one.Code));
            Assert.Equal(before, await FilesAsync(machine));
        });

    private static async Task<List<(string Code, string? Command)>> FoundAsync(Machine machine)
    {
        // Exits with 2 where a check is refused: that is no matter here.
        var said = (await machine.Gputty.RunAsync("doctor --json")).Output;
        using var document = JsonDocument.Parse(said);
        return [.. document.RootElement
            .GetProperty("findings")
            .EnumerateArray()
            .Select(one => (one.GetProperty("code").GetString()!, one.GetProperty("command").GetString()))];
    }

    /// <summary>Every file and link that somebody keeps there, with owner, permissions
    /// and content. The initramfs is built anew, and is not among them.</summary>
    private static Task<string> FilesAsync(Machine machine) => machine.Shell.DoAsync(
        "find /etc /usr/local/bin \\( -type f -o -type l \\) ! -name '*.gputty' -printf '%p %y %m %u %g %l\\n' | sort; "
            + "find /etc /usr/local/bin -type f -print0 | sort -z | xargs -0 sha256sum");
}
