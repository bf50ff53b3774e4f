using GpuTty.Cli.Output;
using GpuTty.Host;
using GpuTty.Host.Guests;
using GpuTty.Planning.Guests;
using GpuTty.Text;

namespace GpuTty.Cli.Guests;

/// <summary>The hook and its surroundings, for people.</summary>
internal static class HookPrinter
{
    public static void Print(TextPage page, LibvirtState state, HostSnapshot host, IReadOnlyList<GivenCard> given)
    {
        page.Heading("Hook");
        page.Line($"  {HookText.Of(state)}");
        Warnings(page, state, host);
        page.Line();
        page.Heading("Virtual machines that want a card");
        var passthroughs = GuestPassthrough.Of(state, host).ToList();
        if (passthroughs.Count == 0) page.Line(state.Unknowns.IsEmpty ? "  none" : "  unknown");
        foreach (var passthrough in passthroughs)
            page.Line(
                "  ",
                new Part(passthrough.IsManaged || passthrough.Guest.Problem is not null ? "!! " : "", Ink.Warn),
                passthrough.Sentence);
        page.Line();
        GivenCard.Print(page, given);
        foreach (var unknown in state.Unknowns) page.Line(new Part("?? ", Ink.Warn), unknown.Sentence);
        page.Unknowns(host);
    }

    /// <summary>What keeps an installed hook from working, each with its next action.</summary>
    public static void Warnings(TextPage page, LibvirtState state, HostSnapshot host)
    {
        foreach (var (problem, remedy) in HookText.Warnings(state)) Warn(page, problem, remedy);
        foreach (var passthrough in GuestPassthrough.Of(
            state, host).Where(passthrough => passthrough.IsManaged && state.Script is not null))
            Warn(
                page,
                $"{passthrough.Guest.Name} has its card with managed='yes', so its start will be refused.",
                $"Set managed='no' on every function of the card: {Virsh.OfSystem} edit {ShellWord.Or(passthrough.Guest.Name, "NAME")}");
    }

    private static void Warn(TextPage page, string problem, string remedy)
    {
        page.Line("  ", new Part("!! ", Ink.Warn), problem);
        page.Line($"     {remedy}");
    }
}
