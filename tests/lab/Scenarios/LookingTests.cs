using GpuTty.Lab.Driver;

namespace GpuTty.Lab.Scenarios;

/// <summary>Looking changes nothing on a real system: sessions, utmp, scopes
/// and users' managers are as they were, and nobody wrote of a login.</summary>
public sealed class LookingTests : Scenario
{
    [ProgramFact]
    [Trait("Lab", "full")]
    public Task A_hundred_looks_with_a_service_of_the_user_on_the_card_open_no_session_and_start_nothing() =>
        PlayAsync(Hardware.Gnome, async machine =>
        {
            var sound = await machine.Holders.SoundNodeAsync(Pci.CardSound);
            await machine.Shell.DoAsync(
                "runuser -u user -- env XDG_RUNTIME_DIR=/run/user/$(id -u user) systemd-run --user -q --collect "
                    + $"--unit=lab-sound.service hold open {sound}");
            await machine.Shell.UntilAsync("the service to hold the card's sound", "gputty holders | grep -q lab-sound");
            await machine.Shell.DoAsync("""
            facts() {
                loginctl list-sessions --no-legend | awk '{ print $1, $2, $3 }' | sort
                sha256sum /run/utmp /var/log/wtmp 2>/dev/null
                systemctl list-units --all --plain --no-legend --type=scope 'session-*' | awk '{ print $1 }' | sort
                systemctl list-units --all --plain --no-legend 'user@*' 'gputty*' | awk '{ print $1 }' | sort
                pgrep -xc '\(sd-pam\)|systemd-stdio-b' || true
            }
            cursor=$(journalctl -n 0 --show-cursor | sed -n 's/^-- cursor: //p')
            facts >/run/before
            for look in $(seq 100); do gputty status >/run/status || exit; done
            facts >/run/after
            grep -q lab-sound /run/status
            diff /run/before /run/after
            journalctl --after-cursor="$cursor" -o cat _COMM=systemd-logind + SYSLOG_FACILITY=4 + SYSLOG_FACILITY=10 >/run/lines
            [ ! -s /run/lines ] || { cat /run/lines; exit 1; }
            """, Gputty.Patience);
        });
}
