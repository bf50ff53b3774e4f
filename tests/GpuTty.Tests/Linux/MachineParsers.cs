using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using GpuTty.Diagnosis;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Interop;
using GpuTty.Linux.Desktop;
using GpuTty.Linux.HostUses;
using GpuTty.Linux.Kernel;
using GpuTty.Linux.Nodes;
using GpuTty.Linux.Pci;
using GpuTty.Linux.Processes;
using GpuTty.Linux.State;
using GpuTty.Linux.Systemd;
using GpuTty.Linux.Vt;
using GpuTty.Linux.Worker;
using GpuTty.Linux.Writes;
using GpuTty.Simulation;
using GpuTty.Switching;
using GpuTty.Text;

namespace GpuTty.Tests.Linux;

/// <summary>Every parser of what the machine, a state file or a person says, listed by hand.</summary>
internal static class MachineParsers
{
    /// <summary>Its name, a sample as real machines give it, and the call.</summary>
    public static IReadOnlyDictionary<string, (string Sample, Action<byte[]> Parse)> All { get; } =
        new Dictionary<string, (string, Action<byte[]>)>
        {
            ["PciAddress"] = ("10000:e1:1f.7", Text(text => PciAddress.TryParse(text, out _))),
            ["libvirt guest"] = (
                "<domain type='kvm'><name>win11</name><uuid>6f1d0f6e-0b6c-4d0e-9d3e-6d1f0d2c5a11</uuid><devices><hostdev "
                    + "mode='subsystem' type='pci' managed='no'><source><address domain='0x0000' bus='0x01' slot='0x00' "
                    + "function='0x0'/></source></hostdev></devices></domain>",
                Text(text => GpuTty.Host.Guests.DomainXml.Read(text, out _))),
            ["owner of vfio's nodes"] = (
                VfioAccessText.Of(new VfioAccess(PciAddress.Parse("01:00.0"), 14, new VfioOwner(1000, 108, "joe and group kvm"))),
                Text(text => VfioAccessText.Parse(text))),
            ["CPU list"] = ("0-3,8,10-11\n", Text(text => CpuList.Parse(text))),
            ["initial RAM disk"] = (
                "usr/lib/modules/6.12.0/kernel/drivers/gpu/drm/amd/amdgpu/amdgpu.ko.zst\n"
                    + "-rw-r--r-- 1 root root 1 kernel/drivers/gpu/drm/nouveau/nouveau.ko\n",
                Text(text => GpuTty.Linux.Boot.EarlyModules.Parse(text))),
            ["libvirt hook"] = (
                new GpuTty.Host.Guests.HookScript(["/usr/local/bin/gputty"], ["win11", "it's"]).Text(),
                Text(text => GpuTty.Host.Guests.HookScript.Parse(text))),
            ["gputty.conf"] = (
                "CARD=\"01:00\" # mine\nHOOK_VM_NAMES=win11,*-gpu\nexport END_HOLDERS='term'\n",
                Text(text => GpuTty.Host.Settings.Configuration.Of(
                    [new(GpuTty.Host.Settings.ConfigurationSource.System, "/etc/gputty.conf", text)],
                    new Dictionary<string, string>()))),
            ["journal of systemd"] = (
                "{\"__REALTIME_TIMESTAMP\":\"1767225600000000\",\"MESSAGE\":[27,91,109,\"\\ud83d\"],\"PRIORITY\":\"3\"}",
                Text(text => UnitLogLine.Parse(text))),
            ["log.jsonl"] = (
                "{\"at\":\"2026-01-01T00:00:00+00:00\",\"level\":\"Info\",\"source\":\"Kernel\",\"text\":\"a\\ud83d\\ude00\"}\n",
                bytes => RunLog.Parse(bytes).ToList()),
            ["request"] = (
                JsonSerializer.Serialize(SwitchRequest.Of(Interrupted.Plan, [1, 2], "session-2.scope"), StateJson.Default.SwitchRequest),
                Refused(bytes => _ = SwitchRequest.Parse(bytes)?.Plan)),
            ["wish"] =
                ("{\"wish\":\"stop\",\"step\":3,\"unit\":{\"name\":\"ollama.service\",\"uid\":null}}", bytes => RequestFile.Parse(bytes)),
            ["journal events"] = (
                string.Join(
                    '\n',
                    Machines.Find("interrupted")!.Journal.Select(entry => JsonSerializer.Serialize(entry, StateJson.Default.RunEvent))),
                bytes => JournalReader.Parse(Sealed(bytes))),
            ["GL drivers"] = (
                "{\"file_format_version\":\"1.0.0\",\"ICD\":{\"library_path\":\"libEGL_\\ud83d\\ude00.so.0\"}}",
                Text(text => GlDrivers.Library(text))),
            ["desktop pin"] = (
                "[Service]\nEnvironment=__EGL_VENDOR_LIBRARY_FILENAMES=/usr/share/glvnd/egl_vendor.d/50_mesa.json\n",
                Text(text => GlDriverAllowLists.Value(text, GlDriverAllowList.EglVariable))),
            ["mountinfo"] = (
                "36 35 98:0 / /mnt\\040a rw,noatime master:1 - ext3 /dev/root\\134 rw,errors=continue\n",
                Text(text => StorageUses.Mounts(text).ToList())),
            ["swaps"] = (
                "Filename\tType\tSize\tUsed\tPriority\n/dev/dm-1\\040x    partition\t8388604\t0\t-2\n",
                Text(text => StorageUses.Swaps(text).ToList())),
            ["route"] = (
                "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\n"
                    + "eth0\t00000000\t0100A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n",
                Text(text => NetworkUses.DefaultRoutes(text, null))),
            ["ipv6_route"] = (
                "00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000064 "
                    + "00000001 00000000 00000003 eth0\n",
                Text(text => NetworkUses.DefaultRoutes(null, text))),
            ["seat tags"] = ("E:ID_SEAT=seat0\nG:seat\nG:master-of-seat\nQ:seat\n", Text(text => SeatRuleReader.IsOnSeat(text))),
            ["mutter tags"] = (
                "E:ID_SEAT=seat0\nG:mutter-device-ignore\nQ:mutter-device-ignore\n",
                Text(text => CompositorDeviceSettings.TagsOf(text).ToList())),
            ["cards of a compositor"] =
                ("/dev/dri/by-path/pci-0000\\:01\\:00.0-card:/dev/dri/card0", Text(text => CompositorDeviceSettings.Paths(text).ToList())),
            ["xorg.conf"] = (
                "Section \"ServerFlags\"\n  Option \"Auto_Add GPU\" \"off\"\nEndSection\n",
                Text(text => CompositorDeviceSettings.TurnsOffAutoAdd(text))),
            ["status"] = ("Name:\tcat\nUmask:\t0022\nUid:\t1000\t1000\t1000\t1000\n", Text(text => ProcHolders.ParseUid(text))),
            ["environ of a viewer"] = (
                "TERM=xterm\0DISPLAY=:0\0WAYLAND_DISPLAY=wayland-0\0", Text(text => CallerLocationReader.NamesDesktop(text))),
            ["words of tee"] = (
                "tee: /sys/bus/pci/drivers/nvidia/unbind: No such device\n",
                Harmless(bytes =>
                    KernelErrors.OfFile("/sys/bus/pci/drivers/nvidia/unbind", "0000:01:00.0", Encoding.UTF8.GetString(bytes)).Message)),
            ["words of modprobe"] = (
                "modprobe: FATAL: Module nvidia not found in directory /lib/modules/6.12.0\n",
                Harmless(bytes => KernelErrors.OfLoading("nvidia", Encoding.UTF8.GetString(bytes)).Message)),
            ["words of rmmod"] = (
                "rmmod: ERROR: Module nvidia is in use by: nvidia_modeset\n",
                Harmless(bytes => KernelErrors.OfUnloading("nvidia", Encoding.UTF8.GetString(bytes)).Message)),
            // As long as the kernel's lines are when they come here.
            ["kernel's lines"] = (
                "vfio-pci 0000:0a:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x0014] general protection fault: 0000 [#1] SMP",
                Text(text => KernelLogClassifier.LevelOf(Visible.Text(text, 1000), 4))),
            ["JournalReader"] =
                ("{\"event\":\"opened\",\"schema\":1,\"bootId\":\"x\",\"crc\":\"00000000\"}\n", bytes => JournalReader.Parse(bytes)),
            ["ProcModules"] = (
                "nvidia 111489024 8 nvidia_uvm,nvidia_modeset, Live 0x0000000000000000 (PO)\ncfg80211 56602624 - - Live 0x0\n",
                Text(text => ProcModules.Parse(text))),
            ["lsmod"] = ("Module Size Used by\nnvidia 12972032  1 nvidia_modeset\n", Text(text => ProcModules.ParseLsmod(text))),
            ["modules.alias"] = (
                "alias pci:v000010DEd*sv*sd*bc03sc00i00* nvidia\nalias pci:v*d*sv*[a-]sd*bc03sc*i* vfio_pci\n",
                Text(text => ModulesAlias.Parse("6.12", text).Find("pci:v000010DEd00002684sv00001043sd0000889Dbc03sc00i00"))),
            ["modalias"] = (
                "pci:v000010DEd00002684sv00001043sd0000889Dbc03sc00i00",
                Text(text => ModulesAlias.Parse("6.12", "alias pci:v000010DEd*sv*sd*bc03sc*i* nvidia\n").Find(text))),
            ["lspci"] = (
                "Slot:\t0000:01:00.0\nVendor:\tNVIDIA Corporation [10de]\nDevice:\tAD102 [GeForce RTX 4090] [2684]\n\n",
                Text(text => Lspci.Parse(text))),
            ["pci.ids"] = (
                "10de  NVIDIA Corporation\n\t2684  AD102 [GeForce RTX 4090]\n\t\t1043 889d  x\nC 03  Display\n",
                Text(text => PciIds.Parse(text, new HashSet<(int, int)> { (0x10de, 0x2684) }))),
            ["kmsg"] = (
                "4,1234,5678901,-;NVRM: Xid (PCI:0000:01:00): 79\\x1b[2J\\xe2\\x80\\xae\n SUBSYSTEM=pci\n",
                Harmless(bytes => KernelLogLine.Parse(bytes)?.Text)),
            ["show"] = ("Id=gdm.service\nLoadState=loaded\nActiveState=active\n\nId=x\n", Text(text => KeyValues.Parse(text))),
            ["systemctl"] = (
                "Id=gdm.service\nLoadState=loaded\nActiveState=active\n",
                Text(text => SystemdUnits.Parse(text, [new UnitName("gdm.service")]))),
            ["loginctl list"] = ("2 1000 fernando seat0 tty2\nc1 42 gdm seat0 tty1\n", Text(text => Logind.ParseList(text))),
            ["loginctl show"] = (
                "Id=2\nUser=1000\nName=fernando\nSeat=seat0\nVTNr=2\nType=wayland\nClass=user\nState=active\nLeader=1234\nRemote=no\n",
                Text(text => Logind.Parse(text))),
            ["passwd"] = ("root:x:0:0:root:/root:/bin/bash\nfernando:x:1000:1000::/home/f:/bin/sh\n", Text(text => Users.Parse(text))),
            ["device path owner"] =
                ("../../../devices/pci0000:00/0000:00:01.1/0000:01:00.0/simple-framebuffer.0/drm/card0", Text(text => PciPath.Owner(text))),
            ["device path parent"] = ("../../../devices/pci0000:00/0000:00:01.1/0000:01:00.0", Text(text => PciPath.Parent(text))),
            ["cgroup"] = (
                "0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-gnome\\x2dshell.scope\n",
                Text(text => ControlGroup.Parse(text))),
            ["cgroup of a container"] = (
                "0::/machine.slice/libpod-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.scope\n",
                Text(text => ControlGroup.Parse(text))),
            ["stat"] =
                ("1234 (a) b (c) S 1 1234 1234 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 1 2\n", Text(text => ProcessStat.Parse(text))),
            ["udev rule"] = (Rule, Text(text => SeatRuleText.Parse(text, true).ToList())),
            ["reserved_regions"] =
                ("0x00000000fee00000 0x00000000feefffff msi\n0x0 0xffff direct\n", Text(text => IommuGroups.ParseRegions(text))),
            ["active tty"] = ("tty3\n", Text(text => Framebuffers.ParseTty(text))),
            ["nvidia information"] =
                ("Model: \t\t NVIDIA GeForce RTX 4090\nDevice Minor: \t 0\n", Text(text => NvidiaNodes.ParseMinor(text))),
            ["/proc/devices"] = (
                "Character devices:\n195 nvidia\n195 nvidiactl\n506 nvidia-uvm\n\nBlock devices:\n",
                Text(text => NvidiaNodes.OfDriver(text).ToList())),
            ["driver nodes"] = ("226:1\n", Text(text => DriverNodes.ParseNumber(text))),
            ["environ"] = (
                "PATH=/usr/bin\0KWIN_DRM_DEVICES=/dev/dri/card1:/dev/dri/card0\0WLR_DRM_DEVICES=/dev/dri/card0\0",
                Text(text => CompositorDeviceSettings.Parse(text).ToList())),
            ["input role"] =
                ("10000 7 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe", Text(text => UsbUses.ParseRole(text, text, text))),
            ["maps"] = (
                "7f0000000000-7f0000001000 rw-s 00000000 00:06 1234                       /dev/nvidia0 (deleted)",
                bytes => ProcMaps.TryParse(bytes, out _)),
            ["attribute"] = ("0x10de\n", bytes => SysFiles.PlainWord(bytes)),
            ["link"] = ("../../../bus/pci/drivers/nvidia", Text(text => SysFiles.Target("/sys/devices/pci0000:00/0000:01:00.0", text))),
            ["libvirt domain"] = (
                "<domain><name>win11</name><devices><hostdev type='pci' managed='yes'><source><address domain='0x0000' bus='0x01' "
                    + "slot='0x00' function='0x0'/></source></hostdev></devices></domain>",
                Text(text => ConflictingTools.ParseDomain(text))),
            ["modprobe.d"] = (
                "# x\noptions vfio-pci ids=10de:2684,\\\n10de:22ba\ninstall vfio-pci /bin/x\nblacklist nouveau\n",
                Text(text => Leftovers.Of(With(new SettingsFiles { Modprobe = [new("/etc/modprobe.d/a.conf", text)] })))),
            ["rules of udev"] = (
                "# x\nACTION==\"add\", SUBSYSTEM==\"pci\", \\\n  ATTR{vendor}==\"0x10de\", "
                    + "RUN+=\"/bin/sh -c 'chmod 000 /dev/dri/card0'\", ATTR{remove}=\"1\"\n",
                Text(text => Leftovers.Of(With(new SettingsFiles { UdevRules = [new("/etc/udev/rules.d/a.rules", text)] })))),
            ["unit file"] = (
                "[Service]\n; x\nExecStart=/bin/sh -c 'echo 0 > /sys/class/vtconsole/vtcon0/bind' \\\n  x\nRestart=no\n",
                Text(text => Leftovers.Of(With(new SettingsFiles
                {
                    Units = [new("/etc/systemd/system/a.service", text), new("/etc/systemd/system/gdm.service.d/a.conf", text)],
                })))),
            ["hook"] = (
                "#!/bin/sh\n[ $2 = prepare ] || [ $2 = start ] && virsh nodedev-detach pci_0000_01_00_0\nsystemctl stop gdm\n",
                Text(text => Leftovers.Of(With(new SettingsFiles
                {
                    Hooks = [new("/etc/libvirt/hooks/qemu", text, true)],
                    Scripts = [new("/usr/local/bin/x", text, true)],
                })))),
            ["initramfs"] = (
                "MODULES=(vfio_pci\n vfio)\nforce_drivers+=\" vfio-pci \"\nvfio_pci ids=10de:2684\n",
                Text(text => Leftovers.Of(With(new SettingsFiles
                {
                    Boot = [new("/etc/mkinitcpio.conf", text), new("/etc/initramfs-tools/modules", text)],
                    Environment = [new("/etc/environment", text)],
                })))),
            ["sections of Xorg"] = (
                "Section \"Device\"\n  Driver \"nvidia\"\n  BusID \"PCI:1@0:0:0\"\nEndSection\n",
                Text(text => Leftovers.Of(With(new SettingsFiles { Xorg = [new("/etc/X11/xorg.conf", text)] })))),
            ["kernel command line"] = (
                "quiet video=efifb:off vfio-pci.ids=10de:2684 dyndbg=\"file x\" nomodeset -- 3",
                Text(text =>
                    Leftovers.Of(With(new SettingsFiles
                    {
                        CommandLines = [new("/etc/default/grub", $"GRUB_CMDLINE_LINUX=\"{text}\"\n")],
                    }) with
                    {
                        CommandLine = text,
                    }))),
            ["command line"] = (
                "switch vm --card 01:00 --yes --end-sessions --for 2h",
                Text(text => Cli.Gputty.Parse(Machines.Find("desktop")!.Machine.Snapshot(), text.Split(" ")))),
            ["report"] = ("\u001f\u008b\b", Harmless(bytes => Opened(bytes))),
            ["home.json"] = (
                "{\"devices\":[{\"address\":\"0000:01:00.0\",\"id\":{\"vendor\":4318,\"product\":1},\"driver\":\"nvidia\","
                    + "\"module\":null,\"override\":null}],\"modules\":[],\"units\":[]}",
                Json(bytes => JsonSerializer.Deserialize(bytes, StateJson.Default.OriginalState))),
            ["write in flight"] = (
                "{\"pid\":0,\"startTime\":0,\"command\":[\"tee\"],\"path\":\"x\",\"since\":\"2026-01-01T00:00:00+00:00\","
                    + "\"givenUp\":false,\"worker\":{\"pid\":1,\"startTime\":1,\"recovers\":false}}",
                Json(bytes => JsonSerializer.Deserialize(bytes, StateJson.Default.PendingWrite))),
            ["lock"] = (
                "{\"pid\":1,\"startTime\":1,\"recovers\":false}",
                Json(bytes => JsonSerializer.Deserialize(bytes, StateJson.Default.LockHolder))),
        };

    private static HostSnapshot With(SettingsFiles settings) =>
        Machines.Find("desktop")!.Machine.Snapshot() with { SettingsFiles = settings };

    private static string? Opened(byte[] bytes)
    {
        try
        {
            return GpuTty.Cli.Output.ReportArchive.Read(bytes, "it").Version;
        }
        catch (HostException refused)
        {
            return refused.Message;
        }
    }

    private static RunEvent.Opened Interrupted => (RunEvent.Opened)Machines.Find("interrupted")!.Journal[0];

    private static string Rule => SeatRuleText.Of(new SeatRule(PciAddress.Parse("01:00.0"), new PciId(0x10de, 0x2684), IsPermanent: false));

    private static Action<byte[]> Text(Action<string> parse) => bytes => parse(Encoding.UTF8.GetString(bytes));

    /// <summary>What comes out is shown to people.</summary>
    private static Action<byte[]> Harmless(Func<byte[], string?> parse) =>
        bytes => Assert.DoesNotContain(parse(bytes) ?? "", c => char.IsControl(c) || c == '\u202e');

    /// <summary>A whole line with a right checksum, or mutants would stop at that (JournalReader).</summary>
    private static byte[] Sealed(byte[] lines)
    {
        var sum = new Crc32();
        List<byte> all = [];
        foreach (var line in Encoding.Latin1.GetString(lines).Split('\n'))
        {
            var body = Encoding.Latin1.GetBytes(line.Length > 0 ? line[..^1] : line);
            sum.Append(body);
            all.AddRange([.. body, .. Encoding.ASCII.GetBytes($",\"crc\":\"{sum.GetCurrentHashAsUInt32():x8}\"}}\n")]);
        }
        return [.. all];
    }

    /// <summary>A request that cannot be read is refused in words.</summary>
    private static Action<byte[]> Refused(Action<byte[]> parse) => bytes =>
    {
        try { parse(bytes); }
        catch (HostException) { }
    };

    /// <summary>Callers expect this one exception of a broken file, and no other.</summary>
    private static Action<byte[]> Json(Action<byte[]> parse) => bytes =>
    {
        try { parse(bytes); }
        catch (JsonException) { }
    };
}
