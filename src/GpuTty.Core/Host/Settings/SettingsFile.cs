namespace GpuTty.Host.Settings;

/// <summary>A text file of the machine's configuration, as it was read. Its name and its text are as hostile as any others.</summary>
/// <param name="Path">As the machine calls it: <c>/etc/modprobe.d/vfio.conf</c>.</param>
/// <param name="Text">As UTF-8; what is none is replaced.</param>
/// <param name="IsExecutable">Its owner, at least, may run it.</param>
public sealed record SettingsFile(string Path, string Text, bool IsExecutable = false)
{
    /// <summary>The last part of its path.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>Made by a package, not by the administrator: what undoes it is a file of the same name in /etc.</summary>
    public bool IsOfPackage => Path.StartsWith("/usr/lib/", StringComparison.Ordinal) || Path.StartsWith("/lib/", StringComparison.Ordinal);

    /// <summary>Its lines, counted from 1, without the line feed. A carriage
    /// return stays, as it does for the programs that read them.</summary>
    public IEnumerable<(int Number, string Text)> Lines => Text.Split('\n').Select((line, index) => (index + 1, line));
}

/// <summary>A place in the configuration.</summary>
/// <param name="Line">Counted from 1; null where all of the file is meant.</param>
public sealed record SourceLine(
    [property: JsonPropertyName("path")] string Path,
    [property: JsonPropertyName("line")] int? Line)
{
    /// <summary><c>/etc/modprobe.d/vfio.conf:3</c>.</summary>
    public override string ToString() => Line is { } line ? $"{Path}:{line}" : Path;
}
