using System.Diagnostics;
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
}
