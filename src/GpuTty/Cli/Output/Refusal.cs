using GpuTty.Cli.Json;
using GpuTty.Host;
using GpuTty.Planning.Checks;

namespace GpuTty.Cli.Output;

/// <summary>Obstacles, each with its next action, on standard error; with --json also as a document.</summary>
internal static class Refusal
{
    public static int Say(CommandContext world, bool json, HostSnapshot host, params IReadOnlyList<Obstacle> obstacles)
    {
        if (json) JsonText.Print(world.Out, RefusalDocument.Of(host, obstacles), context => context.RefusalDocument);
        foreach (var obstacle in obstacles) world.Remarks.Problem(obstacle.Problem, obstacle.Remedy);
        return ExitCodes.Refused;
    }
}
