using System.Text;
using GpuTty.Host;
using GpuTty.Text;

namespace GpuTty.Cli.Output;

internal enum Ink { Plain, Strong, Good, Warn, Bad }

/// <summary>Text with a colour, which never carries the meaning alone.</summary>
internal readonly record struct Part(string Text, Ink Ink = Ink.Plain)
{
    public static implicit operator Part(string text) => new(text);
}

/// <summary>Lines for people. Everything passes through <see cref="Visible"/>,
/// so that no name from the machine can steer the terminal.</summary>
/// <param name="place">Makes commands of gputty in a text those that work where it is read; null where they do.</param>
internal sealed class TextPage(TextWriter writer, bool colour, Func<string, string>? place = null)
{
    public void Line(params ReadOnlySpan<Part> parts)
    {
        Write(parts);
        writer.WriteLine();
    }

    /// <summary>Without an end of line: a question.</summary>
    public void Ask(string question)
    {
        Write(question);
        writer.Flush();
    }

    public void Heading(string text) => Line(new Part(text, Ink.Strong));

    /// <summary>A problem and the next action, as every refusal is printed.</summary>
    public void Problem(string problem, string remedy)
    {
        Line(new Part("!! ", Ink.Bad), problem);
        Line("   ", remedy);
    }

    /// <summary>So that an empty list is never taken for a fact.</summary>
    public void Unknowns(HostSnapshot host)
    {
        foreach (var unknown in host.Unknowns) Line(new Part("?? ", Ink.Warn), $"Unknown {unknown.Fact}: {unknown.Reason}");
    }

    private void Write(params ReadOnlySpan<Part> parts)
    {
        var line = new StringBuilder();
        foreach (var part in parts)
        {
            var text = Visible.Text(place?.Invoke(part.Text) ?? part.Text);
            line.Append(colour && part.Ink != Ink.Plain ? $"\e[{Code(part.Ink)}m{text}\e[0m" : text);
        }
        writer.Write(line);
    }

    private static int Code(Ink ink) => ink switch { Ink.Good => 32, Ink.Warn => 33, Ink.Bad => 31, _ => 1 };
}
