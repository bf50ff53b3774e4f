namespace GpuTty.Linux.Commands;

/// <summary>What a tool said.</summary>
/// <param name="WasFound">False where none of the known directories has the tool.</param>
/// <param name="ExitCode">Null when it was not found, could not be started, or had to be ended (time or output limit).</param>
/// <param name="Output">Standard output, UTF-8, up to the limit; what came before the time was over is kept.</param>
/// <param name="Errors">Standard error; where the tool did not finish by itself, the reason comes last.</param>
internal sealed record CommandResult(bool WasFound, int? ExitCode, string Output, string Errors)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>Why it did not succeed, in one sentence about the tool.</summary>
    public string Problem(string tool) => this switch
    {
        { WasFound: false } => $"{tool} is not installed.",
        { ExitCode: 0 } => $"{tool} gave no usable answer.",
        { ExitCode: { } code } => $"{tool} ended with status {code}{Said}",
        _ => $"{tool} did not finish{Said}",
    };

    private string Said =>
        Text.Visible.Text(Errors.Trim().Split('\n')[^1].Trim(), 200) is { Length: > 0 } last ? $": {last.TrimEnd('.')}." : ".";
}
