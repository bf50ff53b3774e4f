namespace GpuTty.Terminal;

/// <summary>How a child ended.</summary>
/// <param name="ExitCode">As a shell reports it: 128 and the signal's number, if it died of one.</param>
internal readonly record struct ChildEnd(int ExitCode, int? Signal);
