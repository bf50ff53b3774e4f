using GpuTty.Cli;
using GpuTty.Cli.Json;
using GpuTty.Diagnosis;
using GpuTty.Host.Settings;
using GpuTty.Linux.Settings;
using GpuTty.Linux.State;
using GpuTty.Switching;
using GpuTty.Tests.Cli;

namespace GpuTty.Tests.Diagnosis;

/// <summary>gputty doctor --fix takes what was found out of the files, and brings every byte back.</summary>
public sealed class FixTests
{
    private const string Leftover = "etc/modprobe.d/no.conf";

    public static TheoryData<string> Names => [.. Recipes.All.Select(recipe => recipe.Name)];

    [Theory, MemberData(nameof(Names))]
    public async Task What_a_recipe_left_is_gone_after_the_fix_and_back_after_its_undo_to_the_last_byte(string name)
    {
        var recipe = Recipes.All.Single(one => one.Name == name);
        using var machine = new RecipeMachine().With(recipe);
        var before = Everything(machine);
        var found = Findings.Of(await machine.ReadAsync());
        var codes = found
            .Where(finding => finding.Correction is { Changes.Length: > 0 } && finding.Group != FindingGroup.Ok)
            .Select(finding => CodeText.Of(finding.Code))
            .Distinct()
            .ToList();
        // Named one by one, so that also what somebody may need is changed.
        string[] fix = ["doctor", "--fix", .. codes];

        var shown = await On(machine).RunAsync([.. fix, "--dry-run"]);
        Assert.Equal(ExitCodes.Done, shown.Code);
        Assert.Equal(before, Everything(machine));

        var done = await On(machine).RunAsync([.. fix, "--yes"]);
        Assert.Equal((ExitCodes.Done, ""), (done.Code, done.Error));
        if (codes.Count == 0)
        {
            Assert.Equal(before, Everything(machine));
            return;
        }
        Assert.NotEqual(before, Everything(machine));
        Assert.DoesNotContain(Everything(machine), file => file.Key.EndsWith(".gputty", StringComparison.Ordinal));
        machine.Restart();
        Assert.DoesNotContain(Findings.Of(await machine.ReadAsync()), finding => codes.Contains(CodeText.Of(finding.Code)));

        var back = await On(machine).RunAsync("doctor", "--fix", "--undo", "--yes");
        Assert.Equal((ExitCodes.Done, ""), (back.Code, back.Error));
        Assert.Equal(before, Everything(machine));
        Assert.Contains(
            "There is nothing to undo.",
            (await On(machine).RunAsync("doctor", "--fix", "--undo", "--yes")).Out,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_plan_shows_each_line_and_what_has_to_follow()
    {
        using var machine = new RecipeMachine().With(Recipes.All[0]);
        Snapshots.Verify((await On(machine).RunAsync("doctor", "--fix", "--dry-run")).Out);
    }

    [Fact]
    public async Task The_plan_for_programs()
    {
        using var machine = new RecipeMachine().With(Recipes.All.Single(recipe => recipe.Name == "an emptied console"));
        machine.Tree
            .File("etc/driverctl.d/0000:01:00.0", "vfio-pci\n")
            .File("usr/lib/udev/rules.d/50-remove-nvidia.rules", "ACTION==\"add\", ATTR{vendor}==\"0x10de\", ATTR{remove}=\"1\"\n");
        Snapshots.Verify((await On(machine).RunAsync("doctor", "--fix", "--dry-run", "--json")).Out.Replace(
            machine.Tree.Path, "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_is_changed_before_somebody_has_said_yes()
    {
        using var machine = new RecipeMachine();
        machine.Tree.File(Leftover, "install nvidia /bin/false\n");
        var before = Everything(machine);
        foreach (var answer in (string[])["", "n\n", "nothing\n"])
        {
            var said = await On(machine, types: answer).RunAsync("doctor", "--fix");
            Assert.Equal(ExitCodes.Refused, said.Code);
            Assert.Contains("Change this file now? Copies are kept. [y/N]", said.Out, StringComparison.Ordinal);
        }
        Assert.Equal(before, Everything(machine));
        Assert.Equal(ExitCodes.Done, (await On(machine, types: "y\n").RunAsync("doctor", "--fix")).Code);
        Assert.False(File.Exists(machine.Tree.At(Leftover)));
        Assert.Equal(ExitCodes.Refused, (await On(machine, types: "n\n").RunAsync("doctor", "--fix", "--undo")).Code);
        Assert.Equal(ExitCodes.Done, (await On(machine, types: "y\n").RunAsync("doctor", "--fix", "--undo")).Code);
        Assert.Equal(before, Everything(machine));
    }

    [Theory]
    [InlineData("--fix --json", true, ExitCodes.Usage, "--json cannot prompt.")]
    [InlineData("--fix", true, ExitCodes.Usage, "There is no terminal to ask on.")]
    [InlineData("--fix --yes", false, ExitCodes.NeedsRoot, "Only root can change the machine's settings.")]
    [InlineData("--fix --undo --yes", false, ExitCodes.NeedsRoot, "Only root can change the machine's settings.")]
    [InlineData("--fix nothing-of-the-kind", true, ExitCodes.Usage, "There is no finding 'nothing-of-the-kind'")]
    [InlineData("--fix iommu", true, ExitCodes.Usage, "There is no finding 'iommu'")]
    [InlineData("--fix driver-forbidden --undo", true, ExitCodes.Usage, "takes no codes")]
    [InlineData("--undo", true, ExitCodes.Usage, "go with --fix")]
    [InlineData("--dry-run", true, ExitCodes.Usage, "go with --fix")]
    [InlineData("--fix --card 01:00", true, ExitCodes.Usage, "takes no --card")]
    public async Task What_cannot_be_meant_is_a_sentence(string line, bool isRoot, int code, string problem)
    {
        using var machine = new RecipeMachine();
        machine.Tree.File(Leftover, "install nvidia /bin/false\n");
        var before = Everything(machine);
        var said = await On(machine, isRoot: isRoot, isTerminal: false).RunAsync(["doctor", .. line.Split(' ')]);
        Assert.Equal(code, said.Code);
        Assert.Contains(problem, said.Error, StringComparison.Ordinal);
        Assert.Equal(before, Everything(machine));
    }

    [Fact]
    public async Task Where_nothing_was_found_nothing_is_done()
    {
        using var machine = new RecipeMachine();
        var said = await On(machine).RunAsync("doctor", "--fix", "--yes");
        Assert.Equal((ExitCodes.Done, "Nothing was found that would have to be changed.\n"), (said.Code, said.Out));
        Assert.False(Directory.Exists(machine.Tree.At("var/lib/gputty")));
    }

    [Fact]
    public async Task A_link_that_somebody_has_made_is_left_and_named()
    {
        using var machine = new RecipeMachine();
        machine.Tree
            .File("home/joe/dotfiles/no.conf", "install nvidia /bin/false\n")
            .LinkText(Leftover, machine.Tree.At("home/joe/dotfiles/no.conf"));
        var before = Everything(machine);
        var said = await On(machine).RunAsync("doctor", "--fix", "--yes");
        Assert.Equal(ExitCodes.Done, said.Code);
        Assert.Contains("/etc/modprobe.d/no.conf is a link to ", said.Out, StringComparison.Ordinal);
        Assert.Equal(before, Everything(machine));
    }

    [Fact]
    public async Task Owner_permissions_and_bytes_that_are_no_text_stay()
    {
        using var machine = new RecipeMachine();
        byte[] text = [.. "# f"u8, 0xfc, .. "r\r\noptions x y="u8, 0xff, .. "\ninstall nvidia /bin/false\noptions z a=1"u8];
        machine.Tree.File(Leftover, text);
        File.SetUnixFileMode(machine.Tree.At(Leftover), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        if (Environment.IsPrivilegedProcess) Assert.Equal(0, Chown(machine.Tree.At(Leftover), 1234, 4321));
        var before = Everything(machine);
        Assert.Equal(ExitCodes.Done, (await On(machine).RunAsync("doctor", "--fix", "--yes")).Code);
        Assert.Equal(
            [.. "# f"u8, 0xfc, .. "r\r\noptions x y="u8, 0xff, .. "\noptions z a=1"u8],
            await File.ReadAllBytesAsync(machine.Tree.At(Leftover)));
        Assert.Equal(before[$"/{Leftover}"].Split(' ')[..3], Everything(machine)[$"/{Leftover}"].Split(' ')[..3]);
        Assert.Equal(ExitCodes.Done, (await On(machine).RunAsync("doctor", "--fix", "--undo", "--yes")).Code);
        Assert.Equal(before, Everything(machine));
    }

    [Fact]
    public async Task A_file_that_was_changed_after_the_fix_is_not_lost_by_the_undo()
    {
        using var machine = new RecipeMachine();
        machine.Tree
            .File(Leftover, "install nvidia /bin/false\noptions z a=1\n")
            .File("etc/modprobe.d/other.conf", "install nvidia /bin/false\n");
        await On(machine).RunAsync("doctor", "--fix", "--yes");
        machine.Tree.File(Leftover, "options z a=2\n");
        var before = Everything(machine);
        var said = await On(machine).RunAsync("doctor", "--fix", "--undo", "--yes");
        Assert.Equal(ExitCodes.Refused, said.Code);
        Assert.Contains("/etc/modprobe.d/no.conf has been changed since, so nothing is rolled back.", said.Error, StringComparison.Ordinal);
        Assert.Equal(before, Everything(machine));
        machine.Tree.File(Leftover, "options z a=1\n");
        Assert.Equal(ExitCodes.Done, (await On(machine).RunAsync("doctor", "--fix", "--undo", "--yes")).Code);
        Assert.Equal("install nvidia /bin/false\n", await File.ReadAllTextAsync(machine.Tree.At("etc/modprobe.d/other.conf")));
    }

    [Fact]
    public async Task Two_fixes_are_taken_back_the_last_one_first()
    {
        using var machine = new RecipeMachine();
        machine.Tree.File(Leftover, "install nvidia /bin/false\n");
        await On(machine).RunAsync("doctor", "--fix", "--yes");
        machine.Tree.File("etc/modprobe.d/more.conf", "install nvidia /bin/false\n");
        await On(machine).RunAsync("doctor", "--fix", "--yes");
        await On(machine).RunAsync("doctor", "--fix", "--undo", "--yes");
        Assert.Equal((false, true), (File.Exists(machine.Tree.At(Leftover)), File.Exists(machine.Tree.At("etc/modprobe.d/more.conf"))));
        await On(machine).RunAsync("doctor", "--fix", "--undo", "--yes");
        Assert.True(File.Exists(machine.Tree.At(Leftover)));
    }

    [Fact]
    public async Task Where_the_second_of_two_files_cannot_be_written_the_first_is_brought_back()
    {
        using var machine = new RecipeMachine();
        machine.Tree
            .File(Leftover, "install nvidia /bin/false\n")
            .File("etc/udev/rules.d/10-vfio.rules", "SUBSYSTEM==\"pci\", KERNEL==\"0000:01:00.0\", ATTR{driver_override}=\"vfio-pci\"\n");
        var before = Everything(machine);
        // A folder that others can write to is not looked into, from the moment on in which the first file is changed.
        var corrections = new Corrections(machine.Tree.Root, Lib(machine), () =>
        {
            File.SetUnixFileMode(machine.Tree.At("etc/udev/rules.d"), (UnixFileMode)0x1ff);
            return new Held();
        });
        var said = await On(machine, corrections: corrections).RunAsync("doctor", "--fix", "--yes");
        Assert.Equal(ExitCodes.Refused, said.Code);
        Assert.Contains("Others than root can write to", said.Error, StringComparison.Ordinal);
        File.SetUnixFileMode(machine.Tree.At("etc/udev/rules.d"), (UnixFileMode)0x1ed);
        Assert.Equal(before, Everything(machine));

        // A name that is taken between the look and the write.
        Directory.CreateDirectory(machine.Tree.At("etc/udev/rules.d/.30-x.rules.gputty/full"));
        machine.Tree.File(
            "etc/udev/rules.d/30-x.rules",
            "# keep\nSUBSYSTEM==\"pci\", KERNEL==\"0000:01:00.0\", ATTR{driver_override}=\"vfio-pci\"\n"
                + "SUBSYSTEM==\"usb\", MODE=\"0600\"\n");
        before = Everything(machine);
        said = await On(machine).RunAsync("doctor", "--fix", "--yes", "--json");
        Assert.Equal((ExitCodes.TakenBack, "rolled-back"), (said.Code, said.Json.GetProperty("outcome").GetString()));
        Assert.Contains("/etc/udev/rules.d/30-x.rules could not be changed", said.Error, StringComparison.Ordinal);
        Assert.Equal(before, Everything(machine));
        Assert.Empty(Directory.EnumerateFileSystemEntries(machine.Tree.At("var/lib/gputty/corrections")));
    }

    [Fact]
    public async Task While_a_switch_runs_no_file_is_changed()
    {
        using var machine = new RecipeMachine();
        machine.Tree.File(Leftover, "install nvidia /bin/false\n");
        var said = await On(
            machine, corrections: new Corrections(machine.Tree.Root, Lib(machine), () => throw new AlreadyRunningException(5))).RunAsync(
            "doctor", "--fix", "--yes");
        Assert.Equal(ExitCodes.AnotherSwitch, said.Code);
        Assert.True(File.Exists(machine.Tree.At(Leftover)));
    }

    [Theory]
    [InlineData("{", "cannot be read")]
    [InlineData("{\"schema\":99,\"at\":\"2026-01-01T00:00:00+00:00\",\"files\":[]}", "was written by a newer version of gputty")]
    [InlineData(
        "{\"at\":\"2026-01-01T00:00:00+00:00\",\"files\":[{\"path\":\"/etc/modprobe.d/no.conf\",\"before\":{\"kind\":\"file\","
            + "\"sha256\":\"00\"},\"after\":{\"kind\":\"absent\"},\"copy\":\"../../../../etc/shadow\"}]}",
        "is gone or damaged")]
    public async Task A_list_of_copies_that_is_damaged_brings_nothing_back(string list, string problem)
    {
        using var machine = new RecipeMachine();
        machine.Tree.File(Leftover, "install nvidia /bin/false\n");
        await On(machine).RunAsync("doctor", "--fix", "--yes");
        var folder = Assert.Single(Directory.GetDirectories(machine.Tree.At("var/lib/gputty/corrections")));
        await File.WriteAllTextAsync($"{folder}/files.json", list);
        var said = await On(machine).RunAsync("doctor", "--fix", "--undo", "--yes");
        Assert.Equal(ExitCodes.Refused, said.Code);
        Assert.Contains(problem, said.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(machine.Tree.At(Leftover)));
    }

    [Fact]
    public async Task After_a_fix_that_was_killed_in_the_middle_the_undo_brings_back_what_was_changed()
    {
        using var machine = new RecipeMachine();
        machine.Tree.File(Leftover, "install nvidia /bin/false\n").File("etc/modprobe.d/other.conf", "install nvidia /bin/false\n");
        var before = Everything(machine);
        await On(machine).RunAsync("doctor", "--fix", "--yes");
        // As it was when only one of two files had been changed.
        machine.Tree.File(Leftover, "install nvidia /bin/false\n");
        var shown = await On(machine).RunAsync("doctor", "--fix", "--undo", "--dry-run");
        Assert.Contains("/etc/modprobe.d/no.conf is already as it was.", shown.Out, StringComparison.Ordinal);
        Assert.Contains("/etc/modprobe.d/other.conf is restored.", shown.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, (await On(machine).RunAsync("doctor", "--fix", "--undo", "--yes")).Code);
        Assert.Equal(before, Everything(machine));
    }

    [Fact]
    public async Task Where_the_copies_cannot_be_listed_nobody_says_that_there_are_none()
    {
        using var machine = new RecipeMachine();
        Lib(machine).Ensure();
        // A link that leads in a circle stands for a folder that this user may not enter.
        machine.Tree.LinkText("var/lib/gputty/corrections", "corrections");
        var said = await On(machine).RunAsync("doctor", "--fix", "--undo", "--yes");
        Assert.Equal(ExitCodes.Refused, said.Code);
        Assert.Contains("/var/lib/gputty/corrections cannot be listed", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_are_offered_to_be_put_right_only_where_there_are_any()
    {
        using var machine = new RecipeMachine();
        Assert.DoesNotContain("--fix", (await On(machine).RunAsync("doctor")).Out, StringComparison.Ordinal);
        machine.Tree.File(Leftover, "install nvidia /bin/false\n");
        Assert.EndsWith(
            "To correct files, with each change shown first: gputty doctor --fix\n",
            (await On(machine).RunAsync("doctor")).Out,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_package_s_file_of_the_same_name_that_counts_then_is_said()
    {
        using var machine = new RecipeMachine();
        machine.Tree.File("etc/udev/rules.d/50-remove-nvidia.rules", "ACTION==\"add\", ATTR{vendor}==\"0x10de\", ATTR{remove}=\"1\"\n");
        Assert.Equal(ExitCodes.Done, (await On(machine).RunAsync("doctor", "--fix", "--yes")).Code);
        machine.Tree.File("usr/lib/udev/rules.d/50-remove-nvidia.rules", "ACTION==\"add\", ATTR{vendor}==\"0x10de\", ATTR{remove}=\"1\"\n");
        var masked = await On(machine).RunAsync("doctor", "--fix", "--yes");
        Assert.Equal(ExitCodes.Done, masked.Code);
        Assert.Equal("/dev/null", new FileInfo(machine.Tree.At("etc/udev/rules.d/50-remove-nvidia.rules")).LinkTarget);
    }

    [Fact]
    public async Task A_file_of_the_system_is_emptied_and_not_removed()
    {
        using var machine = new RecipeMachine();
        machine.Tree.File("etc/environment", "# nothing\nGNOME_MUTTER_IGNORE_DEVICE=1\n");
        Assert.Equal(ExitCodes.Done, (await On(machine).RunAsync("doctor", "--fix", "--yes")).Code);
        Assert.Equal("# nothing\n", await File.ReadAllTextAsync(machine.Tree.At("etc/environment")));
    }

    [Fact]
    public async Task A_parameter_is_taken_out_wherever_it_is_written_and_the_machine_says_that_it_still_counts()
    {
        using var machine = new RecipeMachine();
        machine.Tree
            .File("etc/default/grub", "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet nomodeset\"\nGRUB_CMDLINE_LINUX=\"nomodeset\"\n")
            .File("boot/loader/entries/a.conf", "title A\noptions root=/dev/sda1 nomodeset rw\n")
            .File("proc/cmdline", "quiet nomodeset\n");
        var said = await On(machine).RunAsync("doctor", "--fix", "--yes");
        Assert.Equal((ExitCodes.Done, ""), (said.Code, said.Error));
        Assert.Equal(
            "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\nGRUB_CMDLINE_LINUX=\"\"\n",
            await File.ReadAllTextAsync(machine.Tree.At("etc/default/grub")));
        Assert.Equal("title A\noptions root=/dev/sda1 rw\n", await File.ReadAllTextAsync(machine.Tree.At("boot/loader/entries/a.conf")));
        Assert.Contains("    update-grub\n    Reboot: until then the machine runs as it was booted.\n", said.Out, StringComparison.Ordinal);
    }

    private static Gputty On(
        RecipeMachine machine, string types = "", bool isRoot = true, bool isTerminal = true, ICorrections? corrections = null) =>
        Gputty.On("desktop").With(
            reader: machine.Reader,
            types: types,
            isRoot: isRoot,
            isTerminal: isTerminal,
            corrections: corrections ?? new Corrections(machine.Tree.Root, Lib(machine), () => new Held()));

    private static StateDirectory Lib(RecipeMachine machine)
    {
        Directory.CreateDirectory(machine.Tree.At("var/lib"));
        return new(machine.Tree.At("var/lib/gputty"));
    }

    /// <summary>Every file and link with owner, permissions and content.</summary>
    private static SortedDictionary<string, string> Everything(RecipeMachine machine)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var folder in ((string[])["etc", "usr", "sbin", "lib/udev", "boot"]).Select(machine.Tree.At).Where(Directory.Exists))
            foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            {
                var file = new FileInfo(path);
                using var opened = file.LinkTarget is null ? File.OpenHandle(path) : null;
                var facts = opened is null ? default : GpuTty.Interop.Native.Look(opened);
                all[path[machine.Tree.Path.Length..]] = file.LinkTarget is { } target
                    ? $"-> {target}"
                    : $"{facts.Owner} {facts.Group} {(int)facts.Permissions} {Convert.ToHexString(File.ReadAllBytes(path))}";
            }
        return all;
    }

    private static int Chown(string path, uint owner, uint group)
    {
        using var file = File.OpenHandle(path, access: FileAccess.ReadWrite);
        return GpuTty.Interop.Native.SetOwner(file, owner, group);
    }

    private sealed class Held : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
