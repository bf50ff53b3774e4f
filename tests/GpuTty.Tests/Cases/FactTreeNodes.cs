namespace GpuTty.Tests.Cases;

internal sealed partial class FactTree
{
    private int _usb;

    /// <summary>A DRM device: of a function, of a device below it (<c>via=</c>), or of no PCI device at all (<c>platform=</c>).</summary>
    private void AddScreen(FactLine line)
    {
        var (address, number) = (line.Plain[0], line.Plain[1]);
        var below = line["platform"] is { } platform ? $"sys/devices/platform/{platform}" : Of(address, line["via"]);
        AddClass("drm", $"card{number}", $"{below}/drm/card{number}", $"226:{number}", $"dri/card{number}");
        foreach (var text in (line["connectors"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var connector = text.Split(':');
            var folder = $"{below}/drm/card{number}/card{number}-{connector[0]}";
            _tree.Folder(folder);
            if (connector[1] != "unread") _tree.File($"{folder}/status", $"{connector[1]}\n");
            Link($"sys/class/drm/card{number}-{connector[0]}", folder);
        }
        if (line["render"] is { } render)
            AddClass("drm", $"renderD{render}", $"{below}/drm/renderD{render}", $"226:{render}", $"dri/renderD{render}");
        if (line["control"] is { } control)
            AddClass("drm", $"controlD{control}", $"{below}/drm/controlD{control}", $"226:{control}", $"dri/controlD{control}");
        if (line["seat"] != "no")
            _tree.File($"run/udev/data/c226:{number}", "I:1\nG:seat\nG:master-of-seat\nQ:seat\nQ:master-of-seat\nV:1\n");
    }

    private void AddSound(FactLine line)
    {
        var number = line.Plain[1];
        var folder = $"{Of(line.Plain[0])}/sound/card{number}";
        AddClass("sound", $"card{number}", folder, null, "");
        foreach (var node in SoundNodes(line, number))
            AddClass("sound", node[0], $"{folder}/{node[0]}", $"{node.ElementAtOrDefault(2) ?? "116"}:{node[1]}", $"snd/{node[0]}");
    }

    /// <summary>Name and minor number of each, and its major number where it is not ALSA's.</summary>
    private static IEnumerable<string[]> SoundNodes(FactLine line, string number) =>
        line["nodes"] is { } nodes ? nodes.Split(',').Select(node => node.Split(':'))
        : [[$"controlC{number}", line.Plain[2]], [$"pcmC{number}D3p", $"{int.Parse(line.Plain[2]) + 1}"]];

    private void AddFramebuffer(FactLine line)
    {
        var number = line.Plain[0];
        var below = line["of"] is { } address ? Of(address, line["via"])
            : $"sys/devices/platform/{line["platform"] ?? "simple-framebuffer.0"}";
        AddClass("graphics", $"fb{number}", $"{below}/graphics/fb{number}", $"29:{number}", $"fb{number}");
        if (line.Plain[1] != "none") _tree.File($"{below}/graphics/fb{number}/name", $"{line.Plain[1]}\n");
    }

    private void AddConsole(FactLine line)
    {
        var folder = $"sys/devices/virtual/vtconsole/vtcon{line.Plain[0]}";
        _tree.File($"{folder}/name", $"{line.Plain[1]}\n").File($"{folder}/bind", line.Has("bound") ? "1\n" : "0\n");
        Link($"sys/class/vtconsole/vtcon{line.Plain[0]}", folder);
        if (line["shows"] is { } framebuffer) _tree.Root.ConsoleFramebuffer = int.Parse(framebuffer);
    }

    private void AddVfioGroup(string number, string node) =>
        AddClass("vfio", number, $"sys/devices/virtual/vfio/{number}", node, $"vfio/{number}");

    private void AddVfioDevice(FactLine line)
    {
        var number = line.Plain[1];
        AddClass("vfio-dev", $"vfio{number}", $"{Of(line.Plain[0])}/vfio-dev/vfio{number}", line.Plain[2], $"vfio/devices/vfio{number}");
    }

    private void AddNvidia(FactLine line)
    {
        _tree.File($"proc/driver/nvidia/gpus/{Full(line.Plain[0])}/information", $"Model: \t\t NVIDIA\nDevice Minor: \t {line.Plain[1]}\n");
        AddNode($"nvidia{line.Plain[1]}", $"195:{line.Plain[1]}");
        AddNode("nvidiactl", "195:255");
        AddNode("nvidia-modeset", "195:254");
        AddNode("nvidia-uvm", "509:0");
        if (IsThere("proc/devices")) return;
        _tree.File("proc/devices", "Character devices:\n  4 tty\n 29 fb\n116 alsa\n195 nvidia\n195 nvidia-modeset\n195 nvidiactl\n226 drm\n"
            + "508 nvidia-caps\n509 nvidia-uvm\n\nBlock devices:\n259 blkext\n");
    }

    /// <summary>A mediated device: <c>mediated UUID of=00:02.0 group=21</c>; its group holds nothing but it.</summary>
    private void AddMediated(FactLine line)
    {
        var folder = $"{Of(line["of"]!)}/{line.Plain[0]}";
        _tree.File($"{folder}/uevent", "DRIVER=vfio_mdev\n");
        Link($"sys/bus/mdev/devices/{line.Plain[0]}", folder);
        Link($"{folder}/iommu_group", $"sys/kernel/iommu_groups/{line["group"]}");
        Link($"sys/kernel/iommu_groups/{line["group"]}/devices/{line.Plain[0]}", folder);
    }

    private void AddUsb(FactLine line)
    {
        var number = ++_usb;
        var (name, kind) = (line.Plain[1], line.Plain[2]);
        var folder = $"{Of(line.Plain[0])}/usb{number}/{number}-1";
        _tree.File($"{folder}/bDeviceClass", "00\n").File($"{folder}/product", $"{name}\n");
        Link($"sys/bus/usb/devices/{number}-1", folder);
        if (kind == "other") return;
        var input = $"{folder}/{number}-1:1.0/input/input{number}";
        _tree.File($"{input}/name", $"{name}\n")
            .File($"{input}/capabilities/key", kind == "keyboard" ? "fffffffffffffffe\n" : "70000 0 0 0 0\n")
            .File($"{input}/capabilities/rel", kind == "keyboard" ? "0\n" : "3\n").File($"{input}/capabilities/abs", "0\n");
        Link($"sys/class/input/input{number}", input);
    }

    private void AddNet(FactLine line)
    {
        var folder = $"{Of(line.Plain[0])}/net/{line.Plain[1]}";
        _tree.Folder(folder);
        Link($"sys/class/net/{line.Plain[1]}", folder);
        if (line.Has("default"))
            _tree.File("proc/net/route", "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\n"
                + $"{line.Plain[1]}\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\n");
    }

    private void AddDisk(FactLine line)
    {
        var folder = $"{Of(line.Plain[0])}/block/{line.Plain[1]}";
        _tree.Folder(folder).File($"dev/{line.Plain[1]}", "");
        Link($"sys/class/block/{line.Plain[1]}", folder);
        Append("proc/self/mountinfo", $"22 1 259:1 / {line.Plain[2]} rw - ext4 /dev/{line.Plain[1]} rw\n");
    }
}
