using System.Collections.Immutable;

namespace GpuTty.Host.Settings;

/// <summary>The initramfs of the running kernel.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Newer">Paths of settings, of which it may hold copies, that were changed after it was built.</param>
/// <param name="Modules">In it, as the kernel writes their names; null where it was not listed.</param>
/// <param name="Settings">Paths of modprobe.d, and of gputty's rules for the start of the machine, in it, with
/// a slash before them; null where it was not listed.</param>
/// <param name="Problem">Why it could not be listed, a clause; null where it was, and where nobody has asked.</param>
public sealed record InitramfsImage(
    string Path,
    ImmutableHashSet<string> Newer,
    ImmutableHashSet<string>? Modules,
    ImmutableHashSet<string>? Settings,
    string? Problem);
