using GpuTty.Host.Settings;

namespace GpuTty.Diagnosis;

/// <summary>What counts in the files in which the kernel command line is written down.</summary>
internal static class CommandLineFiles
{
    /// <summary>A line without the remark behind it: in files that a shell reads there may be one, in others # is a character.</summary>
    public static string WithoutRemark(SettingsFile file, string line)
    {
        if (file.Path != SettingsFiles.SdbootManage
            && !file.Path.StartsWith("/etc/default/", StringComparison.Ordinal)
            && !file.Path.Contains("/dracut.conf", StringComparison.Ordinal))
            return line;
        var quote = '\0';
        for (var at = 0; at < line.Length; at++)
        {
            if (line[at] == '\\' && quote != '\'') at++;
            else if (quote != '\0') quote = line[at] == quote ? '\0' : quote;
            else if (line[at] is '"' or '\'') quote = line[at];
            else if (line[at] == '#' && (at == 0 || char.IsWhiteSpace(line[at - 1]))) return line[..at];
        }
        return line;
    }

    /// <summary>What a shell assigns: between the first quotation mark and its match, or up to the first blank.</summary>
    /// <param name="text">All that stands behind the equals sign.</param>
    public static string Assigned(string text)
    {
        if (text is not ['"' or '\'', ..]) return text.Split([' ', '\t', '\r'], 2)[0];
        var value = new System.Text.StringBuilder();
        for (var at = 1; at < text.Length && text[at] != text[0]; at++)
        {
            if (text[0] == '"' && text[at] == '\\' && at + 1 < text.Length) at++;
            value.Append(text[at]);
        }
        return value.ToString();
    }
}
