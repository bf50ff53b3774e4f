using System.Text.RegularExpressions;

namespace GpuTty.Diagnosis;

/// <summary>What a script does to cards and desktops, told from words that stand in it outside of comments.</summary>
[Flags]
internal enum ScriptSign
{
    None = 0,
    /// <summary>Writes driver_override.</summary>
    Overrides = 1,
    /// <summary>Writes bind, unbind, new_id or remove_id, or has another tool do it.</summary>
    Binds = 2,
    /// <summary>Takes a device off the bus, or looks for new ones.</summary>
    Removes = 4,
    /// <summary>rmmod or modprobe -r of modules of graphics cards, or of vfio.</summary>
    UnloadsModules = 8,
    /// <summary>Stops or starts display managers, or kills what draws the desktop.</summary>
    StopsDesktop = 16,
    /// <summary>virsh.</summary>
    CallsLibvirt = 32,
    /// <summary>Text consoles or the firmware's framebuffer.</summary>
    TouchesConsole = 64,
    /// <summary>chmod of graphics nodes.</summary>
    ChangesNodes = 128,
    Moves = Overrides | Binds | Removes | UnloadsModules,
    All = Moves | StopsDesktop | TouchesConsole | ChangesNodes,
}

internal static partial class ScriptSigns
{
    public static ScriptSign Of(string script)
    {
        var code = Code(script);
        var signs = ScriptSign.None;
        if (Overrides().IsMatch(code)) signs |= ScriptSign.Overrides;
        if (Binds().IsMatch(code)) signs |= ScriptSign.Binds;
        if (Removes().IsMatch(code)) signs |= ScriptSign.Removes;
        if (Unloads().IsMatch(code)) signs |= ScriptSign.UnloadsModules;
        if (StopsDesktop().IsMatch(code)) signs |= ScriptSign.StopsDesktop;
        if (Libvirt().IsMatch(code)) signs |= ScriptSign.CallsLibvirt;
        if (Console().IsMatch(code)) signs |= ScriptSign.TouchesConsole;
        if (Nodes().IsMatch(code)) signs |= ScriptSign.ChangesNodes;
        return signs;
    }

    /// <summary>Without lines that are comments.</summary>
    public static string Code(string script) => string.Join('\n', script.Split('\n').Where(line => !line.TrimStart().StartsWith('#')));

    private static readonly (ScriptSign Sign, string Word)[] s_words =
    [
        (ScriptSign.Binds, "binds and unbinds drivers"),
        (ScriptSign.Overrides, "sets driver overrides"),
        (ScriptSign.Removes, "removes devices from the bus"),
        (ScriptSign.UnloadsModules, "unloads modules"),
        (ScriptSign.StopsDesktop, "stops and starts the desktop"),
        (ScriptSign.TouchesConsole, "unbinds text consoles or the firmware framebuffer"),
        (ScriptSign.ChangesNodes, "changes permissions of graphics nodes"),
    ];

    /// <summary>In words, the worst first: <c>binds and unbinds drivers, and stops and starts the desktop</c>.</summary>
    public static string Words(ScriptSign signs)
    {
        var words = s_words.Where(one => signs.HasFlag(one.Sign)).Select(one => one.Word).ToList();
        return words.Count > 1 ? $"{string.Join(", ", words.SkipLast(1))}, and {words[^1]}" : string.Concat(words);
    }

    [GeneratedRegex(@"driver_override", RegexOptions.CultureInvariant)]
    private static partial Regex Overrides();

    /// <summary>Of PCI: what binds devices of USB or consoles is another matter.</summary>
    [GeneratedRegex(
        @"\bpci/drivers/[^\s/]+/(un)?bind\b|(?<!/usb/\S{0,200})\bdriver/(un)?bind\b|\bpci/drivers/[^\s/]+/(new|remove)_id\b|\bpci/"
            + @"drivers_probe\b|nodedev-(detach|reattach)|\bsupergfxctl\s+(-m|--mode)|\bdriverctl\s+(-\S+\s+)*set-override",
        RegexOptions.CultureInvariant)]
    private static partial Regex Binds();

    [GeneratedRegex(
        @"/sys/bus/pci/(rescan|devices/\S{0,200}/(remove|rescan)\b)|\$\S{0,200}/remove\b|/remove[""']?\s*>\s*/dev/null",
        RegexOptions.CultureInvariant)]
    private static partial Regex Removes();

    [GeneratedRegex(
        @"(\brmmod\b|\bmodprobe\s+(-\S+\s+)*(-r|--remove)\b)[^\n"
            + @";&|]{0,400}(nvidia|nouveau|amdgpu|radeon|\bi915\b|\bxe\b|snd_hda_intel|vfio|\$)",
        RegexOptions.CultureInvariant)]
    private static partial Regex Unloads();

    [GeneratedRegex(
        @"\bsystemctl\s+(-\S+\s+)*(stop|start|restart|kill|isolate)\s+[""']?(display-manager|gdm3?|sddm|lightdm|lxdm|ly|greetd"
            + @"|cosmic-greeter|multi-user|graphical|\$\w*(dm|DM|DISPLAY_MANAGER)\w*)|\b(pkill|killall)\s[^\n"
            + @"]{0,400}(gnome-shell|gdm|sddm|Xorg|Xwayland|kwin|plasma|x-session)",
        RegexOptions.CultureInvariant)]
    private static partial Regex StopsDesktop();

    [GeneratedRegex(@"\bvirsh\b", RegexOptions.CultureInvariant)]
    private static partial Regex Libvirt();

    [GeneratedRegex(@"class/vtconsole/|(efi|simple|vesa)-framebuffer", RegexOptions.CultureInvariant)]
    private static partial Regex Console();

    [GeneratedRegex(@"\bchmod\s+\S{1,20}\s[^\n]{0,400}(/dev/(dri|nvidia)|card)", RegexOptions.CultureInvariant)]
    private static partial Regex Nodes();
}
