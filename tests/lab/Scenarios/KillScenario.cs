using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>
/// Switches that are killed at random moments, in one boot: after each, the desktop is there, and the card's state has a name. Half of them
/// are left as they are, for the next one to go on from in either direction; the others are gone on with, or rolled back:
/// twice, and the second time nothing happens. GPUTTY_LAB_KILLS says how many, GPUTTY_LAB_SEED plays a drill again.
/// </summary>
public abstract class KillScenario : Scenario
{
    private static readonly int? s_wanted = FromEnvironment("GPUTTY_LAB_KILLS");
    private static readonly int s_seed = FromEnvironment("GPUTTY_LAB_SEED") ?? Random.Shared.Next(1_000_000);

    private readonly Random _dice = new(s_seed);
    private readonly Dictionary<string, int> _counts = [];

    /// <param name="kills">How many attacks, where the environment does not say it.</param>
    protected Task PlayDrillAsync(Hardware hardware, int kills, [CallerMemberName] string name = "") => PlayAsync(hardware, async machine =>
    {
        kills = s_wanted ?? kills;
        var clock = Stopwatch.StartNew();
        try
        {
            // One in ten stops and starts the desktop; the others are quick, because the desktop keeps off the card.
            await RoundsAsync(machine, kills / 10, " --end-sessions", sameDesktop: false);
            await machine.Gputty.ExpectAsync(0, $"keep-off on --card {Pci.Card} --yes --end-sessions");
            await machine.Desktop.WhenUpAsync();
            await RoundsAsync(machine, kills - kills / 10, "", sameDesktop: true);
            await machine.Desktop.AssertUsableAsync();
        }
        catch (Exception failure)
        {
            throw new LabException($"Seed {s_seed}, {kills} kills, after {Counts}: {failure.Message}", failure);
        }
        Figures.Write(
            $"kill drill, seed {s_seed}: {kills} attacks in {clock.Elapsed.TotalSeconds:0} s ({Counts}); nothing lost, nothing piled up");
    }, name);

    private string Counts => string.Join(", ", _counts.Select(pair => $"{pair.Value} {pair.Key}"));

    private async Task RoundsAsync(Machine machine, int kills, string consent, bool sameDesktop)
    {
        if (kills == 0) return;
        var drill = new Rounds(machine, consent, sameDesktop, _dice, _counts);
        await drill.WarmUpAsync();
        for (var kill = 0; kill < kills; kill++) await drill.AttackAsync();
        await drill.EndAsync();
    }

    private static int? FromEnvironment(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Attacks of one kind: with the desktop stopped and started, or left alone.</summary>
    private sealed class Rounds(Machine machine, string consent, bool sameDesktop, Random dice, Dictionary<string, int> counts)
    {
        private readonly Drift _drift = new(machine);
        private readonly Dictionary<string, double> _lives = [];
        private string _atHome = "", _session = "";
        private int _descriptors;

        /// <summary>Who owned the card before an attack: an undo leads there, and to the host from the middle of another switch.</summary>
        private string _owner = "host";

        /// <summary>Whether a switch was left in the middle.</summary>
        private bool _isOpen;

        private bool IsAway => _owner == "vfio";

        /// <summary>A round that nobody disturbs: how long each way takes, and how the machine looks afterwards.</summary>
        public async Task WarmUpAsync()
        {
            foreach (var way in new[] { "vm", "host" })
            {
                var whole = await Attack.StrikeAsync(machine, Switch(way), Victim.Nobody, default, default);
                Assert.True(whole.ViewerStatus == 0, whole.Output);
                _lives[way] = whole.Lived;
                await machine.Desktop.WhenUpAsync();
            }
            (_atHome, _descriptors) = (await _drift.TakeAsync(sameDesktop), await _drift.DescriptorsAsync());
            if (sameDesktop) _session = await machine.Desktop.SessionLeaderAsync();
        }

        public async Task AttackAsync()
        {
            var way = (_isOpen ? dice.Next(2) == 0 : IsAway) ? "host" : "vm";
            var victim = (Victim)dice.Next(1, 5);
            var (moment, second) = (dice.NextDouble() * _lives[way], dice.NextDouble() * 4);
            var (before, next) = (await LastBegunAsync(), dice.Next(4));
            var wreck = await Attack.StrikeAsync(machine, Switch(way), victim, TimeSpan.FromSeconds(moment), TimeSpan.FromSeconds(second));
            // The first round may have been slower than those that follow: most blows should hit.
            if (!wreck.Hit && wreck.Lived > 0) _lives[way] = Math.Min(_lives[way], wreck.Lived);
            var cameFrom = _owner;
            var (state, owner) = await NamedAsync();
            (_owner, _isOpen) = (owner, state != "ended");
            Count(wreck.Hit ? $"{victim} killed on the way to the {way}" : "too late");
            Count($"left {state} ({owner})");
            Figures.Write(string.Create(
                CultureInfo.InvariantCulture,
                $"  {way}: {victim} after {moment:0.0} of {_lives[way]:0.0} s{(wreck.Hit ? "" : ", too late")}: {state} ({owner}), "
                    + $"viewer {wreck.ViewerStatus}"));
            await DesktopIsThereAsync();
            if (wreck.Hit) Figures.Count("kills on a real kernel survived");
            // Killed before its journal began, it was none: what undo takes back then is the switch before.
            if (next == 0 && before != await LastBegunAsync()) await UndoAsync(cameFrom);
            else if (next == 1) await GoOnAsync(way);
        }

        public async Task EndAsync()
        {
            if (_isOpen || IsAway) await machine.Gputty.ExpectAsync(0, Switch("host"));
            await machine.Pci.AssertCardIsHomeAsync();
            await DesktopIsThereAsync();
            await NothingPiledUpAsync();
        }

        private Task<string> LastBegunAsync() => machine.Shell.DoAsync("head -n 1 /var/lib/gputty/journal | md5sum");

        private string Switch(string way) => $"switch {way} --card {Pci.Card} --yes{consent}";

        /// <summary>The program has a word for how things stand, and it is the
        /// true one; where something is open, it says what to do.</summary>
        private async Task<(string State, string Owner)> NamedAsync()
        {
            var status = JsonDocument.Parse(await machine.Gputty.ExpectAsync(0, "status --json")).RootElement;
            var card = status.GetProperty("cards").EnumerateArray().Single(one => one.GetProperty("address").GetString() == Pci.Card);
            string[] drivers = [await machine.Pci.DriverOfAsync(Pci.Card), await machine.Pci.DriverOfAsync(Pci.CardSound)];
            var owner = drivers.All(driver => driver == "vfio-pci") ? "vfio"
                : drivers.Contains("vfio-pci") ? "mixed"
                : drivers[0] != Pci.NoDriver ? "host"
                : drivers[1] == Pci.NoDriver ? "none" : "mixed";
            var named = card.GetProperty("owner").GetString();
            Assert.True(named == owner, $"The card is called {named}, but its drivers are {string.Join(" and ", drivers)}.");
            var run = status.GetProperty("run");
            var state = run.GetProperty("state").GetString()!;
            Assert.True(state is "left-halfway" or "ended", $"The last switch is called {state}.");
            if (state == "left-halfway")
                Assert.Contains("gputty undo", run.GetProperty("next_action").GetString(), StringComparison.Ordinal);
            return (state, owner);
        }

        private async Task DesktopIsThereAsync()
        {
            await machine.Desktop.WhenUpAsync();
            if (sameDesktop) Assert.Equal(_session, await machine.Desktop.SessionLeaderAsync());
        }

        private async Task GoOnAsync(string way)
        {
            await machine.Gputty.ExpectAsync(0, Switch(way));
            await ArrivedAsync(away: way == "vm");
        }

        /// <summary>Back to where the switch came from; and asked once more, not a step.</summary>
        private async Task UndoAsync(string cameFrom)
        {
            await machine.Gputty.ExpectAsync(0, $"undo --yes{consent}");
            await ArrivedAsync(away: cameFrom == "vfio");
            var before = await _drift.TakeAsync(sameDesktop: true);
            await machine.Gputty.ExpectAsync(0, $"undo --yes{consent}");
            Sysfs.AssertSame(before, await _drift.TakeAsync(sameDesktop: true));
        }

        private async Task ArrivedAsync(bool away)
        {
            (_owner, _isOpen) = (away ? "vfio" : "host", false);
            if (away) await machine.Pci.AssertCardIsReadyForVmAsync();
            else await machine.Pci.AssertCardIsHomeAsync();
            await DesktopIsThereAsync();
            if (!away) await NothingPiledUpAsync();
        }

        private async Task NothingPiledUpAsync()
        {
            Sysfs.AssertSame(_atHome, await _drift.TakeAsync(sameDesktop));
            Assert.InRange(await _drift.DescriptorsAsync(), 0, _descriptors + 6);
        }

        private void Count(string what) => counts[what] = counts.GetValueOrDefault(what) + 1;
    }
}
