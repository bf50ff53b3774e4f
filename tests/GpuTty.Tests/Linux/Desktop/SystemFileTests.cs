using System.Diagnostics;
using GpuTty.Host;
using GpuTty.Linux.Desktop;
using GpuTty.Tests.Linux.Processes;
using GpuTty.Tests.Linux.State;
using Xunit.Abstractions;

namespace GpuTty.Tests.Linux.Desktop;

public sealed class SystemFileTests(ITestOutputHelper output) : StateFixture
{
    private const UnixFileMode ForAllToRead = UnixFileMode.UserRead
        | UnixFileMode.UserWrite
        | UnixFileMode.GroupRead
        | UnixFileMode.OtherRead;

    /// <summary>Users' own managers read some of these files, as of pin, and whoever may write to their folders becomes root.</summary>
    [Theory]
    [InlineData("000")]
    [InlineData("022")]
    [InlineData("077")]
    [InlineData("777")]
    public void A_file_for_the_system_can_be_read_by_all_and_written_to_by_its_owner_whatever_the_mask(string mask)
    {
        var path = $"{Root}/a/b/file";
        using var writer = Process.Start("/bin/sh", ["-c", $"umask {mask}; exec \"$@\"", "sh", .. OtherProcess.Command("file", path)]);
        writer.WaitForExit();
        Assert.Equal("for all", File.ReadAllText(path));
        Assert.Equal(ForAllToRead, File.GetUnixFileMode(path));
        foreach (var folder in (string[])[$"{Root}/a", $"{Root}/a/b"])
            Assert.Equal(
                ForAllToRead | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute,
                File.GetUnixFileMode(folder));
        Counts.Add(output, "starts in odd surroundings", 1);
    }

    [Theory]
    [InlineData(
        "udev/rules.d/72-a.rules",
        "# Written by gputty\nKERNEL==\"card0\", TAG-=\"seat\"\n",
        "services.udev.packages = [ (pkgs.writeTextDir \"lib/udev/rules.d/72-a.rules\" ''KERNEL==\"card0\", TAG-=\"seat\"'') ];")]
    [InlineData(
        "udev/rules.d/04-b.rules",
        "A==\"b\", GOTO=\"c\"\nLABEL=\"c\"\n",
        "(pkgs.writeTextDir \"lib/udev/rules.d/04-b.rules\" \"A==\\\"b\\\", GOTO=\\\"c\\\"\\nLABEL=\\\"c\\\"\\n\") ];")]
    [InlineData(
        "systemd/system/gputty-boot.service",
        "[Service]\nExecStart=/bin/true\n",
        "systemd.services.gputty-boot.wantedBy = [ \"multi-user.target\" ];")]
    public void On_NixOS_nothing_is_written_and_what_the_configuration_should_have_is_said_word_for_word(
        string file, string text, string told)
    {
        Directory.CreateDirectory($"{Root}/etc");
        File.WriteAllText($"{Root}/etc/NIXOS", "");
        var refused = Assert.Throws<HostException>(() => SystemFile.Write($"{Root}/etc/{file}", text));
        Assert.Contains($"/etc/{file} is made from the NixOS configuration", refused.Message, StringComparison.Ordinal);
        Assert.Contains(told, refused.Remedy, StringComparison.Ordinal);
        Assert.Contains("nixos-rebuild boot", refused.Remedy, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.GetDirectoryName($"{Root}/etc/{file}")));
        // What lasts until the next reboot is no part of the configuration.
        SystemFile.Write($"{Root}/run/{file}", text);
        Assert.Equal(text, File.ReadAllText($"{Root}/run/{file}"));
    }
}
