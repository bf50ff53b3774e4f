using System.Text.Json;
using GpuTty.Host;
using GpuTty.Linux.State;
using GpuTty.Switching;

namespace GpuTty.Linux.Worker;

/// <summary>
/// /run/gputty/wish: how whoever follows a run asks its worker for something. Written whole, read once, and only root can do either.
/// The last one counts, as with people who press two keys.
/// </summary>
internal sealed class RequestFile(StateDirectory run) : IRunRequests
{
    private const string Name = "wish";

    public void Write(RunRequest request) => run.Replace(Name, JsonSerializer.SerializeToUtf8Bytes(request, StateJson.Default.RunRequest));

    /// <summary>What was asked of an earlier run.</summary>
    public void Forget() => run.Delete(Name);

    /// <summary>A file that is not ours, or makes no sense, is no reason to end a switch.</summary>
    public RunRequest? Take()
    {
        if (!run.Exists(Name)) return null;
        try
        {
            var content = run.Read(Name);
            run.Delete(Name);
            return content is null ? null : Parse(content);
        }
        catch (Exception broken) when (broken is HostException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Null for what is no request. A word that names none is refused as not supported.</summary>
    public static RunRequest? Parse(byte[] content)
    {
        try
        {
            return JsonSerializer.Deserialize(content, StateJson.Default.RunRequest);
        }
        catch (Exception broken) when (broken is JsonException or NotSupportedException)
        {
            return null;
        }
    }
}
