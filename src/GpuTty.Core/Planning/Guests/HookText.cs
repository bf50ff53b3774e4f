using GpuTty.Host.Guests;
using GpuTty.Text;

namespace GpuTty.Planning.Guests;

/// <summary>The hook in one sentence, and what keeps it from working.</summary>
public static class HookText
{
    public static string Of(LibvirtState state) => state.Hook switch
    {
        _ when !state.IsInstalled => "libvirt is not installed here. Install it first; without it, see: gputty run",
        HookPresence.Installed or HookPresence.Older =>
            $"{state.HookPath} is installed, for "
            + (state.Script!.Guests.IsEmpty
                ? "every virtual machine whose description names a card"
                : string.Join(", ", state.Script.Guests))
            + (state.IsLoaded == true ? $", and {state.Daemon} runs it." : "."),
        HookPresence.Changed =>
            $"{state.HookPath} is gputty's and was changed, or is of another version. Write it anew: {Install(state.Script)}",
        HookPresence.Foreign => $"{state.HookPath} is not gputty's.",
        HookPresence.Unknown => $"{state.HookPath} cannot be read; run as root.",
        _ => "not installed. Install it: gputty hook install",
    };

    /// <summary>Each problem with its next action.</summary>
    public static IEnumerable<(string Problem, string Remedy)> Warnings(LibvirtState state)
    {
        if (state is { Hook: HookPresence.Older, Script: { } script })
            yield return (
                "It is of an earlier version, with which no virtual machine starts where AppArmor confines libvirt (Debian, Ubuntu).",
                $"Write it anew: {Install(script)}");
        if (state is { IsLoaded: false, Daemon: { } daemon })
            yield return (
                $"{daemon} looks for hooks only when it starts, and has started before this one was there.",
                $"Restart it: systemctl restart {daemon}");
        if (state is { SelinuxAllows: false, Hook: not HookPresence.Absent })
            yield return ("SELinux keeps hooks from switching a card.", "Allow it: setsebool -P virt_hooks_unconfined on");
        foreach (var other in state.OtherHooks.Where(other => other.MovesCards is not null))
            yield return (
                $"{other.Path} moves devices by itself ({other.MovesCards}).",
                "Remove that from it, or both switch the card.");
    }

    /// <summary>What installs it anew, for the same guests where they are known.</summary>
    private static string Install(HookScript? script) =>
        string.Concat((script?.Guests ?? []).Select(guest => $" --vm {ShellWord.Quoted(guest)}").Prepend("gputty hook install"));
}
