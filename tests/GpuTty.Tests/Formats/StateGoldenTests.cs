using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using GpuTty.Host.Desktop;
using GpuTty.Host.Guests;
using GpuTty.Host.Pci;
using GpuTty.Linux.State;
using GpuTty.Linux.Worker;
using GpuTty.Linux.Writes;
using GpuTty.Planning.Plans;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Tests.Linux;

namespace GpuTty.Tests.Formats;

/// <summary>
/// What this version writes into its files, one of everything. A line that changes is a format that changes: files of
/// the version before must still be read (<see cref="OldFilesTests"/>), and what it cannot read gets a new number.
/// </summary>
public sealed class StateGoldenTests
{
    [Fact]
    public void Every_step() => AssertGolden(Samples.EveryStep, StateJson.Default.Step);

    [Fact]
    public void Every_event() =>
        AssertGolden(
            Samples.EveryEvent.Select(entry => entry is RunEvent.Opened opened ? opened with { Steps = [Samples.EveryStep[0]] } : entry),
            StateJson.Default.RunEvent);

    [Fact]
    public void Every_file()
    {
        var at = new DateTimeOffset(2026, 3, 1, 12, 30, 15, 123, TimeSpan.Zero);
        var card = PciAddress.Parse("0000:01:00.0");
        var intent = new SwitchIntent(card, Direction.ToVm, EndSessions: true, HolderConsent.Kill)
        {
            Desktop = DesktopAccess.HiddenPermanently,
            ConfirmWithin = TimeSpan.FromSeconds(30),
            SingleGpu = true,
            PendingRestarts = [new UnitName("gdm.service"), new UnitName("pipewire.service", 1000)],
            IsUndo = true,
        };
        var memory = Samples.Home() with
        {
            Uses = [new CardAccess(card, new PciId(0x10de, 0x2684, 0x1043, 0x889a), DesktopAccess.Allowed)],
        };
        Snapshots.Verify(string.Join('\n',
        [
            Line("home.json", memory, StateJson.Default.OriginalState),
            Line(
                "request",
                new SwitchRequest(
                    intent,
                    DesktopImpact.Restart,
                    Risk.MayLoseConsole,
                    [new AwaitDesktop { Unit = new UnitName("gdm.service") }],
                    [new Consequence(ConsequenceCode.MonitorsDark, "Monitors stay dark.")],
                    [3711, 1],
                    "session-1.scope"),
                StateJson.Default.SwitchRequest),
            Line("wish", new RunRequest.Keep(3), StateJson.Default.RunRequest),
            Line("wish", new RunRequest.WaitOn(4), StateJson.Default.RunRequest),
            Line("wish", new RunRequest.Stop(5, new UnitName("ollama.service")), StateJson.Default.RunRequest),
            Line("lock", new LockHolder(5120, 456789, Recovers: true), StateJson.Default.LockHolder),
            Line(
                "write",
                new PendingWrite(4321, 987654, ["/usr/bin/tee", "/sys/x"], "/sys/x", at, true, new LockHolder(5120, 456789))
                {
                    Touches = [card],
                },
                StateJson.Default.PendingWrite),
            Line(
                "hook/UUID.json",
                new GuestGrant("0b3f", "win11", "6f1d0f6e-0b6c-4d0e-9d3e-6d1f0d2c5a11", [card], "5a1e", at)
                {
                    Problem = "The desktop would be closed.",
                    EndSessions = true,
                },
                StateJson.Default.GuestGrant),
            Line(
                "boot.json",
                new GpuTty.Host.Boot.BootChoices([new([new(card, new PciId(0x10de, 0x2684, 0x1043, 0x889a))], IsOnce: true)]),
                StateJson.Default.BootChoices),
            Line("corrections/TIME/files.json", new GpuTty.Linux.Settings.KeptFiles(at,
            [
                new(
                    "/etc/modprobe.d/vfio.conf",
                    new(
                        GpuTty.Linux.Settings.FileKind.File,
                        null,
                        420,
                        0,
                        0,
                        "e3b0",
                        new Dictionary<string, string> { ["security.selinux"] = "AA==" }),
                    new(GpuTty.Linux.Settings.FileKind.Absent),
                    "001-vfio.conf"),
                new(
                    "/etc/udev/rules.d/50-remove-nvidia.rules",
                    new(GpuTty.Linux.Settings.FileKind.Absent),
                    new(GpuTty.Linux.Settings.FileKind.Link, "/dev/null"),
                    null),
            ]), StateJson.Default.KeptFiles),
            .. Enum.GetValues<LogLevel>().Zip([LogSource.Gputty, LogSource.Step, LogSource.Command, LogSource.Kernel])
                .Select(pair => Line("log.jsonl", new LogLine(at, pair.First, pair.Second, "a line"), StateJson.Default.LogLine)),
            Line("log.jsonl", new LogLine(at, LogLevel.Info, LogSource.Unit, "a line"), StateJson.Default.LogLine),
            Line(
                "log.jsonl",
                new LogLine(at, LogLevel.Error, LogSource.Kernel, "a line") { Event = KernelEvent.Crash },
                StateJson.Default.LogLine),
        ]) + "\n");
    }

    /// <summary>Values of which one of everything has one only.</summary>
    [Fact]
    public void Every_value() => Snapshots.Verify(string.Join('\n', WrittenTypes.Of(StateJson.Default)
        .Where(type => type.Type.IsEnum)
        .Select(type => string.Join(' ', type.Type.GetEnumValues().Cast<object>().Select(value => JsonSerializer.Serialize(value, type))))
        .Order(StringComparer.Ordinal))
        + "\n");

    private static void AssertGolden<T>(
        IEnumerable<T> all, JsonTypeInfo<T> type, [System.Runtime.CompilerServices.CallerMemberName] string method = "")
    {
        var lines = all.Select(one => (Text: JsonSerializer.Serialize(one, type), One: one))
            .OrderBy(pair => pair.Text, StringComparer.Ordinal)
            .ToList();
        Snapshots.Verify(string.Join('\n', lines.Select(line => line.Text)) + "\n", method: method);
        foreach (var (text, one) in lines) Assert.Equal(text, JsonSerializer.Serialize(JsonSerializer.Deserialize(text, type)!, type));
    }

    private static string Line<T>(string file, T value, JsonTypeInfo<T> type) => $"{file}: {JsonSerializer.Serialize(value, type)}";
}
