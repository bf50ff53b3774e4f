using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace GpuTty.Interop;

/// <summary>The names in a folder, one after the other, and what each leads to. None is followed while
/// listing: an open file of a stuck process would hang whoever followed it.</summary>
internal sealed unsafe class DirectoryListing : SafeHandleZeroOrMinusOneIsInvalid
{
    private byte* _name;

    /// <summary>One that is closed: what every such handle has to have.</summary>
    public DirectoryListing() : base(ownsHandle: true)
    {
    }

    private DirectoryListing(nint list) : base(ownsHandle: true) => SetHandle(list);

    /// <param name="list">As opendir(3) gives it; 0 where there is none.</param>
    public static DirectoryListing? Of(nint list) => list == 0 ? null : new DirectoryListing(list);

    /// <summary>Goes to the next name; names that begin with a dot are passed over. False at the end,
    /// and where listing failed: <see cref="Libc.WhyNot"/>.</summary>
    public bool MoveNext()
    {
        do _name = Libc.Next(this);
        while (_name != null && *_name == '.');
        return _name != null;
    }

    public string Name => Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(_name));

    /// <summary>The name where it is one, as those below /proc are; null for any other.</summary>
    public int? Number => int.TryParse(
        MemoryMarshal.CreateReadOnlySpanFromNullTerminated(_name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number : null;

    /// <summary>What the name leads to. False where it leads nowhere.</summary>
    public bool TryStat(out FileFacts facts) => Libc.TryStat(this, _name, out facts);

    /// <summary>Where the name points, as written; null for anything that is no link.</summary>
    [SkipLocalsInit] // A page would be cleared for each link, and only what the kernel has written is read.
    public string? Link()
    {
        var buffer = stackalloc byte[Libc.LongestPath];
        var length = Libc.ReadLink(this, _name, buffer, Libc.LongestPath);
        return length > 0 ? Encoding.UTF8.GetString(buffer, (int)length) : null;
    }

    protected override bool ReleaseHandle() => Libc.CloseList(handle) == 0;
}
