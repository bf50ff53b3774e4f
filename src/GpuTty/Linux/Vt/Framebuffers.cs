using System.Collections.Concurrent;
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
internal sealed unsafe class Framebuffers(FileSystemRoot root)
{
    /// <summary>FBIOGET_CON2FBMAP of linux/fb.h.</summary>
    private const nuint GetConsoleMap = 0x460f;

    /// <summary>Whoever asks waits for the kernel's lock of all consoles, which a driver that sets a mode keeps.</summary>
    private readonly HangTolerantScan<string> _scan = new();

    /// <summary>What another look is just reading would be taken for what hangs.</summary>
    private readonly Lock _oneLook = new();
    private readonly ConcurrentDictionary<string, bool> _wasBound = new();

    public ConsoleState Read(List<Unknown> unknowns, CancellationToken cancel = default)
    {
        lock (_oneLook) return ReadAlone(unknowns, cancel);
    }

    private ConsoleState ReadAlone(List<Unknown> unknowns, CancellationToken cancel)
    {
        var files = new PartFiles(unknowns, UnknownFact.Console, "which card draws the text consoles");
        var active = ParseTty(SysFiles.Word(root.Sys("class/tty/tty0/active")));
        var buffers = ReadBuffers(files);
        var consoles = ReadConsoles(files, cancel);
        var shown = Shown(
            buffers,
            consoles,
            () => root.IsLive && active is { } vt ? Asked(buffers[0].Index, vt, cancel) : root.ConsoleFramebuffer);
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
        consoles.IsEmpty || consoles.Any(console => console.IsBound && console.IsOfFramebuffer);

    /// <summary><c>tty3</c>.</summary>
    public static int? ParseTty(string? text) =>
        text is not null
            && text.StartsWith("tty", StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(3), NumberStyles.None, null, out var vt)
            && vt > 0
            ? vt
            : null;

    private ImmutableArray<Framebuffer> ReadBuffers(PartFiles files)
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

    /// <summary>One that does not answer is told as it was last seen.</summary>
    private ImmutableArray<VtConsole> ReadConsoles(PartFiles files, CancellationToken cancel)
    {
        var folder = root.Sys("class/vtconsole");
        ImmutableArray<string> consoles = [.. files.Names(folder).Where(name =>
            name.StartsWith("vtcon", StringComparison.Ordinal) && int.TryParse(name.AsSpan(5), NumberStyles.None, null, out _))];
        var (_, late) = _scan.Read(
            consoles, console => (object)(_wasBound[console] = SysFiles.Word($"{folder}/{console}/bind") == "1"), cancel: cancel);
        foreach (var console in late) files.Missing($"Reading whether {console} is bound timed out; the kernel may be stuck in it.");
        return [.. consoles.Select(console => new VtConsole(
            int.Parse(console.AsSpan(5), CultureInfo.InvariantCulture),
            Visible.Text(SysFiles.Word($"{folder}/{console}/name") ?? "", 80),
            _wasBound.GetValueOrDefault(console)))];
    }

    private int? Asked(int buffer, int vt, CancellationToken cancel) =>
        _scan.Read([$"fb{buffer}"], _ => (object?)AskKernel(buffer, vt), cancel: cancel).Results[0] as int?;

    /// <summary>Any framebuffer answers for all. Asked only where there are
    /// several: an open one keeps its driver busy for that moment.</summary>
    private int? AskKernel(int buffer, int vt)
    {
        const int flags = Native.ReadOnly | Native.NonBlocking | Native.NoControllingTerminal | Native.CloseOnExec;
        using var file = Native.Open(root.Dev($"fb{buffer}"), flags, 0);
        if (file.IsInvalid) return null;
        var map = stackalloc uint[2];
        map[0] = (uint)vt;
        return Native.Control(file, GetConsoleMap, (nint)map) == 0 && map[1] < 32 ? (int)map[1] : null;
    }
}
