namespace GpuTty.Lab.Driver;

/// <summary>The lab, or the machine in it, did not do what was asked of it.</summary>
public sealed class LabException(string message, Exception? cause = null) : Exception(message, cause);
