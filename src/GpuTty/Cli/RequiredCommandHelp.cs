using System.Text;

namespace GpuTty.Cli;

/// <summary>The help of a command that does nothing without another word:
/// System.CommandLine prints that word as one that may be left out.</summary>
internal sealed class RequiredCommandHelp(TextWriter inner) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => inner.Write(value);

    public override void Write(string? value) => inner.Write(Required(value));

    public override void WriteLine(string? value) => inner.WriteLine(Required(value));

    private static string? Required(string? text) => text?.Replace("[command]", "<command>", StringComparison.Ordinal);
}
