using System.Buffers;
using System.ComponentModel;
using System.Text;
using Medallion.Shell;

namespace GpuTty.Linux.Commands;

/// <summary>
/// Starts other programs; nothing else does. Tools are looked up in a fixed list of directories, because .NET would take
/// <c>./lspci</c> first; they get an environment of our own making, a closed stdin and a time limit.
/// </summary>
internal sealed class CommandRunner(IReadOnlyList<string> directories, int outputLimit = 16 * 1024 * 1024)
{
    /// <summary>The last one is where NixOS keeps the tools of the system.</summary>
    private static readonly string[] s_systemDirectories = ["/usr/sbin", "/usr/bin", "/sbin", "/bin", "/run/current-system/sw/bin"];

    public CommandRunner() : this(s_systemDirectories)
    {
    }

    /// <summary>The absolute path of a tool; null when it is not installed.</summary>
    public string? Find(string tool) =>
        tool.Contains('/', StringComparison.Ordinal) ? null : directories.Select(directory => $"{directory}/{tool}").FirstOrDefault(File.Exists);

    /// <summary>Runs a tool to its end. Throws only when cancelled; a missing tool, a bad status or a late answer is a result.</summary>
    public async Task<CommandResult> RunAsync(string tool, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (Find(tool) is not { } path) return new CommandResult(false, null, "", "");
        Command command;
        try
        {
            command = Start(path, arguments);
        }
        catch (Win32Exception refused)
        {
            return new CommandResult(true, null, "", $"{path} cannot be started: {refused.Message}");
        }
        var output = new LimitedText(outputLimit);
        var errors = new LimitedText(outputLimit);
        // The caller waits for these; a process that cannot be killed (state D) must not hold the caller up.
        var all = Task.WhenAll(Close(command), output.ReadAsync(command.StandardOutput.BaseStream), errors.ReadAsync(command.StandardError.BaseStream), command.Task);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(limit);
        var whyEnded = await FinishAsync(all, output, errors, deadline.Token);
        if (whyEnded is null) return new CommandResult(true, command.Process.ExitCode, output.ToString(), errors.ToString());
        command.Kill();
        _ = all.ContinueWith(late => late.Exception, TaskScheduler.Default);
        cancel.ThrowIfCancellationRequested();
        return new CommandResult(true, null, output.ToString(), $"{errors}\n{whyEnded}");
    }

    /// <summary>Null when the tool came to its end; otherwise why it has to be ended.</summary>
    private static async Task<string?> FinishAsync(Task all, LimitedText output, LimitedText errors, CancellationToken deadline)
    {
        var late = Task.Delay(Timeout.Infinite, deadline);
        var first = await Task.WhenAny(all, late, output.TooLong, errors.TooLong);
        if (first == late) return "it took too long";
        if (first != all) return "it said too much";
        await all;
        return null;
    }

    private static Command Start(string path, IReadOnlyList<string> arguments) => Command.Run(path, arguments, options => options
        .ThrowOnError(false)
        .DisposeOnExit(false)
        .Encoding(new UTF8Encoding(false))
        .StartInfo(start =>
        {
            start.WorkingDirectory = "/";
            start.Environment.Clear();
            start.Environment["LC_ALL"] = "C";
            start.Environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
        }));

    private static async Task Close(Command command)
    {
        try
        {
            await command.StandardInput.BaseStream.DisposeAsync();
        }
        catch (IOException)
        {
            // It has ended already.
        }
    }

    /// <summary>Bytes of one stream as text, with an end.</summary>
    private sealed class LimitedText(int limit)
    {
        private readonly ArrayBufferWriter<byte> _bytes = new();
        private readonly TaskCompletionSource _tooLong = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task TooLong => _tooLong.Task;

        public async Task ReadAsync(Stream stream)
        {
            var buffer = new byte[16 * 1024];
            while (await stream.ReadAsync(buffer) is > 0 and var count)
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
