using System.Runtime.InteropServices;
using GpuTty.Tests.Linux;

namespace GpuTty.Tests.Cases;

/// <summary>A fact file made into a machine's files. Kinds of lines that
/// end in files of the same sort share a part of this class.</summary>
internal sealed partial class FactTree
{
    private const uint CharacterDevice = 0x2000 | 0x180;
    private readonly MachineTree _tree;
    private readonly List<FactLine> _lines;

    public FactTree(MachineTree tree, IEnumerable<FactLine> lines)
    {
        (_tree, _lines) = (tree, [.. lines]);
        foreach (var line in _lines) Add(line);
        AddKernel();
        ManagersAsTools.Write(tree, _lines);
        new ToolScript(tree, "lspci").Prints(Lspci());
    }

    private void Add(FactLine line)
    {
        switch (line.Kind)
        {
            case "kernel" or "cmdline" or "systemd" or "vfio" or "modules-in" or "alias" or "taint" or "without": break;
            case "module" or "not-installed" or "modules-disabled": break;
            case "session" or "no-logind" or "display-manager" or "unit": break;
            case "hypervisor": _tree.File("sys/hypervisor/type", $"{line.Rest}\n"); break;
            case "file": AddFile(line.Rest.Split(" = ", 2)); break;
            case "modprobe": Append($"etc/modprobe.d/{line.Plain[0]}", $"{line.Rest[(line.Plain[0].Length + 1)..]}\n"); break;
            case "lingers": _tree.File($"var/lib/systemd/linger/{line.Rest}", ""); break;
            case "pci": AddFunction(line); break;
            case "driver": AddDriver(line.Plain[0], line.Plain.ElementAtOrDefault(1)); break;
            case "group-member": _tree.Folder($"sys/kernel/iommu_groups/{line.Plain[0]}/devices/{line.Plain[1]}"); break;
            case "screen": AddScreen(line); break;
            case "sound": AddSound(line); break;
            case "framebuffer": AddFramebuffer(line); break;
            case "console": AddConsole(line); break;
            case "vfio-group": AddVfioGroup(line.Plain[0], line.Plain[1]); break;
            case "vfio-device": AddVfioDevice(line); break;
            case "nvidia": AddNvidia(line); break;
            case "kfd": AddClass("kfd", "kfd", "sys/devices/virtual/kfd/kfd", "511:0", "kfd"); break;
            case "node": AddNode(line.Plain[0], line.Plain[1]); break;
            case "mediated": AddMediated(line); break;
            case "process": AddProcess(line); break;
            case "viewer": AddCaller(line); break;
            case "usb": AddUsb(line); break;
            case "net": AddNet(line); break;
            case "disk": AddDisk(line); break;
            default: throw new InvalidDataException($"Nobody knows what this line of a fact file says: {line.Kind} {line.Rest}");
        }
    }

    private void AddFile(string[] parts) =>
        _tree.File(parts[0], $"{parts[1].Replace("\\n", "\n").Replace("\\t", "\t").Replace("\\0", "\0")}\n");

    private string Only(string kind, string otherwise) => _lines.Find(line => line.Kind == kind)?.Rest ?? otherwise;

    private IEnumerable<FactLine> All(string kind) => _lines.Where(line => line.Kind == kind);

    private bool IsThere(string path) => File.Exists(_tree.At(path)) || Directory.Exists(_tree.At(path));

    private void Append(string path, string text) => _tree.File(path, (IsThere(path) ? File.ReadAllText(_tree.At(path)) : "") + text);

    private void Link(string path, string target)
    {
        if (!IsThere(path)) _tree.Link(path, target);
    }

    private void AddNode(string name, string number)
    {
        var path = $"dev/{name}";
        if (IsThere(path)) return;
        var parts = number.Split(':');
        Directory.CreateDirectory(Path.GetDirectoryName(_tree.At(path))!);
        var (major, minor) = (uint.Parse(parts[0]), uint.Parse(parts[1]));
        var device = (minor & 0xff) | (major << 8) | ((ulong)(minor & ~0xffu) << 12);
        if (MakeNode(_tree.At(path), CharacterDevice, device) != 0) throw new IOException($"{path}: errno {Marshal.GetLastPInvokeError()}");
    }

    private void AddClass(string kind, string name, string where, string? number, string node)
    {
        _tree.Folder(where);
        Link($"sys/class/{kind}/{name}", where);
        if (number is null) return;
        var parts = number.Split(':');
        _tree.File($"{where}/dev", $"{number}\n").File($"{where}/uevent", $"MAJOR={parts[0]}\nMINOR={parts[1]}\nDEVNAME={node}\n");
        AddNode(node, number);
    }

    [LibraryImport("libc", EntryPoint = "mknod", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int MakeNode(string path, uint mode, ulong device);
}
