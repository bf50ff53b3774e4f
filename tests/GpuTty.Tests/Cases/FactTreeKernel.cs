namespace GpuTty.Tests.Cases;

internal sealed partial class FactTree
{
    /// <summary>Drivers that every distribution's modules.alias offers; a fact file adds its own before or after them.</summary>
    private static readonly string[] s_aliases =
    [
        "pci:v000010DEd*sv*sd*bc03sc*i* nouveau", "pci:v00001002d*sv*sd*bc03sc00i00* amdgpu", "pci:v*d*sv*sd*bc0Csc03i30* xhci_pci",
        "pci:v000010DEd*sv*sd*bc04sc03i00* snd_hda_intel", "pci:v00001002d*sv*sd*bc04sc03i00* snd_hda_intel",
    ];

    private bool RunsSystemd => Only("systemd", "yes") == "yes";

    private void AddKernel()
    {
        var release = Only("kernel", "6.12.10");
        if (!IsThere("proc/1")) AddProcess(new FactLine("process", RunsSystemd ? "1 systemd in=/init.scope" : "1 init in=/"));
        _tree
            .File("proc/sys/kernel/osrelease", $"{release}\n")
            .File("proc/sys/kernel/hostname", "stranger\n")
            .File("proc/cmdline", $"{Only("cmdline", "quiet")}\n")
            .File("proc/sys/kernel/modules_disabled", $"{Only("modules-disabled", "0")}\n")
            .File("proc/sys/kernel/tainted", $"{Only("taint", "0")}\n")
            .File("proc/sys/kernel/random/boot_id", "00000000-0000-4000-8000-000000000001\n")
            .File("sys/class/tty/tty0/active", "tty1\n")
            .Folder("sys/bus/pci/devices");
        if (RunsSystemd) _tree.Folder("run/systemd/system");
        if (!IsThere("etc/passwd"))
            _tree.File("etc/passwd", "root:x:0:0::/root:/bin/sh\nuser:x:1000:1000::/home/user:/bin/bash\nsddm:x:119:119::/:/bin/false\n");
        AddModules($"{Only("modules-in", $"lib/modules/{release}")}");
    }

    private void AddModules(string folder)
    {
        var isBound = All("pci").Any(line => line["driver"] == "vfio-pci");
        var vfio = Only("vfio", isBound ? "loaded" : "module");
        if (vfio is "loaded" or "builtin") AddDriver("vfio-pci", vfio == "loaded" ? "vfio_pci" : null);
        const string folderOfVfio = "kernel/drivers/vfio/pci";
        var offered = vfio is "module" or "loaded" ? $"{folderOfVfio}/vfio-pci.ko.zst: {folderOfVfio}/vfio-pci-core.ko.zst\n" : "";
        var missing = All("not-installed").Select(line => line.Rest).ToHashSet();
        // What was loaded was installed, unless the file says otherwise.
        var loaded = All("module").Select(line => line.Plain[0]).Where(name => !missing.Contains(name));
        if (!IsWithout("modules.dep"))
            _tree.File(
                $"{folder}/modules.dep",
                $"kernel/drivers/gpu/drm/drm.ko.zst:\n{offered}{string.Concat(loaded.Select(name => $"kernel/{name}.ko.zst:\n"))}");
        if (vfio == "builtin") _tree.File($"{folder}/modules.builtin", $"{folderOfVfio}/vfio-pci.ko\n");
        var aliases = s_aliases.Concat(All("alias").Select(line => line.Rest));
        _tree.File($"{folder}/modules.alias", string.Concat(aliases.Select(alias => $"alias {alias}\n")));
        foreach (var line in All("module")) AddModule(line, $"sys/module/{line.Plain[0]}");
        if (IsWithout("proc/modules")) return;
        _tree.File("proc/modules", string.Concat(All("module").Select(line =>
            $"{line.Plain[0]} 16384 {line.Plain[1]} {(line["used-by"] is { } users ? $"{users}," : "-")} Live 0x0\n")));
    }

    private void AddModule(FactLine line, string folder)
    {
        _tree.File($"{folder}/initstate", "live\n").File($"{folder}/refcnt", $"{line.Plain[1]}\n").Folder($"{folder}/holders");
        // What is common today, unless the file says otherwise.
        if (line.Plain[0] == "nvidia") _tree.File($"{folder}/version", $"{line["version"] ?? "580.119.02"}\n");
        if (line.Plain[0] == "nvidia_drm") _tree.File($"{folder}/parameters/modeset", "Y\n");
        foreach (var user in (line["used-by"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
            _tree.Folder($"{folder}/holders/{user}");
    }

    private void AddProcess(FactLine line)
    {
        var (pid, name, uid) = (line.Plain[0], line.Plain[1], line["uid"] ?? "0");
        var folder = $"proc/{pid}";
        var comm = name.Length > 15 ? name[..15] : name;
        var start = 1000 + int.Parse(pid);
        _tree.File($"{folder}/comm", $"{comm}\n").File($"{folder}/maps", "")
            .File($"{folder}/status", $"Name:\t{comm}\nUid:\t{uid}\t{uid}\t{uid}\t{uid}\n")
            .File($"{folder}/stat", $"{pid} ({comm}) S {line["parent"] ?? "1"} 1 1 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 {start} 1 1 1\n")
            .File($"{folder}/cgroup", $"0::{line["in"] ?? "/"}\n").Folder($"{folder}/map_files").Folder($"{folder}/fd");
        if (line["env"] is { } environment) _tree.File($"{folder}/environ", $"{environment.Replace(';', '\0')}\0");
        var open = (line["open"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        for (var at = 0; at < open.Length; at++)
            File.CreateSymbolicLink(_tree.At($"{folder}/fd/{at + 3}"), _tree.At(open[at].TrimStart('/')));
    }

    /// <summary>Who looks: the control group of gputty itself, and the console it sits at.</summary>
    private void AddCaller(FactLine line)
    {
        _tree.File("proc/self/cgroup", $"0::{line["in"]}\n");
        if (line["vt"] is not { } vt) return;
        AddNode($"tty{vt}", $"4:{vt}");
        _tree.Folder("proc/self/fd");
        File.CreateSymbolicLink(_tree.At("proc/self/fd/0"), _tree.At($"dev/tty{vt}"));
    }
}
