using System.Collections.Immutable;

namespace GpuTty.Host.Desktop;

/// <summary>A program that was started from a desktop, as systemd's control groups tell. Whether it has a window cannot be told.</summary>
/// <param name="Name">What the user knows it as.</param>
/// <param name="Session">The session in whose scope it is; null where the
/// user's own manager has it, which all sessions of the user share.</param>
/// <param name="Pids">All its processes.</param>
public sealed record StartedProgram(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("uid")] int Uid,
    [property: JsonPropertyName("session")] string? Session,
    [property: JsonPropertyName("pids")] ImmutableArray<int> Pids)
{
    public bool IsOf(LoginSession session) =>
        Session is { } id ? id == session.Id : session is { IsGraphical: true, IsGreeter: false } && session.Uid == Uid;
}
