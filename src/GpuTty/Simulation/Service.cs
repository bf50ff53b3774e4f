using System.Collections.Immutable;
using GpuTty.Host.Desktop;

namespace GpuTty.Simulation;

/// <summary>A unit of systemd, or of a user's own manager.</summary>
internal sealed record Service(UnitName Name, ImmutableArray<Software> Runs)
{
    public string State { get; init; } = "active";
    public Person RunsAs { get; init; } = Person.Root;
    public TimeSpan StartTakes { get; init; } = TimeSpan.FromSeconds(0.3);
    public TimeSpan StopTakes { get; init; } = TimeSpan.FromSeconds(0.1);

    /// <summary>Fails to start without this module.</summary>
    public string? Needs { get; init; }

    /// <summary>Restart=always: back after a kill, not after a stop.</summary>
    public bool Restarts { get; init; }

    /// <summary>Its socket starts it again while its user has a graphical session, whose programs connect to it.</summary>
    public TimeSpan? ComesBackAfter { get; init; }

    /// <summary>Where that socket is a unit of the machine, it does so only while it listens.</summary>
    public UnitName? Socket { get; init; }

    /// <summary>Starts with the user's first session; otherwise only when it is told to.</summary>
    public bool StartsWithSession { get; init; }

    /// <summary>A machine or container has its own control group instead of a service.</summary>
    public string? Container { get; init; }

    /// <summary>Made by systemd-run: once stopped it is gone.</summary>
    public bool IsTransient { get; init; }

    /// <summary>systemctl mask: it goes on where it runs, and nobody can start it.</summary>
    public bool IsMasked { get; init; }

    public bool IsActive => State == "active";
}

/// <summary>The display manager and what it shows.</summary>
internal sealed record Desktop(UnitName Unit)
{
    /// <summary>gdm and Debian-gdm, lightdm, sddm: who the login screen runs as.</summary>
    public required Person Greeter { get; init; }
    public required ImmutableArray<Software> GreeterRuns { get; init; }
    public required ImmutableArray<Software> SessionRuns { get; init; }

    /// <summary>x11 or wayland.</summary>
    public required string Type { get; init; }
    public required string Name { get; init; }
    public int GreeterVt { get; init; } = 1;
    public int SessionVt { get; init; } = 2;

    /// <summary>False where display-manager.service does not lead to the unit:
    /// a getty, or a login program that nobody has enabled as one.</summary>
    public bool HasAlias { get; init; } = true;

    /// <summary>The user has typed a command at a console; the unit is only its getty, and starts no desktop.</summary>
    public bool IsStartedByHand { get; init; }

    /// <summary>Logged in without being asked, after each start.</summary>
    public Person? AutoLogin { get; init; }

    /// <summary>Stopping the display manager leaves its sessions alive (optimus-manager#4).</summary>
    public bool SessionsSurvive { get; init; }
    public TimeSpan LoginScreenTakes { get; init; } = TimeSpan.FromSeconds(3);
}
