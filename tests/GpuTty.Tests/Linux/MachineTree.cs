using GpuTty.Interop;

namespace GpuTty.Tests.Linux;

/// <summary>A machine's files in a temporary folder, links and all, as the kernel lays them out.</summary>
internal sealed class MachineTree : IDisposable
{
    public MachineTree() : this(System.IO.Path.GetTempPath())
    {
    }

    /// <param name="below">Where the folder is made.</param>
    public MachineTree(string below)
    {
        Path = Directory.CreateDirectory(
            $"{below.TrimEnd('/')}/gputty-tree{Guid.NewGuid():N}",
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
        Root = new FileSystemRoot(Path);
    }

    public string Path { get; }
    public FileSystemRoot Root { get; }

    public MachineTree File(string path, string text) => File(path, System.Text.Encoding.UTF8.GetBytes(text));

    public MachineTree File(string path, byte[] bytes)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(At(path))!);
        System.IO.File.WriteAllBytes(At(path), bytes);
        return this;
    }

    public MachineTree Folder(string path)
    {
        Directory.CreateDirectory(At(path));
        return this;
    }

    /// <summary>A relative link, as sysfs has them.</summary>
    public MachineTree Link(string path, string target)
    {
        var folder = System.IO.Path.GetDirectoryName(At(path))!;
        Directory.CreateDirectory(folder);
        System.IO.File.CreateSymbolicLink(At(path), System.IO.Path.GetRelativePath(folder, At(target)));
        return this;
    }

    /// <summary>A link with this very text, as /proc has them.</summary>
    public MachineTree LinkText(string path, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(At(path))!);
        System.IO.File.Delete(At(path));
        System.IO.File.CreateSymbolicLink(At(path), text);
        return this;
    }

    /// <summary>A PCI function below a path of sys/devices, with the attributes every function has.</summary>
    public MachineTree Pci(string address, string code, string id, string below = "pci0000:00")
    {
        var folder = Device(address, below);
        File($"{folder}/class", $"0x{code}\n")
            .File($"{folder}/vendor", $"0x{id.Split(':')[0]}\n")
            .File($"{folder}/device", $"0x{id.Split(':')[1]}\n");
        return Link($"sys/bus/pci/devices/{address}", folder);
    }

    public MachineTree Attribute(string address, string name, string text, string below = "pci0000:00") =>
        File($"{Device(address, below)}/{name}", text);

    public MachineTree Driver(string address, string driver, string? module, string below = "pci0000:00")
    {
        Folder($"sys/bus/pci/drivers/{driver}").Link($"{Device(address, below)}/driver", $"sys/bus/pci/drivers/{driver}");
        if (module is not null && !Directory.Exists(At($"sys/module/{module}")))
            Folder($"sys/module/{module}").Link($"sys/bus/pci/drivers/{driver}/module", $"sys/module/{module}");
        return this;
    }

    public MachineTree Group(int number, string address, string below = "pci0000:00") =>
        Link($"{Device(address, below)}/iommu_group", $"sys/kernel/iommu_groups/{number}")
            .Link($"sys/kernel/iommu_groups/{number}/devices/{address}", Device(address, below));

    /// <summary>An entry of /sys/class below a function, with its number and its name below /dev.</summary>
    public MachineTree Class(string kind, string name, string where, string? number = null, string? node = null)
    {
        var folder = $"sys/devices/pci0000:00/{where}";
        Folder(folder).Link($"sys/class/{kind}/{name}", folder);
        if (number is not null)
            File($"{folder}/dev", $"{number}\n").File($"{folder}/uevent", $"MAJOR={number.Split(':')[0]}\nDEVNAME={node ?? name}\n");
        return this;
    }

    public string At(string path) => $"{Path}/{path}";

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static string Device(string address, string below) => $"sys/devices/{below}/{address}";
}
