using GpuTty.Cli;
using GpuTty.Host;

namespace GpuTty.Tests.Cli;

/// <summary>What the caller has limited ends in words about the limit, and not as a mistake of the program.</summary>
public sealed class ShortageTests
{
    [Fact]
    public void Too_little_memory_and_too_many_files_are_told_in_words_with_what_to_do()
    {
        foreach (var (lack, problem, remedy) in ((Exception, string, string)[])
        [
            (new InsufficientMemoryException(), "There is not enough memory to go on.", "ulimit -v"),
            (new IOException("Too many open files", 24), "Too many files are open to go on.", "ulimit -n"),
            (new IOException("Too many open files in system", 23), "Too many files are open to go on.", "ulimit -n"),
        ])
        {
            var said = Gputty.On("desktop").With(reader: new Lacking(lack)).Run("status");
            Assert.Equal(ExitCodes.Bug, said.Code);
            Assert.Contains(problem, said.Error, StringComparison.Ordinal);
            Assert.Contains(remedy, said.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("made a mistake", said.Error, StringComparison.Ordinal);
        }
    }

    private sealed class Lacking(Exception lack) : IHostReader
    {
        public Task<HostSnapshot> ReadAsync(SnapshotSections facts, HostSnapshot? before, CancellationToken cancel) =>
            Task.FromException<HostSnapshot>(lack);
        public Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancel) => Task.CompletedTask;
    }
}
