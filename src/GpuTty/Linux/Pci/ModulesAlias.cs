using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.IO.Enumeration;
using System.Text;
using GpuTty.Host.Pci;
using GpuTty.Interop;

namespace GpuTty.Linux.Pci;

/// <summary>
/// Which modules offer themselves for a PCI function: /lib/modules/RELEASE/modules.alias (modprobe(8), modules.alias from depmod(8));
/// and, for those that are part of the kernel, modules.builtin.modinfo (Documentation/kbuild/kbuild.rst), where the ids of their tables
/// are since Linux 6.18.
/// </summary>
internal sealed class ModulesAlias
{
    /// <summary><c>pci:v</c> and eight digits: enough to leave out nearly all of some 20,000 patterns.</summary>
    private const int VendorEnd = 13;

    /// <summary>Then <c>d</c> and the eight digits of the product.</summary>
    private const int ProductEnd = 22;
    private const int DigitsOfVendor = 5;
    private static readonly string s_vfio = KernelModule.Canonical(VfioSupport.Driver);
    private static readonly SearchValues<byte> s_wildcards = SearchValues.Create("*?[\\"u8);

    /// <summary>Lines about PCI as they are in the file, one after the other: strings are made only of those that are looked for.</summary>
    private readonly ArrayBufferWriter<byte> _lines = new();
    private readonly Dictionary<ulong, List<Range>> _byVendor = [];
    private readonly List<Range> _ofAnyVendor = [];
    private readonly ConcurrentDictionary<string, ImmutableArray<string>> _found = new();

    private ModulesAlias(string release) => Release = release;

    /// <summary>The kernel release it is for.</summary>
    public string Release { get; }

    /// <summary>False where the file is missing.</summary>
    public bool IsKnown { get; private init; }

    /// <summary>Why those of the kernel's own drivers are unknown; null where they are known.</summary>
    public string? ProblemOfBuiltIns { get; private init; }

    public static ModulesAlias Read(FileSystemRoot root, string release)
    {
        var path = root.Modules(release, "modules.builtin.modinfo");
        var builtIn = SysFiles.Bytes(path, SysFiles.TableLimit, out var error);
        var aliases = new ModulesAlias(release)
        {
            IsKnown = true,
            ProblemOfBuiltIns = error is null ? null : $"{path} cannot be read: {error}.",
        };
        if (!DirectoryHandle.Current.EachLine(root.Modules(release, "modules.alias"), aliases.Add)) return new ModulesAlias(release);
        aliases.AddBuiltIns(builtIn);
        return aliases;
    }

    public static ModulesAlias Parse(string release, string? text)
    {
        var aliases = new ModulesAlias(release) { IsKnown = text is not null };
        foreach (var line in (text ?? "").Split('\n')) aliases.Add(Encoding.UTF8.GetBytes(line));
        return aliases;
    }

    /// <summary>Pieces with a zero at their ends: <c>xhci_pci.alias=pci:v*d*sv*sd*bc0Csc03i30*</c>.</summary>
    internal void AddBuiltIns(ReadOnlySpan<byte> modinfo)
    {
        while (!modinfo.IsEmpty)
        {
            var length = modinfo.IndexOf((byte)0) is var end and >= 0 ? end : modinfo.Length;
            var piece = modinfo[..length];
            modinfo = modinfo[Math.Min(length + 1, modinfo.Length)..];
            if (piece.IndexOf(".alias=pci:v"u8) is > 0 and var dot)
                Add([.. "alias "u8, .. piece[(dot + ".alias=".Length)..], (byte)' ', .. piece[..dot]]);
        }
    }

    /// <summary>Modules for a function: those first that name its product, before any that take a whole
    /// class (amdgpu's table ends with one, and its probe refuses what is radeon's); then the closest pattern.</summary>
    public ImmutableArray<string> Find(string? alias) =>
        alias is null || alias.Length < VendorEnd ? [] : _found.GetOrAdd(alias, Search);

    private bool Add(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("alias pci:v"u8)) return true;
        var entry = line["alias ".Length..];
        var begin = _lines.WrittenCount;
        _lines.Write(entry);
        ListFor(entry).Add(begin.._lines.WrittenCount);
        return true;
    }

    private List<Range> ListFor(ReadOnlySpan<byte> entry)
    {
        if (entry.Length < VendorEnd || entry[..VendorEnd].ContainsAny(s_wildcards)) return _ofAnyVendor;
        var vendor = VendorOf(entry);
        return _byVendor.TryGetValue(vendor, out var entries) ? entries : _byVendor[vendor] = [];
    }

    /// <summary>Its eight digits.</summary>
    private static ulong VendorOf(ReadOnlySpan<byte> entry) => BitConverter.ToUInt64(entry[DigitsOfVendor..]);

    private ImmutableArray<string> Search(string alias)
    {
        var wanted = Encoding.UTF8.GetBytes(alias);
        return
        [
            .. _byVendor.GetValueOrDefault(VendorOf(wanted), []).Concat(_ofAnyVendor)
                .Select(range => Entry(_lines.WrittenSpan[range], wanted))
                .OfType<(string Pattern, string Module)>()
                .Where(entry => FileSystemName.MatchesSimpleExpression(entry.Pattern, alias, ignoreCase: false))
                .OrderByDescending(entry => NamesProduct(entry.Pattern))
                .ThenBy(entry => entry.Pattern.Count(c => c is '*' or '?'))
                .Select(entry => entry.Module)
                .Distinct(),
        ];
    }

    private static bool NamesProduct(string pattern) =>
        pattern.Length >= ProductEnd && !pattern.AsSpan(0, ProductEnd).ContainsAny('*', '?');

    /// <summary>Null for what is plainly of another product, for vfio's drivers, and for what is no such line.</summary>
    private static (string Pattern, string Module)? Entry(ReadOnlySpan<byte> line, ReadOnlySpan<byte> wanted)
    {
        var space = line.LastIndexOf((byte)' ');
        if (space < "pci:v".Length) return null;
        if (space >= ProductEnd && wanted.Length >= ProductEnd
            && !line[..ProductEnd].ContainsAny(s_wildcards) && !wanted.StartsWith(line[..ProductEnd]))
            return null;
        var name = KernelModule.Canonical(Encoding.UTF8.GetString(line[(space + 1)..]));
        return name == s_vfio || VfioSupport.IsVfioDriver(name) ? null : (Encoding.UTF8.GetString(line[..space]).Trim(), name);
    }
}
