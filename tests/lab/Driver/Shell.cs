using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace GpuTty.Lab.Driver;

public sealed record ShellResult(int Status, string Output);

/// <summary>
/// A root shell in the guest on a channel of its own, so that kernel messages never mix with its output.
/// Scripts run side by side: one that hangs does not take the shell away. The other end is image/overlay/usr/local/lib/lab-agent.
/// </summary>
public sealed class Shell : IDisposable
{
    /// <summary>What the guest's end says first, where an answer has the number of its script.</summary>
    private const string Ready = "ready";

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<ShellResult>> _open = new();
    private readonly TaskCompletionSource _answers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TextWriter _transcript;
    private readonly NetworkStream _stream;
    private int _count;

    public Shell(string path, TextWriter transcript)
    {
        _transcript = TextWriter.Synchronized(transcript);
        _socket.Connect(new UnixDomainSocketEndPoint(path));
        _stream = new NetworkStream(_socket);
        _ = ReadAsync();
    }

    /// <summary>Waits for the guest's end to say that it is there (a booting machine; a thawed one is there at once).</summary>
    public Task WhenReadyAsync() => _answers.Task.WaitAsync(Wait.Limit);

    /// <summary>The same for the next start of the guest's end: asked for before the guest is restarted.</summary>
    public Task WhenReadyAgainAsync() =>
        (_open[Ready] = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(Wait.Limit);

    /// <summary>Runs a script, whatever its outcome.</summary>
    public async Task<ShellResult> RunAsync(string script, TimeSpan? limit = null)
    {
        var id = $"c{Interlocked.Increment(ref _count)}";
        var answer = _open[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var clock = Stopwatch.StartNew();
        var line = $"{id} {Convert.ToBase64String(Encoding.UTF8.GetBytes(script))}\n";
        _stream.Write(Encoding.ASCII.GetBytes(line));
        try
        {
            var result = await answer.Task.WaitAsync(limit ?? Wait.Limit);
            _transcript.WriteLine($"# {script}\n{result.Output}[{result.Status}, {clock.Elapsed.TotalSeconds:0.00} s]");
            return result;
        }
        catch (TimeoutException late)
        {
            _transcript.WriteLine($"# {script}\n[no end after {clock.Elapsed.TotalSeconds:0} s]");
            throw new LabException($"The guest did not finish within {clock.Elapsed.TotalSeconds:0} s:\n{script}", late);
        }
    }

    /// <summary>Runs a script that has to succeed, and gives its output without the last line end.</summary>
    public async Task<string> DoAsync(string script, TimeSpan? limit = null)
    {
        var result = await RunAsync(script, limit);
        return result.Status == 0
            ? result.Output.TrimEnd('\n')
            : throw new LabException($"The guest refused ({result.Status}):\n{script}\n{result.Output}");
    }

    /// <summary>Runs a script again and again until it succeeds.</summary>
    public async Task UntilAsync(string what, string script, TimeSpan? limit = null)
    {
        var last = "";
        await Wait.ForAsync(what, async () =>
        {
            var result = await RunAsync(script);
            last = result.Output;
            return result.Status == 0;
        }, () => $"{script}\n{last}", limit);
    }

    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await ReadLineAsync() is { } header)
            {
                var parts = header.Split(' ');
                var bytes = new byte[int.Parse(parts[2])];
                await _stream.ReadExactlyAsync(bytes);
                if (_open.TryRemove(parts[0], out var waiting))
                    waiting.SetResult(new ShellResult(int.Parse(parts[1]), Encoding.UTF8.GetString(bytes)));
                _answers.TrySetResult();
            }
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // The machine is off; whoever still waits is told below.
        }
        foreach (var waiting in _open.Values) waiting.TrySetException(new LabException("The machine went off while a script was running."));
    }

    private async Task<string?> ReadLineAsync()
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await _stream.ReadAsync(one) == 1)
        {
            if (one[0] == '\n') return line.ToString();
            line.Append((char)one[0]);
        }
        return null;
    }
}
