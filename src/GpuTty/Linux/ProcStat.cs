using System.Globalization;
using System.Text;

namespace GpuTty.Linux;

/// <summary>Fields of /proc/PID/stat (proc(5)).</summary>
internal sealed record ProcStat(int Parent, long StartTime)
{
    public static ProcStat? Read(Folder process) => process.Bytes("stat"u8) is { } bytes ? Parse(Encoding.UTF8.GetString(bytes)) : null;

    /// <summary>The name in parentheses may hold blanks and parentheses itself: what follows its last <c>)</c> counts.</summary>
    public static ProcStat? Parse(string text)
    {
        var fields = text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        // Field 3 comes first here: 4 is the parent, 22 the start time.
        return fields.Length > 19
            && int.TryParse(fields[1], NumberStyles.None, null, out var parent) && long.TryParse(fields[19], NumberStyles.None, null, out var start)
            ? new ProcStat(parent, start) : null;
    }
}
