using System.Globalization;
using System.Text;
using GpuTty.Host;
using GpuTty.Switching;

namespace GpuTty.Linux;

/// <summary>A record of /dev/kmsg: <c>priority,sequence,microseconds,flags;text</c> and lines of keys, which begin with a space (Documentation/ABI/testing/dev-kmsg).</summary>
internal sealed record KernelLogLine(int Priority, long Sequence, string Text)
{
    private static readonly string[] s_deaths =
        ["BUG:", "Oops", "scheduling while atomic", "blocked for more than", "general protection fault", "kernel panic", "soft lockup", "hard LOCKUP", "Call Trace:"];

    private static readonly string[] s_warnings =
        ["WARNING:", "NVRM:", "vfio", "DMAR:", "AMD-Vi:", "AER:", "PCIe Bus Error", "Xid", "fallen off the bus", "not ready", "Unable to change power state", "amdgpu: "];

    public LogLevel Level =>
        Contains(s_deaths) ? LogLevel.Error
        : Contains(s_warnings) || Priority <= 4 ? LogLevel.Warning
        : LogLevel.Info;

    /// <summary>Null for what is no record. Never throws.</summary>
    public static KernelLogLine? Parse(ReadOnlySpan<byte> record)
    {
        var semicolon = record.IndexOf((byte)';');
        if (semicolon < 0) return null;
        var fields = Encoding.ASCII.GetString(record[..semicolon]).Split(',');
        if (fields.Length < 3 || !int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var priority)
            || !long.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)) return null;
        var text = record[(semicolon + 1)..];
        var end = text.IndexOf((byte)'\n');
        return new KernelLogLine(priority & 7, sequence, Visible.Text(Unescape(end < 0 ? text : text[..end]), 1000));
    }

    /// <summary>The kernel writes what is not printable as \xNN, the backslash too; only UTF-8 that comes out whole is shown as such.</summary>
    private static string Unescape(ReadOnlySpan<byte> text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length && text[i + 1] == 'x'
                && byte.TryParse(text.Slice(i + 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                bytes.Add(value);
                i += 3;
            }
            else bytes.Add(text[i]);
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }

    private bool Contains(string[] words) => words.Any(word => Text.Contains(word, StringComparison.OrdinalIgnoreCase));
}
