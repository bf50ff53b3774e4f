using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GpuTty.Lab.Driver;

/// <summary>QEMU's own voice (QMP): keys, pictures, unplugging, freezing. Every call returns when QEMU says that it is done.</summary>
public sealed class Monitor : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly SemaphoreSlim _turn = new(1);
    private readonly StreamReader _reader;
    private readonly StreamWriter _writer;

    public Monitor(string path)
    {
        _socket.Connect(new UnixDomainSocketEndPoint(path));
        var stream = new NetworkStream(_socket);
        _reader = new StreamReader(stream);
        _writer = new StreamWriter(stream) { AutoFlush = true };
        _reader.ReadLine();
    }

    public async Task<JsonNode?> AskAsync(string command, object? arguments = null)
    {
        await _turn.WaitAsync();
        try
        {
            await _writer.WriteLineAsync(JsonSerializer.Serialize(new { execute = command, arguments = arguments ?? new { } }));
            while (await _reader.ReadLineAsync() is { } line)
            {
                var answer = JsonNode.Parse(line)!.AsObject();
                if (answer["error"] is { } error) throw new LabException($"QEMU refused {command}: {error["desc"]}");
                if (answer.ContainsKey("return")) return answer["return"];
            }
            throw new LabException($"QEMU went away during {command}.");
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>One key or chord, held for a moment: PressAsync("ctrl", "alt", "f3").</summary>
    public Task PressAsync(params string[] keys) => AskAsync("send-key", new Dictionary<string, object>
    {
        ["keys"] = keys.Select(key => new { type = "qcode", data = key }),
        ["hold-time"] = 30,
    });

    /// <summary>Types text on a US keyboard; it goes to whoever has the keyboard at that moment.</summary>
    public async Task TypeAsync(string text)
    {
        foreach (var letter in text) await PressAsync(Keys.For(letter));
    }

    /// <summary>Takes the picture of a GPU's output: "host-gpu" or "gpu".</summary>
    public async Task<Picture> LookAsync(string device = "host-gpu")
    {
        var file = Path.GetTempFileName();
        try
        {
            await AskAsync("screendump", new { filename = file, device, head = 0 });
            return Picture.ReadPpm(await File.ReadAllBytesAsync(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    public Task UnplugAsync(string device) => AskAsync("device_del", new { id = device });

    public void Dispose()
    {
        _socket.Dispose();
        _turn.Dispose();
    }
}
