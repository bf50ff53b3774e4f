using GpuTty.Interop;
using GpuTty.Linux.State;

namespace GpuTty.Tests.Interop;

/// <summary>What the kernel tells of files, so that nobody need look at them again and again.</summary>
public sealed class FileWatchTests : IDisposable
{
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(30);
    private readonly string _folder = Directory.CreateTempSubdirectory("gputty-watch").FullName;

    [Fact]
    public async Task A_line_that_is_added_to_a_file_is_told_of()
    {
        using var watch = FileWatch.Of(FileEvents.Content, _folder)!;
        await File.AppendAllTextAsync(Path.Combine(_folder, "journal"), "a line\n");
        Assert.NotEqual(FileEvents.None, await watch.WaitAsync(s_long, CancellationToken.None));
    }

    [Fact]
    public async Task A_file_that_takes_the_place_of_another_is_told_of()
    {
        var (there, fresh) = (Path.Combine(_folder, "log"), Path.Combine(_folder, "log.new"));
        await File.WriteAllTextAsync(there, "old");
        await File.WriteAllTextAsync(fresh, "new");
        using var watch = FileWatch.Of(FileEvents.Content, _folder)!;
        File.Move(fresh, there, overwrite: true);
        Assert.Equal(FileEvents.MovedHere, await watch.WaitAsync(s_long, CancellationToken.None));
    }

    [Fact]
    public async Task What_came_while_nobody_waited_is_told_once()
    {
        using var watch = FileWatch.Of(FileEvents.Content, _folder)!;
        for (var line = 0; line < 500; line++) await File.AppendAllTextAsync(Path.Combine(_folder, "journal"), "a line\n");
        var told = 0;
        while (await watch.WaitAsync(TimeSpan.FromMilliseconds(300), CancellationToken.None) != FileEvents.None) told++;
        Assert.InRange(told, 1, 20);
    }

    [Fact]
    public async Task Where_nothing_happens_the_time_is_waited_for_and_a_caller_that_gives_up_is_let_go()
    {
        using var watch = FileWatch.Of(FileEvents.Content, _folder)!;
        Assert.Equal(FileEvents.None, await watch.WaitAsync(TimeSpan.FromMilliseconds(50), CancellationToken.None));
        using var leave = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watch.WaitAsync(s_long, leave.Token));
    }

    [Fact]
    public void What_is_not_there_cannot_be_watched() =>
        Assert.Null(FileWatch.Of(FileEvents.Content, _folder, Path.Combine(_folder, "nothing")));

    /// <summary>A virtual machine that fails at its start has the card for a moment, between two looks.</summary>
    [Fact]
    public async Task A_node_that_was_opened_and_closed_between_two_looks_was_in_use()
    {
        var node = Path.Combine(_folder, "14");
        await File.WriteAllTextAsync(node, "");
        using var nodes = new WatchNotes(new StateDirectory(_folder)).Hear([node])!;
        Assert.False(await nodes.WaitAsync(TimeSpan.FromMilliseconds(50), CancellationToken.None));
        await using (File.OpenRead(node))
        {
        }
        Assert.True(await nodes.WaitAsync(s_long, CancellationToken.None));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
