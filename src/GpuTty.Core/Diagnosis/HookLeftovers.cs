using System.Text.RegularExpressions;
using GpuTty.Host;
using GpuTty.Host.Settings;

namespace GpuTty.Diagnosis;

/// <summary>libvirt's hooks of others (https://libvirt.org/hooks.html): they run beside gputty's own, whatever it does.</summary>
internal static partial class HookLeftovers
{
    public static IEnumerable<Finding> Of(HostSnapshot host, SettingsFiles settings)
    {
        var hooks = settings.Hooks.Where(file => !file.Name.Contains("gputty", StringComparison.Ordinal)).ToList();
        var first = hooks.Where(IsRunByLibvirt).ToList();
        var dispatcher = first.FirstOrDefault(file => Dispatches().IsMatch(ScriptSigns.Code(file.Text)));
        foreach (var file in hooks)
        {
            var isReached = first.Contains(file)
                || (dispatcher is not null && IsOfGuest(file))
                || first.Any(other => other.IsExecutable && Names(other, file));
            foreach (var finding in OfFile(host, settings, file, isReached)) yield return finding;
        }
        if (dispatcher is { IsExecutable: true })
            yield return new(
                DiagnosisCode.HookDispatcher,
                FindingGroup.Ok,
                SwitchEffect.Never,
                "This hook runs the scripts below qemu.d/GUEST/OPERATION; it moves nothing itself.",
                "Nothing to do; look at the scripts that it runs.",
                null,
                new SourceLine(dispatcher.Path, null));
    }

    private static IEnumerable<Finding> OfFile(HostSnapshot host, SettingsFiles settings, SettingsFile file, bool isReached)
    {
        var signs = ScriptSigns.Of(file.Text);
        var targets = Targets.OfCommands(host, settings, [ScriptSigns.Code(file.Text)]);
        // What it does with other devices of a guest is no matter of cards.
        if (targets.Tie == CardTie.Other) signs &= ~ScriptSign.Moves;
        if ((signs & (ScriptSign.Moves | ScriptSign.StopsDesktop | ScriptSign.CallsLibvirt)) == 0
            && !RunsTwice().IsMatch(ScriptSigns.Code(file.Text)))
            yield break;
        if (!isReached || !file.IsExecutable)
        {
            if ((signs & ScriptSign.Moves) != 0)
                yield return Found(
                    file,
                    DiagnosisCode.HookNotExecutable,
                    FindingGroup.Ok,
                    SwitchEffect.Never,
                    "This script moves a card, but libvirt does not run it: "
                        + (isReached ? "it is not executable." : "no hook calls it.")) with
                { Advice = "Nothing to do; remove it if you do not need it any more.", Correction = null };
            yield break;
        }
        if ((signs & (ScriptSign.Moves | ScriptSign.StopsDesktop)) != 0)
        {
            var moves = Found(file, DiagnosisCode.HookMovesCard, FindingGroup.Problem, SwitchEffect.Now,
                $"When a virtual machine starts or stops, this script {ScriptSigns.Words(signs & ScriptSign.All)}, "
                    + "whether or not gputty has moved the card already.");
            yield return MovesCard(host, settings, file) ? moves
                : moves with { Sentence = moves.Sentence + targets.Remark, Correction = moves.Correction.Optional() };
        }
        // A hook that is about something else may be needed, whatever is wrong with it.
        var isNeeded = !settings.Hooks
            .Where(other => other.Path == file.Path || Names(file, other))
            .Any(other => MovesCard(host, settings, other));
        if (signs.HasFlag(ScriptSign.CallsLibvirt))
            yield return Found(file, DiagnosisCode.HookCallsLibvirt, FindingGroup.Problem, SwitchEffect.Now,
                "This script calls libvirt while libvirt waits for the script: both may wait forever.", isNeeded);
        if (RunsTwice().IsMatch(ScriptSigns.Code(file.Text)))
            yield return Found(file, DiagnosisCode.HookRunsTwice, FindingGroup.Problem, SwitchEffect.Now,
                "This script does the same in two operations of one start or stop (prepare and start, or stopped and release), "
                    + "so everything happens twice.",
                isNeeded);
    }

    /// <summary>It moves a card, or stops the desktop, which nobody does for another device.</summary>
    private static bool MovesCard(HostSnapshot host, SettingsFiles settings, SettingsFile file)
    {
        var signs = ScriptSigns.Of(file.Text);
        return signs.HasFlag(ScriptSign.StopsDesktop)
            || ((signs & ScriptSign.Moves) != 0
                && Targets.OfCommands(host, settings, [ScriptSigns.Code(file.Text)]).Tie == CardTie.Card);
    }

    private static Finding Found(
        SettingsFile file, DiagnosisCode code, FindingGroup group, SwitchEffect effect, string sentence, bool isNeeded = false) =>
        new(
            code,
            group,
            effect,
            sentence,
            "To keep libvirt from running it",
            isNeeded ? LeftoverRemoval.NotExecutable(file).Optional() : LeftoverRemoval.NotExecutable(file),
            new SourceLine(file.Path, null));

    /// <summary>hooks/qemu, and what lies in hooks/qemu.d itself.</summary>
    private static bool IsRunByLibvirt(SettingsFile file) => Place().IsMatch(file.Path);

    private static bool IsOfGuest(SettingsFile file) =>
        file.Path.Contains("/hooks/qemu.d/", StringComparison.Ordinal) && !IsRunByLibvirt(file);

    private static bool Names(SettingsFile hook, SettingsFile file) =>
        file.Name.Length > 3 && ScriptSigns.Code(hook.Text).Contains(file.Name, StringComparison.Ordinal);

    [GeneratedRegex(@"/hooks/qemu$|/hooks/qemu\.d/[^/]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Place();

    [GeneratedRegex(@"HOOKPATH|qemu\.d/\$|\.d/\$\{?(1|GUEST)", RegexOptions.CultureInvariant)]
    private static partial Regex Dispatches();

    [GeneratedRegex(
        "prepare[\"'\\s\\]]*(\\|\\|?)[^\\n]{0,400}\\bstart\\b|\\bstart[\"'\\s\\]]*(\\|\\|?)[^\\n]{0,400}prepare|release[\"'\\s\\]]*(\\"
            + "|\\|?)[^\\n]{0,400}\\bstopped\\b|\\bstopped[\"'\\s\\]]*(\\|\\|?)[^\\n]{0,400}release",
        RegexOptions.CultureInvariant)]
    private static partial Regex RunsTwice();
}
