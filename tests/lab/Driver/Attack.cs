using System.Globalization;

namespace GpuTty.Lab.Driver;

/// <summary>Whom a drill kills with SIGKILL. The recovery is what systemd runs after a worker, however that ended.</summary>
public enum Victim { Nobody, Viewer, Worker, Both, WorkerAndRecovery }

/// <summary>What became of one attacked command.</summary>
/// <param name="Hit">False when there was no worker, or the victim had already ended by itself; of both, the worker counts.</param>
/// <param name="Lived">Seconds from the worker's first breath until nothing of it was left; 0 where there was none.</param>
public sealed record Wreck(Victim Victim, bool Hit, int ViewerStatus, double Lived, string Output);

/// <summary>Starts a command of the program and kills parts of it at a given moment.</summary>
public static class Attack
{
    /// <param name="moment">After the worker has come to life.</param>
    /// <param name="second">How long the recovery lives, where it is killed too.</param>
    public static async Task<Wreck> StrikeAsync(Machine machine, string arguments, Victim victim, TimeSpan moment, TimeSpan second)
    {
        // In the guest and without a program of its own for each look: the road to the host is longer than most steps of a switch.
        var script = string.Create(CultureInfo.InvariantCulture, $$"""
            unit={{Gputty.Worker}}; group=/sys/fs/cgroup/system.slice/$unit/cgroup.procs
            worker=; gputty {{arguments}} >/run/lab-viewer.out 2>&1 & viewer=$!
            until { read -r worker <$group; } 2>/dev/null; do kill -0 $viewer 2>/dev/null || break; sleep 0.02; done
            began=$(date +%s.%N); hit=0
            if [ "$worker" ] && [ {{victim}} != Nobody ]; then
                sleep {{moment.TotalSeconds:0.000}}
                case {{victim}} in Viewer | Both) kill -KILL $viewer 2>/dev/null && hit=1 ;; esac
                case {{victim}} in Worker | Both | WorkerAndRecovery) kill -KILL $worker 2>/dev/null && hit=1 || hit=0 ;; esac
            fi
            if [ {{victim}} = WorkerAndRecovery ] && [ $hit = 1 ]; then
                # Whoever is in the group now has been started after the worker.
                until read -r after <$group && [ "$after" != "$worker" ]; do [ -e $group ] || break; sleep 0.02; done 2>/dev/null
                sleep {{second.TotalSeconds:0.000}}
                kill -KILL $after 2>/dev/null
            fi
            wait $viewer 2>/dev/null; status=$?
            until [ "$(systemctl show -P ActiveState $unit)" = inactive ]; do sleep 0.05; done
            lived=$(awk "BEGIN { print $(date +%s.%N) - $began }")
            echo "struck $hit $status ${worker:+$lived}"
            cat /run/lab-viewer.out
            """);
        var said = await machine.Shell.DoAsync(script, Gputty.Patience);
        var words = said.Split('\n').First(line => line.StartsWith("struck ", StringComparison.Ordinal)).Split(' ');
        return new Wreck(
            victim,
            words[1] == "1",
            int.Parse(words[2], CultureInfo.InvariantCulture),
            words[3].Length == 0 ? 0 : double.Parse(words[3], CultureInfo.InvariantCulture),
            said);
    }
}
