using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tui.Logs;
using GpuTty.Tui.Screens;

namespace GpuTty.Tui;

/// <summary>From a model and a message to the next model and what is wanted from the world. Pure but for the log's ring.</summary>
internal static class Update
{
    public static Next Step(Model model, Msg msg) => msg switch
    {
        Msg.KeyPressed pressed => OnKey(model with { Notice = null }, pressed.Key),
        Msg.Pointed pointed => OnPointed(model, pointed),
        Msg.Pasted pasted => model.Top.OnPaste(pasted.Text, model with { Notice = null }),
        Msg.Resized size => model with { Width = size.Width, Height = size.Height },
        Msg.ScreenReturned => new Next(model, new Effect.Repaint()),
        Msg.HostRead read =>
            OnHost(
                model.NoticeUntil == NoticeUntil.Look && model.Notice is not null
                    ? model.Tell($"Looked again at {model.Local(read.Host.TakenAt):HH:mm:ss}.")
                    : model,
                read),
        Msg.HostUnreadable problem =>
            (model with { Unreadable = problem.Problem }).Warn($"The machine could not be read: {problem.Problem}"),
        Msg.JournalsRead read => OnJournals(model, read),
        Msg.RunReported reported => OnRun(model, reported),
        // The run before has been left; another one begins.
        Msg.RunLeft when model.Expected is not null => model,
        Msg.RunLeft => new Next(Spread(WithoutAsked(model) with { IsRunning = false }, msg), new Effect.ReadHost()),
        Msg.RunTaken => model with { IsHandedOver = true },
        Msg.RunRefused refused => OnRefused(model, refused),
        Msg.TakeBackRefused => model with { HasAskedBack = false },
        // The worker hears the same kernel.
        Msg.Logged { Line: { Source: LogSource.Kernel } line } when line.At >= model.HearsKernelSince => model,
        Msg.Logged { Line.Source: LogSource.Kernel } logged => OnKernel(model, logged.Line),
        Msg.Logged logged => Logged(model, logged.Line),
        Msg.KernelSaid said => OnKernel(model, said.Line),
        Msg.KernelSilent => model with { HearsKernelSince = null },
        Msg.ClockSetBack => OnClockSetBack(model),
        Msg.Told { Text.Length: 0 } => model,
        Msg.Told told => told.IsTrouble ? model.Warn(told.Text) : model.Tell(told.Text),
        Msg.CopyRefused refused => CopyKey.AskAgain(model, refused),
        Msg.Configured configured => model with { Configured = configured.Switch },
        Msg.CommandSaid said => OnCommand(model, said),
        Msg.Examined or Msg.FixOffered or Msg.DoctorFailed => DoctorScreen.On(model, msg),
        Msg.Tick tick => model with { Now = tick.Now },
        _ => model,
    };

    private static Next OnKey(Model model, Key key)
    {
        // Where nothing of a question can be seen, none is asked and nothing may be answered; a switch needs no screen.
        if (ScreenPicture.IsTooSmall(model) && key != GlobalKeys.Repaint.Key)
            return (key.Is('q') || key == GlobalKeys.Cancel.Key) && QuitKey.Until(model) is null
                ? new Next(model, new Effect.Quit())
                : model;
        if (GlobalKeys.Keys.FirstOrDefault(binding => binding.Answers(key)) is { } everywhere) return everywhere.Do(model);
        if (HelpScreen.Answers(model.Top, key)) return model.Push(new HelpScreen());
        if (PaletteScreen.Answers(model.Top, key)) return model.Push(new PaletteScreen());
        if (model.Top.TakesText && model.Top.OnKey(key, model) is { } typed) return typed;
        return Press(model, key) ?? model.Top.OnKey(key, model) ?? Unknown(model, key);
    }

    /// <summary>The mouse presses keys: whatever it can do, the keyboard can.</summary>
    private static Next OnPointed(Model model, Msg.Pointed pointed) =>
        Pointing.Keys(model, pointed).Aggregate(new Next(model), (next, key) =>
        {
            var pressed = OnKey(next.Model with { Notice = null }, key);
            return pressed with { Effects = [.. next.Effects, .. pressed.Effects] };
        });

    private static Model WithoutAsked(Model model) => model.NoticeUntil == NoticeUntil.Run ? model with { Notice = null } : model;

    /// <summary>Does what the binding of a key says, or tells why not; null when the screen has no such key.</summary>
    public static Next? Press(Model model, Key key)
    {
        if (model.Top.Keys(model).FirstOrDefault(binding => binding.Answers(key)) is not { } binding) return null;
        return binding.Reason(model) is { } reason ? model.Warn(reason) : binding.Do(model);
    }

    private static Next Unknown(Model model, Key key) => key == Key.Ctrl('z')
        ? model.Tell("GpuTty cannot be put into the background. q leaves; a switch keeps running without it.")
        : model.Top is HelpScreen ? model.Tell($"{key} does nothing here; Esc leads back.")
        : model.Tell($"{key} does nothing here; {HelpScreen.KeyOf(model.Top)} lists the keys.");

    /// <summary>All screens hear it. What goes from the screen says why.</summary>
    private static Model Spread(Model model, Msg news)
    {
        var screens = model.Screens.Select(screen => (Screen: screen, WhyGone: screen.WhyGone(news, model))).ToList();
        var heard = model with { Screens = [.. screens.Where(one => one.WhyGone is null).Select(one => one.Screen.Hear(news, model))] };
        return screens.Select(one => one.WhyGone).LastOrDefault(why => !string.IsNullOrEmpty(why)) is { } reason
            ? heard.Tell(reason)
            : heard;
    }

    /// <summary>Whoever looks elsewhere is told how it ended.</summary>
    private static Next OnRun(Model before, Msg.RunReported news)
    {
        var model = WithoutAsked(before).Following(news.Event);
        var heard = Spread(model, news);
        // A question with a deadline comes before whatever is on the screen, if that can
        // still be read; keys that were meant for something else must not answer it.
        if (RunWaits.Consent(model) is not null && news.Event is RunEvent.Begun)
            return new Next(
                ShowKey.Running(heard),
                new Effect.Repaint(),
                new Effect.ForgetTyped());
        if (news.Event is RunEvent.Opened && !before.IsRunning) return heard.Tell($"A switch has begun elsewhere{ShowKey.Hint(heard)}.");
        if (news.Event is not RunEvent.Closed closed || heard.Top is ResultScreen) return heard;
        return heard.Tell(heard.Notice == model.Notice ? closed.Summary : $"{heard.Notice} {closed.Summary}");
    }

    /// <summary>A run that began and ended between two looks is told; one that is followed, or begun here, tells more itself.</summary>
    private static Model OnJournals(Model before, Msg.JournalsRead read)
    {
        if (before.IsRunning || before.Expected is not null) return before;
        var model = before.Knowing(read.Begun, read.Unfinished);
        var isNew = model.Journal is [RunEvent.Opened now, ..]
            && !(before.Journal is [RunEvent.Opened known, ..] && UnfinishedRuns.IsSame(known, now));
        return isNew && model.Run is { IsClosed: true } run ? model.Tell($"A switch has ended elsewhere: {run.Summary}") : model;
    }

    /// <summary>Whoever looks elsewhere is told; another run that is followed meanwhile goes on.</summary>
    private static Next OnRefused(Model model, Msg.RunRefused refused)
    {
        var begins = model.Expected is not null;
        var heard = Spread(WithoutAsked(model) with { Expected = null, IsRunning = !begins && model.IsRunning }, refused);
        return new Next(
            heard.Screens.Any(screen => screen is ResultScreen { Refused: not null })
                ? heard
                // What stands in the way is in sight already.
                : heard.Warn(heard.Top is RunningScreen ? refused.Problem : $"{refused.Problem} {refused.Remedy}"),
            new Effect.ReadHost());
    }

    /// <summary>What was changed is told to whoever has left its screen meanwhile.</summary>
    private static Model OnCommand(Model before, Msg.CommandSaid said)
    {
        var isChange = before.Command is { } running && running.AsSpan().SequenceEqual(said.Words.AsSpan());
        var isAwaited = before.Screens.Any(screen => screen is CommandScreen commands && commands.AwaitsTextOf(said.Words));
        var model = Spread(isChange ? before with { Command = null } : before, said);
        return isChange && !isAwaited ? model.Tell(said.Text.Trim().Split('\n')[0]) : model;
    }

    /// <summary>The first look tells whether the last run needs looking after.</summary>
    private static Model OnHost(Model model, Msg.HostRead read)
    {
        var isFirst = model.Host is null;
        foreach (var line in Changes.Between(model.Host, read.Host)) Logged(model, line);
        var seen = Spread(model with { Host = read.Host, Unreadable = null }, read);
        // What a key was refused for may be over: then it must not be said any longer.
        if (model.Notice is { } said && IsRefusal(model, said.Text) && !IsRefusal(seen, said.Text)) seen = seen with { Notice = null };
        return isFirst && seen.Screens.Length == 1 && seen.Recovery is not null
            ? seen.Push(new RecoveryScreen())
            : seen;
    }

    /// <summary>The kernel may have written the worst of it over our picture.</summary>
    private static Next OnKernel(Model model, Switching.LogLine line) =>
        line.Level == LogLevel.Error ? new Next(Logged(model, line), new Effect.Repaint()) : Logged(model, line);

    private static Model OnClockSetBack(Model model)
    {
        model.Log.Seal();
        return model;
    }

    private static bool IsRefusal(Model model, string text) => model.Top.Keys(model).Any(binding => binding.Reason(model) == text);

    private static Model Logged(Model model, Switching.LogLine line)
    {
        model.Log.Append(
            new ShownLine($"{model.Local(line.At):HH:mm:ss}", line.Level, $"{line.Source}".ToLowerInvariant(), line.Text) { At = line.At });
        // What follows from the first bad word is in the log.
        var isWorst = line is { Source: LogSource.Kernel, Level: >= LogLevel.Warning }
            && line.Event != KernelEvent.None
            && model.IsRunning
            && line.Level > (model.KernelWord?.Level ?? LogLevel.Info);
        return isWorst ? model with { KernelWord = line } : model;
    }
}
