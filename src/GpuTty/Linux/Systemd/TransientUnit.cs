using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Text;
using Tmds.DBus.Protocol;

namespace GpuTty.Linux.Systemd;

/// <summary>
/// A service that is made to run once and is gone when it has ended, also when it failed: what
/// StartTransientUnit is given (org.freedesktop.systemd1(5)), and what systemd-run(1) is, where there is no bus.
/// </summary>
/// <param name="Name">With suffix.</param>
/// <param name="Command">Absolute path of the program and its arguments.</param>
/// <param name="Environment">NAME=value; it has no other but what systemd sets.</param>
internal sealed record TransientUnit(string Name, string Description, ImmutableArray<string> Command, ImmutableArray<string> Environment)
{
    private const string ExecCommands = "a(sasb)";

    /// <summary>Of what runs for root beside everybody's session: spared when memory is short, and its files are nobody else's.</summary>
    public static ImmutableArray<TransientSetting> OfRoot { get; } =
    [
        new TransientSetting.Number("OOMScoreAdjust", -900),
        // systemctl isolate, as to another target without a desktop, must not end it.
        new TransientSetting.Flag("IgnoreOnIsolate", true),
        new TransientSetting.Text("StandardInput", "null"),
        new TransientSetting.Mask("UMask", OnlyOwner),
        new TransientSetting.Words("UnsetEnvironment", "TERM", "HOME"),
    ];

    public const UnixFileMode OnlyOwner = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public ImmutableArray<TransientSetting> Settings { get; init; } = [];

    /// <summary>Commands that run one after the other when it has ended in whatever way, each whatever became of the one before.</summary>
    public ImmutableArray<ImmutableArray<string>> Afterwards { get; init; } = [];

    /// <summary>Arguments of systemd-run(1).</summary>
    public string[] Arguments() =>
    [
        $"--unit={Name}",
        $"--description={Description}",
        "--collect",
        "--quiet",
        "--no-ask-password",
        .. Settings.Select(setting => $"--property={setting.Line}"),
        .. Environment.Select(pair => $"--setenv={pair}"),
        .. Afterwards.Select(command => $"--property=ExecStopPost=-{string.Join(' ', command.Select(Word))}"),
        "--",
        .. Command,
    ];

    /// <summary>Arguments of StartTransientUnit: name, mode, properties, other units.</summary>
    public void Write(ref MessageWriter writer)
    {
        writer.WriteString(Name);
        writer.WriteString("fail");
        var properties = writer.WriteArrayStart(DBusType.Struct);
        Write(ref writer, "Description", Description);
        Write(ref writer, "CollectMode", "inactive-or-failed");
        foreach (var setting in Settings) Write(ref writer, setting.Property, setting.Told);
        Write(ref writer, "Environment", VariantValue.Array(Environment.ToArray()));
        WriteCommands(ref writer, "ExecStart", [Command], mayFail: false);
        if (!Afterwards.IsEmpty) WriteCommands(ref writer, "ExecStopPost", Afterwards, mayFail: true);
        writer.WriteArrayEnd(properties);
        writer.WriteArrayEnd(writer.WriteArrayStart(DBusType.Struct));
    }

    /// <summary>systemd expands variables in some words of a command line and
    /// not in others; a path that has none is the same everywhere.</summary>
    public static string Plain(string path) => path.Any(c => char.IsControl(c) || c == '$')
        ? throw new HostException(
            $"The program's path contains characters that are not allowed: {Visible.Text(path)}.", "Install gputty under another path.")
        : path;

    /// <summary>A word of a unit file's command line (systemd.syntax(7), "Quoting").</summary>
    public static string Word(string word) => word.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') ? word
        : $"\"{word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static void Write(ref MessageWriter writer, string name, VariantValue value)
    {
        writer.WriteStructureStart();
        writer.WriteString(name);
        writer.WriteVariant(value);
    }

    /// <summary>Of each the path, the words with the path once more, and whether a failure is nobody's concern.</summary>
    private static void WriteCommands(ref MessageWriter writer, string name, ImmutableArray<ImmutableArray<string>> commands, bool mayFail)
    {
        writer.WriteStructureStart();
        writer.WriteString(name);
        writer.WriteSignature(ExecCommands);
        var all = writer.WriteArrayStart(DBusType.Struct);
        foreach (var command in commands)
        {
            writer.WriteStructureStart();
            writer.WriteString(command[0]);
            writer.WriteArray(command.AsSpan());
            writer.WriteBool(mayFail);
        }
        writer.WriteArrayEnd(all);
    }
}
