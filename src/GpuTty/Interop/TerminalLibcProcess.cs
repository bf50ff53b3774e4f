using System.Runtime.InteropServices;

namespace GpuTty.Interop;

/// <content>Starting a process that keeps our terminal, and waiting for it.</content>
internal static unsafe partial class TerminalLibc
{
    // Larger than posix_spawnattr_t and sigset_t of glibc and musl.
    public const int SpawnAttributesSize = 512;
    public const int SignalSetSize = 128;

    /// <summary>POSIX_SPAWN_SETSIGDEF and POSIX_SPAWN_SETSIGMASK.</summary>
    public const short ResetSignals = 0x04 | 0x08;

    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    public static partial int Spawn(out int process, byte* path, void* fileActions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    public static partial int InitSpawn(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    public static partial int DestroySpawn(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    public static partial int SetSpawnFlags(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    public static partial int SetSpawnDefaults(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    public static partial int SetSpawnMask(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    public static partial int FillSignals(byte* signals);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    public static partial int ClearSignals(byte* signals);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    public static partial int WaitFor(int process, out int status, int options);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    public static partial int ProcessControl(int option, nuint argument);
}
