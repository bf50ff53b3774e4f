using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using System.Text.Json;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Linux.State;
using GpuTty.Simulation;
using GpuTty.Switching;
using GpuTty.Tests.Cli;
using GpuTty.Tests.Linux;
using GpuTty.Tests.Linux.State;
using GpuTty.Tests.Tui;
using GpuTty.Text;
using GpuTty.Tui;
using Xunit.Abstractions;

namespace GpuTty.Tests;

/// <summary>Names that try to steer whoever shows them, through every output
/// there is: no control character of theirs comes out as such.</summary>
public sealed class HostileTests(ITestOutputHelper output)
{
    /// <summary>ESC, CSI, OSC with a bell, an 8-bit CSI, right-to-left and its end, a line and
    /// a paragraph separator, newline, tab, NUL, parentheses, half a character, 4 kB.</summary>
    private static readonly string s_poison = "\e[2J\e]0;owned\a\u009b31m\u202etxt\u202c\u2028\u2029\r\n\t\0) S (\ud800\u200b\ue000\b\u007f"
        + new string('A', 4096);

    private static readonly string[] s_freeText =
    [
        "Name", "User", "Container", "HostName", "Kernel", "CommandLine", "Desktop", "Reason", "Fact", "What", "Remedy",
    ];

    public static TheoryData<string> MachineNames => [.. Machines.All.Select(machine => machine.Name)];

    [Theory, MemberData(nameof(MachineNames))]
    public void M26_no_name_of_a_machine_steers_the_command_line(string name)
    {
        var outputs = 0;
        foreach (var all in (bool[])[false, true])
        {
            var host = Poisoned(name, all);
            foreach (var line in (string[])[
                "status", "devices", "groups", "holders", "doctor", "plan vm --end-sessions", "plan host", "switch vm --dry-run",
                "undo --dry-run", "follow", "keep-off status",
            ])
                foreach (var json in (string[])["", " --json"])
                {
                    if (line == "keep-off status" && json.Length > 0) continue;
                    var said = Gputty.On(host).Run($"{line}{json}".Split(' ', StringSplitOptions.RemoveEmptyEntries));
                    AssertClean(said.Out, $"{line}{json}");
                    AssertClean(said.Error, $"{line}{json}");
                    foreach (var document in json.Length == 0 || said.Out.Length == 0 ? [] : Documents(said.Out)) AssertCleanJson(document);
                    outputs += 2;
                }
        }
        Counts.Add(output, "outputs of a hostile machine swept", outputs);
    }

    [Theory, MemberData(nameof(MachineNames))]
    public void M26_no_name_of_a_machine_steers_the_screen(string name)
    {
        var screens = 0;
        foreach (var all in (bool[])[false, true])
            foreach (var keys in (string[])[
                "", "1\n", "2\n", "3\n", "4\n", "5\n", "6", "L", "?", "v", "vS", "vSe", "vSeE", "v\n\n\n\n", "h\n\n\n", "K\n\n",
                "/\u001b",
            ])
                foreach (var (width, height) in (ReadOnlySpan<(int, int)>)[(80, 25), (160, 50)])
                {
                    var play = Play.At(Poisoned(name, all), width, height)
                        .Hear(new Msg.Logged(new LogLine(default, LogLevel.Error, LogSource.Kernel, s_poison)))
                        .Type(keys);
                    AssertClean(play.Text(), $"keys {keys}");
                    screens++;
                }
        Counts.Add(output, "outputs of a hostile machine swept", screens);
    }

    [Fact]
    public async Task M26_no_name_of_a_machine_steers_a_plain_terminal()
    {
        foreach (var machine in Machines.All)
        {
            var said = new StringWriter();
            var host = new SimulatedHost(machine.Machine, new Simulation.FakeClock());
            await new PlainMode(
                new Looks(Poisoned(machine.Name, false)),
                new SimulatedSwitchService(host, TimeProvider.System),
                new StringReader($"v 01:00\nno\nno\nh 01:00\nno\n{s_poison}\nq\n"),
                said,
                new TuiOptions()).RunAsync(default);
            AssertClean(said.ToString(), machine.Name);
        }
    }

    [Fact]
    public async Task M26_hostile_files_come_out_of_the_reader_with_nothing_that_steers()
    {
        var poison = Encoding.UTF8.GetBytes(s_poison);
        using var machine = new MachineTree();
        machine.Pci("0000:01:00.0", "030000", "10de:2684").Driver("0000:01:00.0", "nvidia", "nvidia").Group(14, "0000:01:00.0")
            .Class("drm", "card0", "0000:01:00.0/drm/card0", "226:0", "dri/card0");
        string[] attributes = [
            "driver_override", "power_state", "reset_method", "boot_vga", "modalias", "sriov_numvfs", "drm/card0/uevent",
        ];
        foreach (var attribute in attributes) machine.File($"sys/devices/pci0000:00/0000:01:00.0/{attribute}", poison);
        foreach (var file in (string[])
        [
            "proc/modules", "proc/cmdline", "proc/sys/kernel/hostname", "proc/sys/kernel/osrelease", "proc/sys/kernel/tainted",
            "etc/passwd", "proc/devices", "sys/class/tty/tty0/active",
            "usr/share/misc/pci.ids",
            "run/udev/rules.d/99-gputty.rules", "etc/driverctl.d/0000:01:00.0",
        ])
            machine.File(file, [.. Encoding.UTF8.GetBytes("10de  "), .. poison, .. "\n\t2684  "u8, .. poison, (byte)'\n']);
        // What somebody plugs in calls itself as it likes: beside a line with
        // control characters, one with none but those of the writing direction.
        foreach (var (stick, name) in ((string, byte[])[])[("1-1", poison), ("1-2", Encoding.UTF8.GetBytes("\u202eKeyboard\u200b\u2028"))])
        {
            machine.Link($"sys/bus/usb/devices/{stick}", $"sys/devices/pci0000:00/0000:01:00.0/usb1/{stick}");
            foreach (var attribute in (string[])["manufacturer", "product", "serial", "bDeviceClass", "input/input7/name"])
                machine.File($"sys/devices/pci0000:00/0000:01:00.0/usb1/{stick}/{attribute}", name);
        }
        machine
            .File("sys/devices/pci0000:00/0000:01:00.0/drm/card0/card0-DP-1/edid", poison)
            .File("sys/devices/pci0000:00/0000:01:00.0/drm/card0/card0-DP-1/status", "connected\n");
        machine.File(
            "etc/libvirt/qemu/a.xml",
            $"<domain><name>{new string('A', 300)}&#x9b;&#x202e;31m</name><devices><hostdev type='pci' managed='yes'><source><address "
                + "domain='0' bus='1' slot='0' function='0'/></source></hostdev></devices></domain>");
        using var reader = Readers.For(machine);
        var host = await reader.ReadAsync(SnapshotSections.All, null, default);
        Assert.Single(host.Devices);
        var strings = Strings(host).ToList();
        Assert.All(strings, text => AssertClean(text, Visible.Text(text)));
        Assert.NotEmpty(host.ConflictingTools);
        Assert.Contains(strings, text => text.Contains(@"\u202eKeyboard", StringComparison.Ordinal));
        Counts.Add(output, "outputs of a hostile machine swept", strings.Count);
    }

    [Fact]
    public void M26_the_log_of_a_run_holds_no_line_that_steers()
    {
        using var state = new Files();
        using (var log = RunLog.Begin(state.Paths))
            log.Add(new LogLine(DateTimeOffset.UnixEpoch, LogLevel.Error, LogSource.Unit, s_poison));
        var people = File.ReadAllText(Directory.GetFiles(state.Paths.Log.Path).Single());
        AssertClean(people, "gputty.log");
        Assert.Single(people.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        AssertClean(Encoding.UTF8.GetString(state.Paths.Run.Read(RunLog.Name)!), RunLog.Name);
    }

    /// <summary>Every text, or only those that nothing is decided by.</summary>
    private static HostSnapshot Poisoned(string name, bool all) => (HostSnapshot)Poison(Machines.Find(name)!.Machine.Snapshot() with
    {
        Unknowns = [new Unknown(UnknownFact.Sessions, "sessions", "loginctl said x")],
        ConflictingTools = [new ConflictingTool(Machines.Card, "driverctl gives it away", "Use one")],
    }, all)!;

    /// <summary>A copy with poison at the end of its texts: the same text
    /// gets the same poison, so what belongs together still does.</summary>
    private static object? Poison(object? value, bool all)
    {
        if (value is null
            || value is string
            || value.GetType().IsPrimitive
            || value.GetType().IsEnum
            || value.GetType().Namespace?.StartsWith("GpuTty", StringComparison.Ordinal) != true)
            return value;
        if (value.GetType().GetMethod("<Clone>$") is not { } clone) return value;
        var copy = clone.Invoke(value, null)!;
        foreach (var property in copy.GetType().GetProperties().Where(property => property.CanWrite))
        {
            var was = property.GetValue(copy);
            if (was is string text)
                property.SetValue(
                    copy,
                    all || (s_freeText.Contains(property.Name) && value is not KernelModule and not PciDriver) ? text + s_poison : text);
            else if (was is not null
                && property.PropertyType.IsGenericType
                && property.PropertyType.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
                property.SetValue(copy, Items((IList)was, property.PropertyType.GetGenericArguments()[0], all));
            else property.SetValue(copy, Poison(was, all));
        }
        return copy;
    }

    private static object Items(IList items, Type type, bool all)
    {
        var array = Array.CreateInstance(type, items.Count);
        for (var n = 0; n < items.Count; n++)
            array.SetValue(items[n] is string text ? all ? text + s_poison : text : Poison(items[n], all), n);
        return typeof(System.Runtime.InteropServices.ImmutableCollectionsMarshal).GetMethod(
            nameof(System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray))!
            .MakeGenericMethod(type)
            .Invoke(null, [array])!;
    }

    private static IEnumerable<string> Strings(object? value)
    {
        if (value is string text) return [text];
        if (value is null || value.GetType().IsPrimitive || value.GetType().IsEnum) return [];
        if (value is IEnumerable items) return items.Cast<object?>().SelectMany(Strings);
        return value.GetType().Namespace?.StartsWith("GpuTty", StringComparison.Ordinal) == true
            ? value
                .GetType()
                .GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property.CanWrite)
                .SelectMany(property => Strings(property.GetValue(value)))
            : [];
    }

    private static IEnumerable<JsonElement> Documents(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var at = 0;
        while (at < bytes.Length && !string.IsNullOrWhiteSpace(Encoding.UTF8.GetString(bytes.AsSpan(at))))
        {
            var reader = new Utf8JsonReader(bytes.AsSpan(at));
            var document = JsonDocument.ParseValue(ref reader);
            at += (int)reader.BytesConsumed;
            yield return document.RootElement;
        }
    }

    private static void AssertCleanJson(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String) AssertClean(element.GetString()!, "json");
        else if (element.ValueKind == JsonValueKind.Array) foreach (var item in element.EnumerateArray()) AssertCleanJson(item);
        else if (element.ValueKind == JsonValueKind.Object)
            foreach (var property in element.EnumerateObject()) AssertCleanJson(property.Value);
    }

    /// <summary>Newlines are ours: a hostile one would have been made visible before.</summary>
    private static void AssertClean(string text, string where)
    {
        var odd = text.FirstOrDefault(c =>
            (char.IsControl(c) && c != '\n')
            || c is '\u202e' or '\u202c' or '\u2028' or '\u2029' or '\u200b' or '\ue000'
            || char.IsSurrogate(c));
        Assert.True(
            odd == default && !text.Contains('\0', StringComparison.Ordinal),
            $"{where}: U+{(int)odd:x4} in {Visible.Text(Around(text, text.IndexOf(odd)))}");
    }

    private static string Around(string text, int at) =>
        text.Length > 400 ? text[Math.Max(0, at - 200)..Math.Min(text.Length, at + 200)] : text;

    private sealed class Looks(HostSnapshot host) : IHostReader
    {
        public Task<HostSnapshot> ReadAsync(SnapshotSections facts, HostSnapshot? before, CancellationToken cancel) =>
            Task.FromResult(host);
        public Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancel) => Task.CompletedTask;
    }

    private sealed class Files : StateFixture
    {
        public StatePaths Paths => State;
    }
}
