using System.Collections.Immutable;
using GpuTty.Interop;
using GpuTty.Linux.Processes;

namespace GpuTty.Linux.Vt;

/// <summary>
/// Finds the virtual console that shows a terminal. sudo (use_pty), run0, script and others give the program a
/// pseudo-terminal of its own and copy what it writes to theirs; tmux and screen draw it on the terminals of
/// their clients. So the way goes from a pseudo-terminal to the process with its master, and from that to the
/// terminal it writes to, until there is a console (sudo at tty3), or no terminal any more (ssh, a window).
/// </summary>
/// <param name="isGraphical">Whether a console is drawn by a display server instead
/// of the kernel (KDGETMODE, KD_GRAPHICS); null where it cannot be told.</param>
/// <param name="isOfWindow">Whether the environment of a process names a desktop's display.</param>
internal sealed class ConsoleFinder(FileSystemRoot root, Func<int, bool?> isGraphical, Func<int, bool> isOfWindow)
{
    /// <summary>sudo in tmux in sudo in screen is four.</summary>
    private const int MostSteps = 16;
    private const int MostAncestors = 64;

    private readonly PseudoTerminals _pseudoTerminals = new(root);

    /// <summary>See <see cref="ProcessStat.WithAncestors"/>; no more than anybody nests: a tree of files may lead in a circle.</summary>
    public static ImmutableArray<int> AncestorsOf(FileSystemRoot root, int pid) =>
        [.. ProcessStat.WithAncestors(root, pid).Take(MostAncestors)];

    /// <summary>The controlling terminal of a process; null where it has none, or may not be looked into.</summary>
    public static TerminalDevice? TerminalOf(FileSystemRoot root, int pid) =>
        ProcessStat.Read(root, pid) is { } process ? TerminalDevice.Unpacked(process.Terminal) : null;

    /// <param name="terminal">The terminal of the process.</param>
    /// <param name="ancestors">The process and its ancestors.</param>
    /// <param name="speaksConsole">True where the process was told that its terminal
    /// is a Linux console (TERM=linux): nothing between draws anew.</param>
    public TerminalPlace Find(
        TerminalDevice terminal, ImmutableArray<int> ancestors, bool speaksConsole, CancellationToken cancel = default)
    {
        if (terminal.Vt is { } own) return new TerminalPlace(own);
        var place = Follow(new Step(terminal, ancestors, [], speaksConsole, cancel));
        // A display server at a console that was logged in at (startx) has it as its terminal, and so have all its windows.
        return place.Vt is { } vt && isGraphical(vt) == true ? place with { Vt = null } : place;
    }

    private TerminalPlace Follow(Step at)
    {
        if (at.Terminal.Vt is { } vt) return new TerminalPlace(vt);
        if (at.Terminal.Pts is not { } pts || at.Passed.Count >= MostSteps) return new TerminalPlace(null);
        var masters = _pseudoTerminals.MastersOf(pts, at.Near, out var isWhole, at.Cancel)
            .Where(master => !at.Passed.Contains(master) && TerminalOf(master) != at.Terminal).ToList();
        if (masters.Count > 0) return United(masters.Select(master => Beyond(master, at)));
        if (isWhole) return new TerminalPlace(null);
        // What passes a terminal on is most often an ancestor, and everybody may see of which terminal that is.
        return at.Near.FirstOrDefault(pid =>
            !at.Passed.Contains(pid) && TerminalOf(pid) is { } other && other != at.Terminal) is > 0 and var relay
            ? Behind(relay, at) : new TerminalPlace(null) { IsTold = false };
    }

    /// <summary>What shows the terminal: it copies to its own, or draws on those
    /// that its clients have handed to it, as long as they are there.</summary>
    private TerminalPlace Beyond(int master, Step at)
    {
        if (TerminalOf(master) is not null) return Behind(master, at);
        var clients = _pseudoTerminals.OpenedBy(master).Where(client => client != at.Terminal).Take(MostSteps)
            .Select(client =>
                Follow(at with { Terminal = client, Near = [master], Passed = at.Passed.Add(master), SpeaksConsole = false }));
        return United(clients) with { IsMultiplexed = true, Relays = Added(master, at.Near) };
    }

    /// <summary>The terminal of a process that copies: unless that is a window, which was only started from there.</summary>
    private TerminalPlace Behind(int relay, Step at)
    {
        var relays = Added(relay, at.Near);
        if (!at.SpeaksConsole && isOfWindow(relay)) return new TerminalPlace(null) { Relays = relays };
        var place = Follow(at with { Terminal = TerminalOf(relay)!.Value, Near = [.. at.Near, .. relays], Passed = at.Passed.Add(relay) });
        return place with { Relays = [.. relays, .. place.Relays.Except(relays)] };
    }

    /// <summary>What is shown in several places at once is at none of them for certain.</summary>
    private static TerminalPlace United(IEnumerable<TerminalPlace> places)
    {
        var all = places.ToList();
        return new TerminalPlace(all.Select(place => place.Vt).Distinct().ToList() is [var only] ? only : null)
        {
            IsTold = all.All(place => place.IsTold),
            IsMultiplexed = all.Exists(place => place.IsMultiplexed),
            Relays = [.. all.SelectMany(place => place.Relays).Distinct()],
        };
    }

    private ImmutableArray<int> Added(int relay, ImmutableArray<int> near) =>
        near.Contains(relay) ? [] : [.. AncestorsOf(root, relay).Except(near)];

    private TerminalDevice? TerminalOf(int pid) => TerminalOf(root, pid);

    /// <param name="Terminal">Whose place is looked for.</param>
    /// <param name="Near">Processes that most likely show it.</param>
    /// <param name="Passed">Those that were found on the way: no way leads through one twice.</param>
    private sealed record Step(
        TerminalDevice Terminal,
        ImmutableArray<int> Near,
        ImmutableHashSet<int> Passed,
        bool SpeaksConsole,
        CancellationToken Cancel);
}
