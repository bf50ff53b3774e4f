namespace GpuTty.Host;

/// <summary>A fact that could not be told, so that nothing is guessed from it.</summary>
/// <param name="Fact">What is missing: <c>device names</c>.</param>
/// <param name="Reason">Why, in one sentence: <c>lspci is not installed.</c></param>
public sealed record Unknown(string Fact, string Reason);
