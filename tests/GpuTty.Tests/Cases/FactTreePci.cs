namespace GpuTty.Tests.Cases;

internal sealed partial class FactTree
{
    private readonly Dictionary<string, string> _folders = [];

    private static string Full(string address) => address.Count(c => c == ':') == 2 ? address : $"0000:{address}";

    /// <summary>The folder below sys/devices of a function, or of a device that a driver has made below it.</summary>
    private string Of(string address, string? via = null) => _folders[Full(address)] + (via is null ? "" : $"/{via}");

    private void AddFunction(FactLine line)
    {
        var address = Full(line.Plain[0]);
        var code = line.Plain[1].PadRight(6, '0');
        var folder = _folders[address] = FolderOf(line, address);
        foreach (var (name, text) in Attributes(line, code).Where(attribute => !IsWithout(attribute.Name)))
            _tree.File($"{folder}/{name}", $"{text}\n");
        if (line["config"] != "none" && !IsWithout("config")) _tree.File($"{folder}/config", ConfigSpace(line, code));
        if (line["reset"] is { } reset) _tree.File($"{folder}/reset_method", $"{reset}\n");
        if (line["virtual-functions"] is { } count) _tree.File($"{folder}/sriov_numvfs", $"{count}\n");
        if (line["physical"] is { } physical) Link($"{folder}/physfn", Of(physical));
        Link($"sys/bus/pci/devices/{address}", folder);
        if (line["driver"] is { } driver) Bind(address, folder, driver, line["module"] ?? driver);
        if (line["group"] is { } group) AddToGroup(address, folder, group);
    }

    /// <summary>Below the bridge, or below the root that it hangs from.</summary>
    private string FolderOf(FactLine line, string address)
    {
        var root = line["below"] ?? $"pci{address.Split(':')[0]}:{line["first-bus"] ?? "00"}";
        return $"{(line["behind"] is { } bridge ? Of(bridge) : $"sys/devices/{root}")}/{address}";
    }

    private static IEnumerable<(string Name, string Text)> Attributes(FactLine line, string code)
    {
        yield return ("class", $"0x{code}");
        if (line.Plain[2] != "-")
        {
            var (ids, board) = (line.Plain[2].Split(':'), (line["board"] ?? "1043:0001").Split(':'));
            yield return ("vendor", $"0x{ids[0]}");
            yield return ("device", $"0x{ids[1]}");
            yield return ("subsystem_vendor", $"0x{board[0]}");
            yield return ("subsystem_device", $"0x{board[1]}");
            yield return ("modalias", Modalias(code, ids[0], ids[1], board));
        }
        yield return ("driver_override", line["override"] ?? "(null)");
        yield return ("power_state", line["power"] ?? "D0");
        if (line.Has("primary") || code.StartsWith("0300", StringComparison.Ordinal))
            yield return ("boot_vga", line.Has("primary") ? "1" : "0");
    }

    /// <summary>Files that no function of this machine has: its kernel is too old, or whoever captured it left them out.</summary>
    private bool IsWithout(string file) => All("without").Any(line => line.Plain.Contains(file));

    private void AddDriver(string driver, string? module)
    {
        _tree.Folder($"sys/bus/pci/drivers/{driver}");
        if (module is null or "builtin") return;
        _tree.Folder($"sys/module/{module}");
        Link($"sys/bus/pci/drivers/{driver}/module", $"sys/module/{module}");
    }

    private void Bind(string address, string folder, string driver, string module)
    {
        AddDriver(driver, module);
        Link($"{folder}/driver", $"sys/bus/pci/drivers/{driver}");
        Link($"sys/bus/pci/drivers/{driver}/{address}", folder);
    }

    private void AddToGroup(string address, string folder, string group)
    {
        var path = $"sys/kernel/iommu_groups/{group}";
        Link($"{folder}/iommu_group", path);
        if (IsWithout("iommu_groups")) return;
        Link($"{path}/devices/{address}", folder);
        _tree.File($"{path}/type", "DMA-FQ\n").File($"{path}/reserved_regions", "0x00000000fee00000 0x00000000feefffff msi\n");
    }

    private static byte[] ConfigSpace(FactLine line, string code)
    {
        var bytes = new byte[64];
        if (line["config"] == "ff") Array.Fill(bytes, (byte)0xff);
        else
        {
            const int headerType = 0x0e, bridge = 1, multifunction = 0x80;
            bytes[headerType] =
                (byte)((code.StartsWith("0604", StringComparison.Ordinal) ? bridge : 0) | (line.Has("multifunction") ? multifunction : 0));
        }
        return bytes;
    }

    private static string Modalias(string code, string vendor, string product, string[] board) =>
        $"pci:v0000{Big(vendor)}d0000{Big(product)}sv0000{Big(board[0])}sd0000{Big(board[1])}bc{Big(code[..2])}sc{Big(code[2..4])}i"
            + $"{Big(code[4..])}";

    private static string Big(string hexadecimal) => hexadecimal.ToUpperInvariant();

    /// <summary>What lspci -Dvmmnn prints of the functions that the fact file names.</summary>
    private string Lspci() => string.Concat(
        from line in All("pci")
        where line["name"] is not null
        let name = line["name"]!.Split('|')
        let ids = line.Plain[2].Split(':')
        let which = $"Slot:\t{Full(line.Plain[0])}\nClass:\tclass [{line.Plain[1][..4]}]\n"
        select $"{which}Vendor:\t{name[0]} [{ids[0]}]\nDevice:\t{name[1]} [{ids[1]}]\n\n");
}
