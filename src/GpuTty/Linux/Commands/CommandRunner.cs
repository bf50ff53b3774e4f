using System.Buffers;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using CliWrap;

namespace GpuTty.Linux.Commands;

/// <summary>
/// Starts other programs; nothing else does. Tools are looked up in a fixed list of directories, because .NET would take
/// <c>./lspci</c> first; they get an environment of our own making, a closed stdin and a time limit.
/// </summary>
internal sealed class CommandRunner(IReadOnlyList<string> directories, int outputLimit = 16 * 1024 * 1024)
{
    /// <summary>Only root writes there. The last ones are where NixOS keeps the tools of the system, and where snapd puts those of snaps
    /// (docker, lxd).</summary>
    internal static readonly string[] SystemDirectories =
        ["/usr/sbin", "/usr/bin", "/sbin", "/bin", "/run/current-system/sw/bin", "/snap/bin"];

    public CommandRunner() : this(SystemDirectories)
    {
    }

    /// <summary>The absolute path of a tool; null when it is not installed.</summary>
    public string? Find(string tool) =>
        tool.Contains('/', StringComparison.Ordinal)
            ? null
            : directories.Select(directory => $"{directory}/{tool}").FirstOrDefault(File.Exists);

    /// <summary>Runs a tool to its end. Throws only when cancelled; a missing tool, a bad status or a late answer is a result.</summary>
    public async Task<CommandResult> RunAsync(string tool, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (Find(tool) is not { } path) return new CommandResult(false, null, "", "");
        using var end = new CancellationTokenSource();
        LimitedText output = new(outputLimit, end.Token), errors = new(outputLimit, end.Token);
        Process started = null!;
        Task<CliWrap.CommandResult> run;
        try
        {
            run = Start(path, arguments, output, errors, process => started = process);
        }
        catch (Win32Exception refused)
        {
            return new CommandResult(true, null, "", $"{path} cannot be started: {(refused.InnerException ?? refused).Message}");
        }
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(limit);
        if (await WhyToEndAsync(run, output, errors, deadline.Token) is not { } why)
            return new CommandResult(true, (await run).ExitCode, output.ToString(), errors.ToString());
        Kill(started);
        // Nobody waits for its end: a process that cannot be killed (state D) must not hold the caller up.
        _ = run.ContinueWith(late => late.Exception, TaskScheduler.Default);
        await end.CancelAsync();
        cancel.ThrowIfCancellationRequested();
        return new CommandResult(true, null, output.ToString(), $"{errors}\n{why}");
    }

    /// <summary>Null when the tool came to its end; otherwise why it has to be ended.</summary>
    private static async Task<string?> WhyToEndAsync(Task run, LimitedText output, LimitedText errors, CancellationToken deadline)
    {
        await Task.WhenAny(run, Task.Delay(Timeout.Infinite, deadline), output.TooLong, errors.TooLong);
        // Nobody reads on after too much, and a tool that nobody listens to may end by itself.
        return output.TooLong.IsCompleted || errors.TooLong.IsCompleted ? "it said too much" : run.IsCompleted ? null : "it took too long";
    }

    /// <exception cref="Win32Exception">The system does not start it; the inner one says why.</exception>
    private static Task<CliWrap.CommandResult> Start(
        string path, IReadOnlyList<string> arguments, LimitedText output, LimitedText errors, Action<Process> onStarted) =>
        new Command(path)
            .WithWorkingDirectory("/")
            .WithValidation(CommandResultValidation.None)
            .WithStandardInputPipe(PipeSource.Null)
            .WithStandardOutputPipe(PipeTarget.Create((stream, _) => output.ReadAsync(stream)))
            .WithStandardErrorPipe(PipeTarget.Create((stream, _) => errors.ReadAsync(stream)))
            .ExecuteAsync(
                start =>
                {
                    // The library adds to the caller's environment, and joins arguments to one text that is split again.
                    start.Environment.Clear();
                    start.Environment["LC_ALL"] = "C";
                    start.Environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
                    foreach (var argument in arguments) start.ArgumentList.Add(argument);
                },
                onStarted);

    /// <summary>
    /// Not through the library's token: to find what a tool has started it reads the command line of every process,
    /// and one that is stuck with its memory locked would hold us up (proc_pid_cmdline(5) waits for that lock).
    /// </summary>
    private static void Kill(Process tool)
    {
        try
        {
            tool.Kill();
        }
        catch (Exception ended) when (ended is InvalidOperationException or Win32Exception)
        {
            // It came to its end in this very moment.
        }
    }

    /// <summary>Bytes of one stream as text, with an end.</summary>
    private sealed class LimitedText(int limit, CancellationToken end)
    {
        private readonly ArrayBufferWriter<byte> _bytes = new();
        private readonly TaskCompletionSource _tooLong = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task TooLong => _tooLong.Task;

        public async Task ReadAsync(Stream stream)
        {
            var buffer = new byte[16 * 1024];
            while (await stream.ReadAsync(buffer, end) is > 0 and var count)
            {
                lock (_bytes) _bytes.Write(buffer.AsSpan(0, Math.Min(count, limit - _bytes.WrittenCount)));
                if (_bytes.WrittenCount < limit) continue;
                _tooLong.TrySetResult();
                return;
            }
        }

        public override string ToString()
        {
            lock (_bytes) return Encoding.UTF8.GetString(_bytes.WrittenSpan);
        }
    }
}
