using GpuTty.Tests.Linux.Processes;
using Xunit.Abstractions;

namespace GpuTty.Tests.Linux.State;

/// <summary>A disk that fails while something is being written to it to stay.</summary>
public sealed class FailingDiskTests(ITestOutputHelper output) : StateFixture
{
    [Fact]
    public async Task M4_whatever_the_disk_refuses_to_keep_is_told_in_a_sentence_and_nothing_is_lost()
    {
        using var disk = OtherProcess.Start("failing-disk", Root);
        var said = disk.StandardOutput.ReadToEndAsync();
        var failed = await disk.StandardError.ReadToEndAsync();
        await disk.WaitForExitAsync();
        Assert.Equal("", failed);
        output.WriteLine($"{(await said).Trim()} calls were refused");
        Assert.Equal(0, disk.ExitCode);
    }
}
