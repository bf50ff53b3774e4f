using GpuTty.Diagnosis;
using GpuTty.Host.Settings;

namespace GpuTty.Tests.Diagnosis;

/// <summary>Settings mean to the doctor what they mean to the programs that read them.</summary>
public sealed class SettingsSyntaxTests
{
    [Fact]
    public void A_rule_of_udev_may_go_over_several_lines_with_comments_between_them()
    {
        var rule = Assert.Single(UdevRule.Of(new(
            "r", "# first\nACTION==\"add\", \\\n# a comment\n  SUBSYSTEM==\"pci\", \\\n  ATTR{remove}=\"1\"\n")));
        Assert.Equal(
            ("ACTION SUBSYSTEM ATTR{remove}", 2, 5),
            (
                string.Join(' ', rule.Keys.Select(key => key.Key + (key.Attribute.Length > 0 ? $"{{{key.Attribute}}}" : ""))),
                rule.First,
                rule.Last));
    }

    [Theory]
    [InlineData("KERNEL==\"card*\",TAG-=\"seat\"", "KERNEL == card*;TAG -= seat")]
    [InlineData("RUN+=\"/bin/sh -c 'echo \\\"x\\\"'\"", "RUN += /bin/sh -c 'echo \"x\"'")]
    [InlineData("ATTR{vendor}==i\"0x10DE\" , MODE:=\"0000\"", "ATTR == 0x10DE;MODE := 0000")]
    [InlineData("LABEL=\"end", "")]
    [InlineData("not a rule", "")]
    public void The_keys_of_a_rule_are_told_apart(string line, string keys) =>
        Assert.Equal(
            keys,
            string.Join(
                ';',
                UdevRule.Of(new("r", line)).SelectMany(rule => rule.Keys).Select(key => $"{key.Key} {key.Operator} {key.Value}")));

    [Theory]
    [InlineData("ACTION==\"add|change\"", "add", true)]
    [InlineData("ACTION==\"add|change\"", "bind", false)]
    [InlineData("ACTION!=\"remove\"", "bind", true)]
    [InlineData("KERNEL==\"x\"", "bind", true)]
    public void A_rule_without_a_match_of_the_action_counts_for_all(string line, string action, bool fits) =>
        Assert.Equal(fits, Assert.Single(UdevRule.Of(new("r", line))).Fits("ACTION", action));

    [Theory]
    [InlineData("*", "", true)]
    [InlineData("a*c*e", "abcde", true)]
    [InlineData("a*c*e", "abcdf", false)]
    [InlineData("card[0-9]", "card0", true)]
    [InlineData("card[0-9]*", "cardX", false)]
    [InlineData("0000:0[13]:00.[!0]", "0000:03:00.1", true)]
    [InlineData("0000:0[13]:00.[!0]", "0000:02:00.1", false)]
    [InlineData("0000:0[13]:00.[!0]", "0000:01:00.0", false)]
    [InlineData("[]a-]", "]", true)]
    [InlineData("[]a-]", "-", true)]
    [InlineData("a[", "a[", true)]
    [InlineData("*[ab]c", "xxbc", true)]
    [InlineData("?", "", false)]
    public void Patterns_stand_for_what_they_say(string pattern, string text, bool fits) => Assert.Equal(fits, Pattern.Fits(pattern, text));

    [Fact]
    public void A_pattern_of_many_stars_takes_no_more_than_a_look_at_each_character_for_each_of_its_own()
    {
        var pattern = string.Concat(Enumerable.Repeat("*a", 200)) + "b";
        var text = new string('a', 5000);
        Assert.False(Pattern.Fits(pattern, text, out var steps));
        Assert.InRange(steps, text.Length, pattern.Length * text.Length);
    }

    [Fact]
    public void A_unit_file_is_read_as_systemd_reads_it()
    {
        var settings = UnitFile.Settings(new(
            "/etc/systemd/system/x.service",
            "; comment\nRestart=no\n[Service]\n# Restart=no\nExecStart=/bin/a \\\n# between\n  b\nRestart = no \n[Install]\nWantedBy=x\n"));
        Assert.Equal(
            [" Restart=no 2", "Service ExecStart=/bin/a  b 5", "Service Restart=no 8", "Install WantedBy=x 10"],
            settings.Select(one => $"{one.Section} {one.Key}={one.Value} {one.Line}"));
    }

    [Theory]
    [InlineData("a=\"b c\" d -- e", "a=b c;d=")]
    [InlineData("\"a=b c\" x-y=1-2", "a=b c;x_y=1-2")]
    [InlineData("video=efifb:off,vesafb:off", "video=efifb:off,vesafb:off")]
    public void The_kernel_command_line_is_parted_as_the_kernel_parts_it(string line, string parameters) =>
        Assert.Equal(parameters, string.Join(';', KernelCommandLine.Parameters(line).Select(one => $"{one.Name}={one.Value}")));

    [Fact]
    public async Task A_file_of_the_administrator_hides_a_package_s_and_a_link_to_nothing_masks_it()
    {
        using var machine = new RecipeMachine();
        machine.Tree
            .File("usr/lib/udev/rules.d/50-remove-nvidia.rules", "ATTR{vendor}==\"0x10de\", ATTR{remove}=\"1\"\n")
            .LinkText("etc/udev/rules.d/50-remove-nvidia.rules", "/dev/null")
            .File("usr/lib/modprobe.d/vfio.conf", "install vfio-pci /sbin/x\n")
            .File("run/modprobe.d/vfio.conf", "# nothing\n")
            .File("etc/systemd/system/gdm.service.d/10-a.conf", "[Service]\nRestart=no\n")
            .File("run/systemd/system/gdm.service.d/20-b.conf", "[Service]\nRestart=always\n")
            .File("etc/systemd/system/sddm.service.d/10-a.conf", "[Unit]\nRestart=no\n");
        Assert.Equal(DiagnosisCode.NoLeftovers, Assert.Single(Leftovers.Of(await machine.ReadAsync())).Code);
    }

    [Fact]
    public async Task The_last_drop_in_counts_by_its_name_whatever_folder_it_is_in()
    {
        using var machine = new RecipeMachine();
        machine.Tree
            .File("etc/systemd/system/gdm.service.d/10-a.conf", "[Service]\nRestart=always\n")
            .File("usr/lib/systemd/system/gdm.service.d/20-b.conf", "[Service]\nRestart=no\n");
        Assert.Equal(
            "/usr/lib/systemd/system/gdm.service.d/20-b.conf:2",
            Assert.Single(Leftovers.Of(await machine.ReadAsync())).Where!.ToString());
    }

    [Fact]
    public async Task Files_that_cannot_be_read_are_said_and_nothing_is_called_clean()
    {
        using var machine = new RecipeMachine();
        machine.Tree
            .LinkText("etc/udev/rules.d/10-a.rules", "10-a.rules")
            .File("etc/libvirt/hooks/qemu", new byte[GpuTty.Linux.Settings.BoundedFiles.LongestFile + 1])
            .File("etc/udev/rules.d/20-latin.rules", [.. "# f"u8, 0xfc, .. "r\nATTR{vendor}==\"0x10de\", ATTR{remove}=\"1\""u8]);
        var host = await machine.ReadAsync();
        Assert.Equal(2, host.Unknowns.Count(unknown => unknown.Code == GpuTty.Host.UnknownFact.SettingsFiles));
        Assert.Equal(DiagnosisCode.UdevRemovesDevice, Assert.Single(Leftovers.Of(host)).Code);
    }

    [Theory]
    [InlineData("etc/modprobe.d/a.conf", "blacklist nvidia\n", "")]
    [InlineData("etc/modprobe.d/a.conf", "blacklist nvidia \\\n", "")]
    [InlineData("etc/modprobe.d/a.conf", "blacklist ", "nvidia")]
    [InlineData("etc/udev/rules.d/a.rules", "KERNEL==\"0000:01:00.0\", ATTR{driver_override}=\"vfio-pci\"\n", "")]
    [InlineData("etc/udev/rules.d/a.rules", "KERNEL==\"0000:01:00.0\", \\\n", "ATTR{driver_override}=\"vfio-pci\"")]
    [InlineData("etc/udev/rules.d/a.rules", "RUN+=\"/bin/sh -c 'echo x > driver_override'\",", "")]
    [InlineData("etc/systemd/system/gdm.service.d/a.conf", "[Service]\nRestart=no\n", "")]
    [InlineData("etc/systemd/system/a.service", "[Service]\nExecStart=/bin/sh -c 'echo 0 > /sys/class/vtconsole/vtcon0/bind' \\\n", "")]
    [InlineData("etc/default/grub", "GRUB_CMDLINE_LINUX=\"nomodeset\"\n", "")]
    [InlineData("etc/default/grub", "nomodeset ", "")]
    [InlineData("etc/libvirt/hooks/qemu", "prepare||start||", "")]
    [InlineData("etc/X11/xorg.conf", "Section \"Device\"\nDriver \"nvidia\"\nEndSection\n", "")]
    [InlineData("etc/environment", "GNOME_MUTTER_IGNORE_DEVICE=1\n", "")]
    [InlineData("usr/local/bin/a", "#!/bin/sh\necho vfio-pci > /sys/bus/pci/devices/0000:01:00.0/driver_override\n", "")]
    public async Task A_file_of_a_megabyte_takes_no_more_than_eight_times_the_memory_of_a_quarter(string path, string again, string end)
    {
        var quarter = await AllocatedFor(path, again, end, 1 << 18);
        Assert.InRange(await AllocatedFor(path, again, end, 1 << 20), 0, (8 * quarter) + (1 << 20));
    }

    /// <summary>Bytes that it takes to find out about a machine with a file of that size, and to plan its corrections.</summary>
    private static async Task<long> AllocatedFor(string path, string again, string end, int size)
    {
        using var machine = new RecipeMachine();
        machine.Tree
            .File(path, string.Concat(Enumerable.Repeat(again, size / again.Length)) + end)
            .File("proc/cmdline", "quiet nomodeset\n");
        var host = await machine.ReadAsync();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var found = Findings.Of(host);
        var plan = CorrectionPlan.Of(found, [], _ => null);
        Assert.All(plan.Changes.Select(change => change.Change).OfType<FileChange.Edit>(), edit => Assert.NotEmpty(edit.Lines));
        Assert.All(found, one => Assert.True((one.Command?.Length ?? 0) < 50_000, one.Sentence));
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    [Fact]
    public async Task Links_in_a_circle_are_unknown_and_nothing_is_called_clean()
    {
        using var machine = new RecipeMachine();
        machine.Tree.LinkText("etc/modprobe.d/loop.conf", "loop2.conf").LinkText("etc/modprobe.d/loop2.conf", "loop.conf");
        var host = await machine.ReadAsync();
        Assert.Contains(host.Unknowns, unknown => unknown.Reason.Contains("loop.conf", StringComparison.Ordinal));
        Assert.DoesNotContain(Leftovers.Of(host), finding => finding.Code == DiagnosisCode.NoLeftovers);
    }

    [Fact]
    public async Task A_folder_that_leads_to_itself_is_looked_at_so_deep_and_no_deeper()
    {
        using var machine = new RecipeMachine();
        machine.Tree.LinkText("etc/libvirt/hooks/qemu.d/loop", "..");
        Assert.Equal(DiagnosisCode.NoLeftovers, Assert.Single(Leftovers.Of(await machine.ReadAsync())).Code);
    }

    [Theory]
    [InlineData("it's.conf", "rm '/etc/modprobe.d/it'\\''s.conf'")]
    [InlineData("a;reboot;.conf", "rm '/etc/modprobe.d/a;reboot;.conf'")]
    [InlineData("a\u001b[2J\n.conf", null)]
    public void A_strange_name_is_quoted_or_no_command_is_named(string name, string? command) =>
        Assert.Equal(command, LeftoverRemoval.Of(new($"/etc/modprobe.d/{name}", "install vfio-pci x\n"), [(1, 1)])!.Command);

    [Theory]
    [InlineData("quiet nomodeset splash", "quiet splash")]
    [InlineData("nomodeset splash", "splash")]
    [InlineData("quiet nomodeset", "quiet")]
    [InlineData("nomodeset", "")]
    [InlineData("xnomodeset nomodeset", "xnomodeset")]
    public async Task A_parameter_is_taken_out_and_nothing_else(string before, string after)
    {
        var file = Path.GetTempFileName();
        var settings = new SettingsFiles { CommandLines = [new("/etc/default/grub", $"A=1\nGRUB_CMDLINE_LINUX=\"{before}\"\n")] };
        var correction = LeftoverRemoval.OfParameter(settings, new("nomodeset", null, "nomodeset"))!;
        Assert.Equal(
            $"A=1\nGRUB_CMDLINE_LINUX=\"{after}\"\n",
            Assert.IsType<FileChange.Edit>(Assert.Single(correction.Changes)).Apply(settings.CommandLines[0].Text));
        var command = correction.Command!;
        Assert.EndsWith(" /etc/default/grub && grub-mkconfig -o /boot/grub/grub.cfg", command, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, settings.CommandLines[0].Text);
        using var shell = System.Diagnostics.Process.Start(
            "/bin/sh", ["-c", command.Split(" && ")[0].Replace("/etc/default/grub", file, StringComparison.Ordinal)]);
        await shell.WaitForExitAsync();
        Assert.Equal($"A=1\nGRUB_CMDLINE_LINUX=\"{after}\"\n", await File.ReadAllTextAsync(file));
        File.Delete(file);
    }
}
