using GpuTty.Cli;
using GpuTty.Diagnosis;
using GpuTty.Planning.Checks;
using GpuTty.Simulation;
using GpuTty.Tests.Cli;
using GpuTty.Tests.Formats;

namespace GpuTty.Tests.Diagnosis;

/// <summary>What doctor says: the answer first, then what it rests on.</summary>
public sealed class DoctorTests
{
    public static TheoryData<string> Codes =>
        [.. ManualValues.Values(typeof(DiagnosisCode)).Concat(ManualValues.Values(typeof(CheckCode))).Distinct()];

    [Theory]
    [InlineData("kept-off", "This machine can give 01:00 to a VM without a logout.")]
    [InlineData("desktop", "This machine can give 01:00 to a VM, with a logout.")]
    [InlineData("no-iommu", "This machine cannot give 01:00 to a VM yet.")]
    public void The_first_line_is_the_answer(string machine, string answer) =>
        Assert.Equal(answer, Gputty.On(machine).Run("doctor").Out.Split('\n')[0]);

    [Fact]
    public void A_card_that_is_away_is_asked_whether_it_can_come_home()
    {
        var gputty = Gputty.On("kept-off");
        gputty.Run("switch", "vm", "--yes");
        Assert.Equal("This machine can take 01:00 back to the host without a logout.", gputty.Run("doctor").Out.Split('\n')[0]);
    }

    [Fact]
    public async Task Everything_of_the_first_article_is_named_in_the_order_of_what_to_do_first()
    {
        using var machine = new RecipeMachine().With(Recipes.All[0]);
        var read = await machine.ReadAsync();
        var host = Machines.Find("kept-off")!.Machine.Snapshot() with
        {
            SettingsFiles = read.SettingsFiles,
            CommandLine = read.CommandLine,
            ModuleSettings = read.ModuleSettings,
        };
        Snapshots.Verify((await Gputty.On(host).RunAsync("doctor")).Out);
    }

    [Fact]
    public async Task What_meets_the_switch_now_is_to_be_done_first()
    {
        using var machine = new RecipeMachine().With(Recipes.All.Single(recipe => recipe.Name == "libvirt hooks by the guest's suffix"));
        var said = (await Gputty.On("desktop").With(await machine.ReadAsync()).RunAsync("doctor", "--json")).Json;
        var answer = said.GetProperty("answers")[0];
        Assert.Contains(
            "hook-moves-card",
            answer.GetProperty("first").EnumerateArray().Select(first => first.GetProperty("code").GetString()));
        Assert.Equal(
            "chmod a-x /etc/libvirt/hooks/vfio-startup.sh",
            said.GetProperty("findings")
                .EnumerateArray()
                .First(finding => finding.GetProperty("path").GetString() == "/etc/libvirt/hooks/vfio-startup.sh")
                .GetProperty("command")
                .GetString());
    }

    [Theory, MemberData(nameof(Codes))]
    public void Each_code_is_explained_with_the_document_it_rests_on(string code)
    {
        var said = Gputty.On("desktop").With(reader: new Nobody()).Run("doctor", "--explain", code);
        Assert.Equal((ExitCodes.Done, ""), (said.Code, said.Error));
        var lines = said.Out.TrimEnd('\n').Split('\n');
        Assert.Equal(code, lines[0]);
        Assert.True(lines.Skip(1).SkipLast(1).Sum(line => line.Length) > 80, said.Out);
        Assert.All(lines, line => Assert.True(line.Length <= 200, line));
        Assert.Matches("^See: .{5,}$", lines[^1]);
    }

    [Theory]
    [InlineData("doctor --explain nothing-of-the-kind", "There is no code 'nothing-of-the-kind'.")]
    [InlineData("doctor --explain iommu --json", "--explain stands alone.")]
    [InlineData("doctor --explain", "Required argument missing for option: '--explain'.")]
    public void What_cannot_be_explained_is_a_sentence(string line, string problem)
    {
        var said = Gputty.On("desktop").Run(line.Split(' '));
        Assert.Equal((ExitCodes.Usage, ""), (said.Code, said.Out));
        Assert.Contains(problem, said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_that_a_rule_takes_off_the_bus_is_missing_and_the_rule_is_named()
    {
        using var machine =
            new RecipeMachine().With(Recipes.All.Single(recipe => recipe.Name == "a laptop's card taken off the bus by envycontrol"));
        foreach (var gone in (string[])["0000:00:02.0", "0000:01:00.0", "0000:01:00.1"])
            File.Delete(machine.Tree.At($"sys/bus/pci/devices/{gone}"));
        var said = await Gputty.On("desktop").With(await machine.ReadAsync()).RunAsync("doctor");
        Assert.Equal(ExitCodes.Refused, said.Code);
        Assert.Contains("udev-removes-device", said.Out, StringComparison.Ordinal);
        Assert.StartsWith("This machine has no graphics card that Linux can see.\n", said.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_of_files_that_are_made_to_steer_a_terminal_do_not()
    {
        using var machine = new RecipeMachine();
        machine.Tree
            .File(
                "etc/modprobe.d/\u001b[2J\u202e\n;reboot.conf",
                "install vfio-pci /bin/\u001b]0;owned\u0007x\noptions vfio-pci ids=\u001b[31m disable_vga=1\n")
            .File("usr/local/bin/\u001b[2Jx", "#!/bin/sh\necho > /sys/bus/pci/drivers/nvidia/unbind\n");
        var host = await machine.ReadAsync();
        foreach (var line in (string[][])[["doctor"], ["doctor", "--json"]])
        {
            var said = await Gputty.On("desktop").With(host).RunAsync(line);
            Assert.Contains("vfio-install-command", said.Out, StringComparison.Ordinal);
            Assert.DoesNotContain(said.Out + said.Error, c => (char.IsControl(c) && c != '\n') || c == '\u202e');
        }
    }

    /// <summary>An explanation looks at no machine.</summary>
    private sealed class Nobody : GpuTty.Host.IHostReader
    {
        public Task<GpuTty.Host.HostSnapshot> ReadAsync(
            GpuTty.Host.SnapshotSections facts, GpuTty.Host.HostSnapshot? before, CancellationToken cancel) =>
            throw new InvalidOperationException();
        public Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancel) => throw new InvalidOperationException();
    }
}
