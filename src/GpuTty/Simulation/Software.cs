using System.Collections.Immutable;
using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;

namespace GpuTty.Simulation;

/// <summary>What a program does when a node that it likes appears while it runs.</summary>
internal enum HotPlug { Ignores, Opens, Crashes }

/// <summary>A program as it is installed: what it opens, and how it takes a signal.</summary>
internal sealed record Software(string Name)
{
    /// <summary>Kinds of device nodes that it opens.</summary>
    public ImmutableArray<NodeKind> Opens { get; init; } = [];

    /// <summary>Nodes of whole drivers that it opens: <c>/dev/nvidiactl</c>.</summary>
    public ImmutableArray<string> OpensAlso { get; init; } = [];

    /// <summary>Plays or records: opens PCM nodes too, not only the controls of a sound card.</summary>
    public bool Plays { get; init; }

    /// <summary>Functions it is content with; empty for all.</summary>
    public ImmutableArray<PciAddress> Only { get; init; } = [];

    /// <summary>Keeps these kinds as a memory map with the descriptor closed.</summary>
    public ImmutableArray<NodeKind> MapsOnly { get; init; } = [];

    public HotPlug OnHotPlug { get; init; }

    /// <summary>Takes its devices from the seat, so a rule that takes a card off the seat keeps this program away.</summary>
    public bool IsOnSeat { get; init; }

    /// <summary>Also opens the nodes of NVIDIA's driver that the seat keeps from it, unless a pin names the drivers it may ask.</summary>
    public bool AsksEveryDriver { get; init; }

    /// <summary>Lets logind open the cards, which then holds them too, with a copy in PID 1's store.</summary>
    public bool AsksLogind { get; init; }

    public bool IgnoresTerm { get; init; }

    /// <summary>Opens its nodes for a moment every so often, like a monitor in a panel.</summary>
    public TimeSpan? PollsEvery { get; init; }

    /// <summary>The unit of the user's own manager that a session starts it in; null for the session's scope.</summary>
    public string? UserUnit { get; init; }

    /// <summary>Its unit in the user's manager stops with graphical-session.target; other units stay until that manager ends.</summary>
    public bool IsPartOfSession { get; init; } = true;

    /// <summary>A session without this program is over.</summary>
    public bool CarriesSession { get; init; }
}

/// <summary>Software that runs.</summary>
/// <param name="StartTime">Clock ticks since boot.</param>
internal sealed record Process(int Pid, long StartTime, Software Software, Person User)
{
    public string? Unit { get; init; }
    public string? UserUnit { get; init; }

    /// <summary>The session that ends it; logind's control groups show it only for programs in the session's scope.</summary>
    public string? Session { get; init; }
    public string? Container { get; init; }

    /// <summary>On OpenRC, what it was started by.</summary>
    public string? InitScript { get; init; }
    public ImmutableArray<OpenNode> Open { get; init; } = [];

    public bool IsIn(UnitName unit) => unit.Uid is { } uid ? UserUnit == unit.Name && User.Uid == uid : Unit == unit.Name;
}

/// <summary>A node that a process has open.</summary>
/// <param name="Pins">The module it keeps loaded, also after the node is gone; null when built in.</param>
internal sealed record OpenNode(HeldNode Node, string? Pins);

/// <summary>A user of the machine.</summary>
/// <param name="Lingers">Services go on after the last session (loginctl(1) enable-linger).</param>
internal sealed record Person(string Name, int Uid, bool Lingers = false)
{
    public static Person Root { get; } = new("root", 0);
}
