using System.Text.Json;
using GpuTty.Cli;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Planning.Checks;
using GpuTty.Simulation;

namespace GpuTty.Tests.Cli;

/// <summary>Commands that only look: their JSON, hostile names, what could not be told, colours.</summary>
public sealed class ReadOnlyTests
{
    public static TheoryData<string> Commands =>
        ["status", "devices", "devices --cards", "groups", "holders", "doctor", "plan vm", "plan vm --end-sessions", "switch vm --dry-run"];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_document_is_json_on_every_machine_and_nothing_is_touched(string line)
    {
        foreach (var machine in Machines.All)
        {
            var gputty = Gputty.On(machine.Name);
            var before = gputty.Host.Machine;
            // Where several cards could be meant, the command has to say which.
            string[] card = line.Contains(" vm", StringComparison.Ordinal)
                ? ["--card", $"{CardChoice.Candidates(machine.Machine.Snapshot())[0].Address}"]
                : [];
            var document = gputty.Run([.. line.Split(' '), .. card, "--json"]).Json;
            Assert.Equal(2, document.GetProperty("schema").GetInt32());
            Assert.Equal(JsonValueKind.Array, document.GetProperty("unknowns").ValueKind);
            Assert.Same(before, gputty.Host.Machine);
            Assert.Empty(gputty.Host.Calls);
        }
    }

    [Fact]
    public void Fields_have_the_names_that_the_manual_promises()
    {
        var gputty = Gputty.On("desktop");
        var status = gputty.Run("status", "--json").Json;
        Assert.Equal("host", status.GetProperty("cards")[0].GetProperty("owner").GetString());
        Assert.Equal("gdm.service", status.GetProperty("desktop").GetProperty("display_manager").GetString());
        Assert.Equal("none", status.GetProperty("run").GetProperty("state").GetString());
        Assert.Equal("review", status.GetProperty("next")[0].GetProperty("verdict").GetString());
        var card = gputty.Run("devices", "--cards", "--json").Json.GetProperty("devices")[0];
        Assert.Equal("0000:01:00.0", card.GetProperty("address").GetString());
        Assert.Equal("10de:2684", card.GetProperty("id").GetString());
        Assert.Equal("nvidia", card.GetProperty("driver").GetString());
        Assert.Equal(JsonValueKind.Null, card.GetProperty("driver_override").ValueKind);
        Assert.Equal(14, card.GetProperty("iommu_group").GetInt32());
        var holder = gputty.Run("holders", "--card", "01:00", "--json").Json.GetProperty("cards")[0].GetProperty("holders")[0];
        Assert.Equal(JsonValueKind.Number, holder.GetProperty("start_time").ValueKind);
        Assert.Equal(JsonValueKind.Array, holder.GetProperty("nodes").ValueKind);
        var plan = gputty.Run("plan", "vm", "--end-sessions", "--json").Json;
        Assert.Equal("ready", plan.GetProperty("outcome").GetString());
        Assert.Equal("restart", plan.GetProperty("desktop_impact").GetString());
        Assert.Equal("ends-sessions", plan.GetProperty("risk").GetString());
        Assert.True(plan.GetProperty("steps")
            .EnumerateArray()
            .Single(step => step.GetProperty("irreversible").GetBoolean())
            .GetProperty("limit_seconds")
            .GetDouble() > 0);
        var refused = gputty.Run("plan", "vm", "--json").Json;
        Assert.Equal("refused", refused.GetProperty("outcome").GetString());
        Assert.Equal("sessions-would-end", refused.GetProperty("obstacles")[0].GetProperty("code").GetString());
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Hostile_names_neither_steer_a_terminal_nor_break_json(string line)
    {
        const string hostile = "\e[2J\e]0;owned\a\u202e\"',\r\n\0\ud800 name";
        var host = Machines.Find("desktop")!.Machine.Snapshot();
        var evil = host with
        {
            HostName = hostile,
            Devices = [.. host.Devices.Select(device => device with { Name = hostile, PowerState = hostile })],
            Holders = [.. host.Holders.Select(holder =>
                holder with { Name = hostile, User = hostile, Unit = hostile, UserUnit = hostile, Container = hostile })],
            Sessions = [.. host.Sessions.Select(session => session with { User = hostile, Desktop = hostile })],
            DisplayManager = host.DisplayManager! with { Unit = host.DisplayManager!.Unit with { Name = new UnitName(hostile) } },
            Unknowns = [new Unknown(UnknownFact.DeviceNames, hostile, hostile)],
        };
        var text = Gputty.On(evil).Run(line.Split(' '));
        Assert.DoesNotContain(text.Out + text.Error, c => char.IsControl(c) && c != '\n' || c is '\u202e' || char.IsSurrogate(c));
        var json = Gputty.On(evil).Run([.. line.Split(' '), "--json"]);
        Assert.All(Strings(json.Json), name => Assert.DoesNotContain(name, c => char.IsControl(c) || c is '\u202e'));
    }

    [Theory]
    [InlineData("status")]
    [InlineData("devices")]
    [InlineData("groups")]
    [InlineData("holders")]
    [InlineData("doctor")]
    public void What_could_not_be_told_is_said(string command)
    {
        var host = Machines.Find("desktop")!.Machine.Snapshot();
        var said = Gputty.On(host with
        {
            Holders = [],
            Unknowns = [new Unknown(UnknownFact.Holders, "holders", "Only root may look at other users' processes.")],
        })
            .With(isRoot: false)
            .Run(command);
        // The doctor's marks stand in a column, as wide as "ok ".
        Assert.Contains(
            $"{(command == "doctor" ? "?? " : "??")} Unknown holders: Only root may look at other users' processes.",
            said.Out + said.Error,
            StringComparison.Ordinal);
        Assert.Equal(command == "doctor" ? ExitCodes.Refused : ExitCodes.Done, said.Code);
    }

    [Fact]
    public void Colours_come_only_when_asked_for_and_add_nothing_else()
    {
        var plain = Gputty.On("desktop").Run("status").Out;
        var coloured = Gputty.On("desktop").With(usesColour: true).Run("status").Out;
        Assert.DoesNotContain('\e', plain);
        Assert.Contains("\e[33mREVIEW", coloured, StringComparison.Ordinal);
        Assert.Equal(plain, System.Text.RegularExpressions.Regex.Replace(coloured, "\e\\[[0-9]+m", ""));
    }

    [Fact]
    public void The_doctor_s_exit_code_is_its_answer()
    {
        Assert.Equal(ExitCodes.Done, Gputty.On("desktop").Run("doctor").Code);
        Assert.Equal(ExitCodes.Refused, Gputty.On("no-iommu").Run("doctor").Code);
    }

    [Fact]
    public void A_plan_that_is_refused_names_each_obstacle_and_what_to_do()
    {
        var said = Gputty.On("stubborn").Run("plan", "vm");
        Assert.Equal(ExitCodes.Refused, said.Code);
        Assert.Equal("", said.Out);
        Assert.Contains("--end-sessions", said.Error, StringComparison.Ordinal);
        Assert.Contains("--end-holders term", said.Error, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Strings(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(field => Strings(field.Value)),
        _ => [],
    };
}
