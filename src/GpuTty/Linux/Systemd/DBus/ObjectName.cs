using System.Globalization;
using System.Text;

namespace GpuTty.Linux.Systemd.DBus;

/// <summary>The last part of an object's path for any name: what may not stand there becomes <c>_5f</c> (sd_bus_path_encode(3)).</summary>
internal static class ObjectName
{
    public static string Escape(string name)
    {
        if (name.Length == 0) return "_";
        var escaped = new StringBuilder();
        foreach (var value in Encoding.UTF8.GetBytes(name))
        {
            if (char.IsAsciiLetter((char)value) || (char.IsAsciiDigit((char)value) && escaped.Length > 0)) escaped.Append((char)value);
            else escaped.Append('_').Append(value.ToString("x2", CultureInfo.InvariantCulture));
        }
        return escaped.ToString();
    }
}
