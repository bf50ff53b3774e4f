using System.Globalization;
using GpuTty.Host;
using GpuTty.Interop;

namespace GpuTty.Linux.Processes;

/// <summary>Names that a report has other words for. What cannot be read is left out: a report is written anyway.</summary>
internal static class LocalNamesReader
{
    /// <summary>Who called, where an account is kept elsewhere (sudo(8), doas(1), login(1)).</summary>
    private static readonly string[] s_callers = ["SUDO_USER", "DOAS_USER", "LOGNAME", "USER"];

    public static LocalNames Read(FileSystemRoot root, Func<string, string?> variable) => new(
        SysFiles.Word(root.Proc("sys/kernel/hostname")) ?? "",
        [
            .. AccountFile.Read(root, AccountFile.Users, out _)
                .Where(fields => fields.Length > 2 && fields[0].Length > 0)
                .Where(fields => int.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out _))
                .Select(fields => new Account(
                    int.Parse(fields[2], CultureInfo.InvariantCulture), fields[0], fields.Length < 7 || MayLogIn(fields[6]))),
        ],
        [.. s_callers.Select(variable).OfType<string>().Distinct()]);

    private static bool MayLogIn(string shell) =>
        !shell.EndsWith("/nologin", StringComparison.Ordinal) && !shell.EndsWith("/false", StringComparison.Ordinal);
}
