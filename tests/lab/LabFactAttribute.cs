using GpuTty.Lab.Driver;

namespace GpuTty.Lab;

/// <summary>A test that boots a virtual machine: runs only when asked for
/// (run.sh asks), as it needs root once and takes its time.</summary>
public class LabFactAttribute : FactAttribute
{
    public LabFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("GPUTTY_LAB") != "1") Skip = "Boots a virtual machine: run it with tests/lab/run.sh.";
    }
}

/// <summary>A lab test that needs the program; without one the lab proves itself only.</summary>
public sealed class ProgramFactAttribute : LabFactAttribute
{
    public ProgramFactAttribute()
    {
        if (Skip is null && !LabHost.ProgramCanSwitch) Skip = "No program that can switch was given: tests/lab/run.sh publishes one.";
    }
}
