using System.Runtime.CompilerServices;
using GpuTty.Host;
using GpuTty.Host.Settings;
using GpuTty.Interop;
using GpuTty.Linux.Settings;

namespace GpuTty.Tests.Linux.Settings;

/// <summary>gputty.conf in all its places, and what a program of root must not believe.</summary>
public sealed class ConfigurationFilesTests : IDisposable
{
    private static readonly Dictionary<string, string> s_noVariables = [];
    private readonly MachineTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void What_is_nearer_to_the_user_counts_and_each_value_says_where_it_is()
    {
        Write("etc/vfio-passthrough.conf", "GPU_PCI_ID=0000:09:00.0\nNVIDIA_RESTART=false\n");
        Write("etc/gputty.conf", "# ours\nCARD=02:00\nAFTER_VM=keep\nEND_HOLDERS=term\n");
        Write("etc/gputty.conf.d/10-a.conf", "AFTER_VM=host\nHOOK_TIMEOUT=30\n");
        Write("etc/gputty.conf.d/20-b.conf", "HOOK_TIMEOUT = 40 # longer\n");
        Write("etc/gputty.conf.d/notes.txt", "HOOK_TIMEOUT=50\n");
        Write("home/joe/.config/gputty.conf", "CARD=\"01:00\"\n");
        var read = Read(new() { ["GPUTTY_END_HOLDERS"] = "kill" });
        Assert.Empty(read.Problems);
        Assert.Equal(
            [
                "CARD 01:00 /home/joe/.config/gputty.conf:1", "END_HOLDERS kill GPUTTY_END_HOLDERS",
                "NVIDIA_RESTART false /etc/vfio-passthrough.conf:2", "AFTER_VM host /etc/gputty.conf.d/10-a.conf:1",
                "HOOK_TIMEOUT 40 /etc/gputty.conf.d/20-b.conf:1", "HOOK_END_SESSIONS no default",
            ],
            read.Values.Select(value => $"{value.Key.Name} {value.Value} {value.Where}"));
    }

    /// <summary>Of systemd-homed or LDAP: no line of /etc/passwd, and settings like anybody's.</summary>
    [Theory]
    [InlineData("SUDO_UID", "60001")]
    [InlineData("PKEXEC_UID", "60001")]
    [InlineData("DOAS_USER", "jane")]
    public void A_user_whom_no_file_knows_is_asked_for_and_whoever_nobody_knows_is_an_error_in_words(string variable, string value)
    {
        Write("etc/passwd", "root:x:0:0::/root:/bin/sh\n");
        string[]? Jane(string key) =>
            key is "60001" or "jane" ? ["jane", "x", "60001", "60002", "Jane", "/home/jane", "/bin/bash"] : null;
        string? Variable(string name) => name == variable ? value : null;
        var jane = CallingUser.Of(_tree.Root, 0, Variable, Jane);
        Assert.Equal((60001u, 60002u, "/home/jane", (string?)null), (jane.Uid, jane.Group, jane.Home, jane.Problem));
        Assert.Equal("jane", GpuTty.Linux.Guests.CommandUser.Of(_tree.Root, null, jane, Jane).Name);
        Assert.Equal(60001, VfioOwners.Of(_tree.Root, "jane", "", (_, name) => Jane(name))!.Uid);

        var unknown = CallingUser.Of(_tree.Root, 0, Variable, _ => null);
        var error = new ConfigurationFiles(_tree.Root).Read(unknown, s_noVariables).Error!;
        Assert.Equal(
            $"Nobody knows user {value}, neither /etc/passwd nor getent, so it is unknown which settings are yours.", error.Problem);
        Assert.Equal($"See why: getent passwd {value}", error.Remedy);
    }

    [Fact]
    public void A_hook_reads_no_users_file()
    {
        Write("etc/gputty.conf", "CARD=02:00\n");
        Write("home/joe/.config/gputty.conf", "CARD=01:00\n");
        Assert.Equal("02:00", new ConfigurationFiles(_tree.Root).Read(null, s_noVariables)[ConfigurationKey.Card]);
    }

    /// <summary>The scripts' own rule: the first file that is there, and no other.</summary>
    [Fact]
    public void Of_the_old_scripts_files_the_users_hides_the_systems()
    {
        Write("etc/vfio-passthrough.conf", "GPU_PCI_ID=0000:09:00.0\nNVIDIA_RESTART=false\n");
        Write("home/joe/.config/vfio-passthrough.conf", "GPU_PCI_ID=\"0000:01:00.0\"\nGPU_AUDIO_PCI_ID=\"0000:01:00.1\"\n");
        var read = Read();
        Assert.Equal("0000:01:00.0", read[ConfigurationKey.Card]);
        Assert.Equal("0000:01:00.1", read[ConfigurationKey.Audio]);
        Assert.Equal("true", read[ConfigurationKey.NvidiaRestart]);
        Assert.Equal("GPU_PCI_ID", read.Find(ConfigurationKey.Card)!.Written);
    }

    /// <summary>What root does for all is not for a user to say, in whichever file of theirs.</summary>
    [Theory]
    [InlineData("home/joe/.config/gputty.conf", true)]
    [InlineData("home/joe/.config/vfio-passthrough.conf", true)]
    [InlineData("etc/vfio-passthrough.conf", false)]
    [InlineData("etc/gputty.conf", false)]
    public void Keys_of_the_system_count_only_in_files_of_the_system(string file, bool isOfUser)
    {
        var keys = ConfigurationKey.All.Where(key => key.IsSystemOnly).ToList();
        Assert.Contains(ConfigurationKey.VfioUser, keys);
        Write(file, "VFIO_USER=joe\nISOLATE_CPUS=1-3\nHUGEPAGES_MB=4096\nLOOKING_GLASS_FILE=yes\n");
        var read = Read();
        foreach (var key in (ConfigurationKey[])
            [
                ConfigurationKey.VfioUser, ConfigurationKey.IsolateCpus, ConfigurationKey.HugePages, ConfigurationKey.LookingGlassFile,
            ])
        {
            Assert.Equal(isOfUser, read[key].Length == 0);
            Assert.Equal(
                isOfUser, read.Problems.Any(problem => problem.Problem.StartsWith($"{key.Name} in /{file}:", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void A_users_file_that_others_can_write_to_is_not_used_and_nothing_is_taken_in_its_place()
    {
        Write("etc/gputty.conf", "CARD=02:00\n");
        Write("home/joe/.config/gputty.conf", "CARD=01:00\n");
        File.SetUnixFileMode(
            _tree.At("home/joe/.config/gputty.conf"),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        AssertRefused("/home/joe/.config/gputty.conf can be written to by others, so it is not used.");
    }

    [Fact]
    public void A_users_file_that_is_a_link_or_has_a_second_name_is_not_used()
    {
        Write("home/joe/secret", "CARD=01:00\n");
        _tree.Folder("home/joe/.config").Link("home/joe/.config/gputty.conf", "home/joe/secret");
        AssertRefused("/home/joe/.config/gputty.conf is a link, so it is not used.");
        File.Delete(_tree.At("home/joe/.config/gputty.conf"));
        Write("home/joe/.config/gputty.conf", "CARD=01:00\n");
        Assert.Equal(0, MakeLink(_tree.At("home/joe/.config/gputty.conf"), _tree.At("home/joe/second")));
        AssertRefused("/home/joe/.config/gputty.conf has a second name, so it is not used.");
    }

    [Fact]
    public void A_users_file_of_somebody_else_is_not_used()
    {
        Write("home/joe/.config/gputty.conf", "CARD=01:00\n");
        var another = new CallingUser(Native.EffectiveUser() + 4711, "/home/joe");
        var read = new ConfigurationFiles(_tree.Root).Read(another, s_noVariables);
        // Root's own are used for everybody: root may have put them there.
        if (Native.EffectiveUser() == 0) Assert.Null(read.Error);
        else Assert.Contains("belongs to user", Assert.Throws<HostException>(read.Usable).Message, StringComparison.Ordinal);
    }

    [RootFact]
    public void A_file_of_the_system_that_is_not_roots_is_not_used()
    {
        Write("etc/gputty.conf", "CARD=01:00\n");
        Assert.Equal(0, ChangeOwner(_tree.At("etc/gputty.conf"), 4711, 4711));
        AssertRefused("/etc/gputty.conf belongs to user 4711, so it is not used.");
    }

    /// <summary>Some systems make all of /etc of links.</summary>
    [Fact]
    public void A_file_of_the_system_may_be_a_link_to_another_one()
    {
        Write("store/gputty.conf", "CARD=01:00\n");
        _tree.Link("etc/gputty.conf", "store/gputty.conf");
        Assert.Equal("01:00", Read().Usable()[ConfigurationKey.Card]);
    }

    [Fact]
    public void A_folder_a_pipe_and_a_file_without_end_are_told_and_not_waited_for()
    {
        _tree.Folder("etc/gputty.conf");
        AssertRefused("/etc/gputty.conf is not a plain file, so it is not used.");
        Directory.Delete(_tree.At("etc/gputty.conf"));
        Assert.Equal(0, MakePipe(_tree.At("etc/gputty.conf"), 0x180));
        AssertRefused("/etc/gputty.conf is not a plain file, so it is not used.");
        File.Delete(_tree.At("etc/gputty.conf"));
        Write("etc/gputty.conf", new string('#', 70_000));
        AssertRefused("/etc/gputty.conf is longer than 64 KiB, so it is not used.");
    }

    [Fact]
    public void Nothing_in_a_file_is_run_or_expanded()
    {
        var proof = _tree.At("proof");
        Write("etc/gputty.conf", $"CARD=$(touch {proof})\n");
        AssertRefused(
            "The value of CARD in /etc/gputty.conf:1 is not an address such as 0000:01:00.0, a slot such as 01:00, "
                + "or vendor and device such as 10de:2684.");
        Write("etc/gputty.conf", $"touch {proof}\n");
        AssertRefused("Line 1 of /etc/gputty.conf is not KEY=VALUE.");
        Assert.False(File.Exists(proof));
    }

    [Theory]
    [InlineData(
        "CARD=01:00\nCARD=02:00",
        "CARD is set twice in /etc/gputty.conf, in lines 1 and 2: the last one counts.",
        "Remove line 1.")]
    [InlineData(
        "GPU_PCI_ID=01:00\nCARD=02:00",
        "CARD is set twice in /etc/gputty.conf, in lines 1 and 2: the last one counts.",
        "Remove line 1.")]
    [InlineData("AFTER_WM=keep", "AFTER_WM in /etc/gputty.conf:1 is no key of gputty.", "Did you mean AFTER_VM? All keys: gputty config")]
    [InlineData(
        "end_holders=term",
        "end_holders in /etc/gputty.conf:1 is no key of gputty.",
        "Did you mean END_HOLDERS? All keys: gputty config")]
    [InlineData("WALLPAPER=blue", "WALLPAPER in /etc/gputty.conf:1 is no key of gputty.", "All keys: gputty config")]
    [InlineData(
        "STATE_FILE=/run/vfio_state",
        "STATE_FILE in /etc/gputty.conf:1 has no effect: gputty keeps its state in /run/gputty.",
        "Nothing to do.")]
    public void What_does_no_harm_is_only_told(string text, string problem, string remedy)
    {
        Write("etc/gputty.conf", text);
        var told = Assert.Single(Read().Usable().Problems);
        Assert.Equal((problem, remedy), (told.Problem, told.Remedy));
    }

    [Theory]
    [InlineData("END_HOLDERS=maybe", "The value of END_HOLDERS in /etc/gputty.conf:1 is not never, term or kill.")]
    [InlineData("HOOK_TIMEOUT=5", "The value of HOOK_TIMEOUT in /etc/gputty.conf:1 is not 10 to 900 seconds.")]
    [InlineData(
        "HOOK_VM_NAMES=../x",
        "The value of HOOK_VM_NAMES in /etc/gputty.conf:1 is not names with commas between them; * stands for any characters.")]
    [InlineData("VFIO_USER=-rf", "The value of VFIO_USER in /etc/gputty.conf:1 is not the name of a user.")]
    [InlineData("ISOLATE_CPUS=3-1", "The value of ISOLATE_CPUS in /etc/gputty.conf:1 is not a list of CPUs such as 4-15 or 2,3,6,7.")]
    [InlineData("GOVERNOR=a;b", "The value of GOVERNOR in /etc/gputty.conf:1 is not a word such as performance.")]
    [InlineData("HUGEPAGES_MB=8G", "The value of HUGEPAGES_MB in /etc/gputty.conf:1 is not 2 to 16777216 MiB.")]
    [InlineData("KVMFR_SIZE_MB=0", "The value of KVMFR_SIZE_MB in /etc/gputty.conf:1 is not 1 to 4096 MiB.")]
    [InlineData("LOOKING_GLASS_FILE=maybe", "The value of LOOKING_GLASS_FILE in /etc/gputty.conf:1 is not yes or no.")]
    [InlineData("CARD=\"01:00", "Line 1 of /etc/gputty.conf has a quotation mark that is not closed, or something after it.")]
    [InlineData("\n\nCARD='01:00' 02:00", "Line 3 of /etc/gputty.conf has a quotation mark that is not closed, or something after it.")]
    [InlineData("CARD=01:00\u001b[2J", "Line 1 of /etc/gputty.conf is too long or holds control characters.")]
    public void What_cannot_be_understood_refuses_what_depends_on_it(string text, string problem)
    {
        Write("etc/gputty.conf", text);
        AssertRefused(problem);
    }

    [Fact]
    public void Lines_from_elsewhere_are_read_as_people_mean_them()
    {
        Write(
            "etc/gputty.conf",
            "\ufeffexport CARD='01:00'\r\n  # remark\r\nEND_HOLDERS=TERM   # as always\r\nHOOK_VM_NAMES=\"win11, "
                + "it's #1\"\r\nAFTER_VM=\r\n");
        var read = Read().Usable();
        Assert.Equal(
            ("01:00", "term", "win11,it's #1", "host"),
            (
                read[ConfigurationKey.Card],
                read[ConfigurationKey.EndHolders],
                read[ConfigurationKey.HookVmNames],
                read[ConfigurationKey.AfterVm]));
    }

    [Fact]
    public void A_tab_is_a_blank()
    {
        Write(
            "etc/gputty.conf",
            "\tCARD\t=\t01:00\t# mine\nexport\tAFTER_VM=\"keep\"\t# remark\nISOLATE_CPUS=4-7,\t9\t11\nHOOK_VM_NAMES=a,\tb\t\n");
        var read = Read();
        Assert.Empty(read.Problems);
        Assert.Equal(
            ("01:00", "keep", "4-7,9,11", "a,b"),
            (
                read[ConfigurationKey.Card],
                read[ConfigurationKey.AfterVm],
                read[ConfigurationKey.IsolateCpus],
                read[ConfigurationKey.HookVmNames]));
    }

    [Fact]
    public void What_nobody_sits_at_is_decided_by_files_of_the_system_only()
    {
        Write("home/joe/.config/gputty.conf", "HOOK_END_SESSIONS=yes\n");
        var read = Read(new() { ["GPUTTY_HOOK_TIMEOUT"] = "900" });
        Assert.Equal(("no", "90"), (read[ConfigurationKey.HookEndSessions], read[ConfigurationKey.HookTimeout]));
        Assert.Equal(
            [
                "HOOK_END_SESSIONS in /home/joe/.config/gputty.conf:1 is not used: only files of the system may say it.",
                "HOOK_TIMEOUT in GPUTTY_HOOK_TIMEOUT is not used: only files of the system may say it.",
            ],
            read.Problems.Select(problem => problem.Problem));
    }

    [Theory]
    [InlineData(0, "SUDO_UID", "1000", 1000, "/home/joe")]
    [InlineData(0, "PKEXEC_UID", "1000", 1000, "/home/joe")]
    [InlineData(0, "DOAS_USER", "joe", 1000, "/home/joe")]
    [InlineData(0, "SUDO_UID", "4711", 4711, null)]
    [InlineData(0, "HOME", "/home/joe", 0, "/root")]
    [InlineData(1000, "SUDO_UID", "0", 1000, "/home/joe")]
    public void Who_sits_behind_it_is_told_by_who_called(int effective, string variable, string value, int uid, string? home)
    {
        Write("etc/passwd", "root:x:0:0::/root:/bin/sh\nbroken\njoe:x:1000:1000::/home/joe:/bin/sh\n");
        Assert.Equal(
            new CallingUser((uint)uid, home),
            CallingUser.Of(_tree.Root, (uint)effective, name => name == variable ? value : null));
    }

    /// <summary>People uncomment its lines and change them: each must be right as it stands.</summary>
    [Fact]
    public void The_example_has_every_key_and_each_line_of_it_is_good()
    {
        var example = File.ReadAllText(Path.Combine(
            Path.GetDirectoryName(Here())!, "..", "..", "..", "..", "src", "GpuTty", "man", "gputty.conf.example"));
        Assert.Empty(ConfigurationLine.Parse(example));
        Write("etc/gputty.conf", System.Text.RegularExpressions.Regex.Replace(example, "(?m)^#(?=[A-Z])", ""));
        var read = Read();
        Assert.Empty(read.Problems);
        Assert.Equal(
            ConfigurationKey.All.Select(key => key.Name),
            read.Values.Where(value => value.Source == ConfigurationSource.System).Select(value => value.Key.Name));
    }

    /// <summary>Whoever cannot read what root has configured must not switch as if nothing were.</summary>
    [RootFact]
    public void A_file_or_a_folder_that_the_caller_may_not_read_is_said_and_not_taken_for_none()
    {
        const int joe = 1234;
        File.SetUnixFileMode(_tree.Path, (UnixFileMode)0b111_101_101);
        Write("etc/gputty.conf", "AFTER_VM=keep\n");
        File.SetUnixFileMode(_tree.At("etc"), (UnixFileMode)0b111_101_101);
        Assert.Empty(ReadAs(joe).Problems);
        File.SetUnixFileMode(_tree.At("etc/gputty.conf"), UnixFileMode.UserRead);
        var problem = Assert.Single(ReadAs(joe).Problems);
        Assert.True(problem.IsError);
        Assert.Matches("/etc/gputty.conf cannot be read: .+", problem.Problem);
        File.Delete(_tree.At("etc/gputty.conf"));
        _tree.Folder("etc/gputty.conf.d");
        File.SetUnixFileMode(_tree.At("etc/gputty.conf.d"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        problem = Assert.Single(ReadAs(joe).Problems);
        Assert.True(problem.IsError);
        Assert.Matches("/etc/gputty.conf.d cannot be listed: .+", problem.Problem);
    }

    private Configuration ReadAs(int user) =>
        AsUser.Run(user, () => new ConfigurationFiles(_tree.Root).Read(new CallingUser((uint)user, "/home/joe"), s_noVariables));

    private static string Here([CallerFilePath] string file = "") => file;

    private void Write(string path, string text)
    {
        _tree.File(path, text);
        File.SetUnixFileMode(
            _tree.At(path), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
    }

    private Configuration Read(Dictionary<string, string>? variables = null) =>
        new ConfigurationFiles(_tree.Root).Read(new CallingUser(Native.EffectiveUser(), "/home/joe"), variables ?? s_noVariables);

    private void AssertRefused(string problem) => Assert.Equal(problem, Assert.Throws<HostException>(() => Read().Usable()).Message);

    [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "link")]
    private static extern int MakeLink(string from, string to);

    [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "mkfifo")]
    private static extern int MakePipe(string path, uint mode);

    [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "chown")]
    private static extern int ChangeOwner(string path, int user, int group);
}
