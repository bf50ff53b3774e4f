namespace GpuTty.Diagnosis;

/// <summary>Why a finding matters, for whoever asks.</summary>
/// <param name="Paragraph">What it is, what it does to a switch, and what others have believed that it does.</param>
/// <param name="Rests">The document of the kernel, systemd or another program that this rests on.</param>
public sealed record Explanation(string Paragraph, string Rests);
