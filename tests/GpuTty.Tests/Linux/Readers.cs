using GpuTty.Host;
using GpuTty.Linux;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Kernel;

namespace GpuTty.Tests.Linux;

internal static class Readers
{
    public static readonly CommandRunner NoTools = new([]);

    /// <summary>A reader of a built machine on which no tool is installed.</summary>
    public static LinuxHostReader For(
        MachineTree machine, CommandRunner? tools = null, OriginalState? memory = null, KernelIncidents? notes = null) =>
        new(
            machine.Root,
            tools ?? NoTools,
            () => memory ?? OriginalState.Nothing,
            () => notes ?? KernelIncidents.None,
            TimeProvider.System);
}
