using System.Collections.Immutable;
using System.Globalization;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux.Pci;
using GpuTty.Text;

namespace GpuTty.Linux.Vt;

/// <summary>Framebuffers and text consoles, and which of the first shows the second.</summary>
internal static unsafe class Framebuffers
{
    /// <summary>FBIOGET_CON2FBMAP of linux/fb.h.</summary>
    private const nuint GetConsoleMap = 0x460f;

    public static ConsoleState Read(FileSystemRoot root, List<Unknown> unknowns)
    {
        var files = new PartFiles(unknowns, UnknownFact.Console, "which card draws the text consoles");
        var active = ParseTty(SysFiles.Word(root.Sys("class/tty/tty0/active")));
        var buffers = ReadBuffers(root, files);
        var consoles = ReadConsoles(root, files);
        var shown = Shown(
            buffers,
            consoles,
            () => root.IsLive && active is { } vt ? AskKernel(root, buffers[0].Index, vt) : root.ConsoleFramebuffer);
        if (shown is null && buffers.Length > 1 && IsDrawn(consoles))
            files.Missing("Of several framebuffers the kernel does not say which one.");
        return new ConsoleState
        {
            ActiveVt = active,
            Framebuffers = buffers,
            VtConsoles = consoles,
            Shown = shown,
        };
    }

    /// <summary>None where the consoles are drawn without framebuffers; the only one; or the one the kernel names.</summary>
    public static Framebuffer? Shown(ImmutableArray<Framebuffer> buffers, ImmutableArray<VtConsole> consoles, Func<int?> askKernel)
    {
        if (!IsDrawn(consoles) || buffers.IsEmpty) return null;
        if (buffers.Length == 1) return buffers[0];
        var index = askKernel();
        return buffers.FirstOrDefault(buffer => buffer.Index == index);
    }

    private static bool IsDrawn(ImmutableArray<VtConsole> consoles) =>
        consoles.IsEmpty || consoles.Any(console => console.IsBound && console.Name.Contains("frame buffer", StringComparison.Ordinal));

    /// <summary><c>tty3</c>.</summary>
    public static int? ParseTty(string? text) =>
        text is not null
            && text.StartsWith("tty", StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(3), NumberStyles.None, null, out var vt)
            && vt > 0
            ? vt
            : null;

    private static ImmutableArray<Framebuffer> ReadBuffers(FileSystemRoot root, PartFiles files)
    {
        var folder = root.Sys("class/graphics");
        var firmwares = new Lazy<PciAddress?>(() => FirmwareScreenMemory.Owner(SysFiles.Text(root.Proc("iomem"), 4 * 1024 * 1024)));
        return
        [
            .. from name in files.Names(folder)
               where name.StartsWith("fb", StringComparison.Ordinal) && int.TryParse(name.AsSpan(2), NumberStyles.None, null, out _)
               let path = SysFiles.Target(folder, SysFiles.Link($"{folder}/{name}"))
               let index = int.Parse(name.AsSpan(2), CultureInfo.InvariantCulture)
               orderby index
               let nearest = path is null ? null : PciPath.Nearest(path)
               let buffer = new Framebuffer(index, Visible.Text(SysFiles.Word($"{folder}/{name}/name") ?? name, 80), nearest)
               select buffer is { Device: null, FirmwareDriver: not null } ? buffer with { Device = firmwares.Value } : buffer,
        ];
    }

    private static ImmutableArray<VtConsole> ReadConsoles(FileSystemRoot root, PartFiles files)
    {
        var folder = root.Sys("class/vtconsole");
        return
        [
            .. from name in files.Names(folder)
               where name.StartsWith("vtcon", StringComparison.Ordinal) && int.TryParse(name.AsSpan(5), NumberStyles.None, null, out _)
               select new VtConsole(
                   int.Parse(name.AsSpan(5), CultureInfo.InvariantCulture),
                   Visible.Text(SysFiles.Word($"{folder}/{name}/name") ?? "", 80),
                   SysFiles.Word($"{folder}/{name}/bind") == "1"),
        ];
    }

    /// <summary>Any framebuffer answers for all. Asked only where there are
    /// several: an open one keeps its driver busy for that moment.</summary>
    private static int? AskKernel(FileSystemRoot root, int buffer, int vt)
    {
        const int flags = Native.ReadOnly | Native.NonBlocking | Native.NoControllingTerminal | Native.CloseOnExec;
        using var file = Native.Open(root.Dev($"fb{buffer}"), flags, 0);
        if (file.IsInvalid) return null;
        var map = stackalloc uint[2];
        map[0] = (uint)vt;
        return Native.Control(file, GetConsoleMap, (nint)map) == 0 && map[1] < 32 ? (int)map[1] : null;
    }
}
