using GpuTty.Simulation;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Terminal;
using GpuTty.Tui;

namespace GpuTty.Tests.Tui;

public sealed class ScreenSnapshots
{
    [Fact]
    public void Overview() => Verify(Play.At(DesktopMachine.Idle));

    public static TheoryData<string> MachineNames => [.. Machines.All.Select(machine => machine.Name)];

    /// <summary>What a newcomer sees first, on every machine of the demo.</summary>
    [Theory]
    [MemberData(nameof(MachineNames))]
    public void Machine(string name)
    {
        var machine = Machines.Find(name)!;
        Snapshots.Verify(Play.AfterCrash(machine.Machine.Snapshot(), machine.Journal).Sized(110, 36).Text(), name);
    }

    /// <summary>A real machine's worth of devices on a screen that has room for them.</summary>
    [Theory]
    [InlineData("desktop", 160, 50)]
    [InlineData("desktop", 240, 67)]
    [InlineData("twins", 240, 67)]
    public void Large(string name, int width, int height) =>
        Snapshots.Verify(Play.At(Machines.Find(name)!.Machine.Snapshot(), width, height).Type("i").Text(), $"{name}_{width}x{height}");

    [Fact]
    public void Overview_of_groups() => Verify(Play.At(DesktopMachine.Idle).Type("2jj").Press(Key.Right));

    [Fact]
    public void Overview_of_drivers() => Verify(Play.At(DesktopMachine.Idle).Type("3jj"));

    [Fact]
    public void Overview_of_holders() => Verify(Play.At(DesktopMachine.Busy).Type("4j"));

    [Fact]
    public void Overview_of_the_desktop() => Verify(Play.At(DesktopMachine.Idle).Type("5"));

    [Fact]
    public void Overview_of_the_log() => Verify(Play.At(DesktopMachine.Idle).Type("6"));

    [Fact]
    public void Overview_of_all_devices() => Verify(Play.At(DesktopMachine.Idle).Type("ajj"));

    [Fact]
    public void Overview_while_a_filter_is_typed() => Verify(Play.At(DesktopMachine.Idle).Type("a/nvid"));

    [Fact]
    public void Overview_with_the_card_away() => Verify(Play.At(DesktopMachine.WithVm));

    [Fact]
    public void Overview_without_an_iommu() => Verify(Play.At(DesktopMachine.WithoutIommu));

    [Fact]
    public void Overview_before_the_first_look() => Verify(Play.Blank());

    [Fact]
    public void Details_of_a_device() => Verify(Play.At(DesktopMachine.Idle).Type("\n"));

    [Fact]
    public void Details_of_a_group() => Verify(Play.At(DesktopMachine.Idle).Type("2jjj\n"));

    [Fact]
    public void Details_of_a_shared_group() => Verify(Play.At(DesktopMachine.Idle).Type("2jjj\nii"));

    [Fact]
    public void Details_of_a_module() => Verify(Play.At(DesktopMachine.Busy).Type("3jjjjj\n"));

    [Fact]
    public void Details_of_a_session() => Verify(Play.At(DesktopMachine.Idle).Type("5j\n"));

    [Fact]
    public void Overview_with_a_stray_override() => Verify(Play.At(DesktopMachine.WithStrayOverride).Type("3"));

    [Fact]
    public void Wizard_clear_override() => Verify(Play.At(DesktopMachine.WithStrayOverride).Type("3O"));

    [Fact]
    public void Details_of_the_display_manager() => Verify(Play.At(DesktopMachine.Idle).Type("5\n"));

    [Fact]
    public void Details_of_a_holder() => Verify(Play.At(DesktopMachine.Idle).Type("4\n"));

    [Fact]
    public void Wizard_card() => Verify(Play.At(DesktopMachine.Idle).Type("v\e\e"));

    [Fact]
    public void Wizard_checks() => Verify(Play.At(DesktopMachine.Idle).Type("v\e"));

    [Fact]
    public void Wizard_checks_that_fail() => Verify(Play.At(DesktopMachine.WithoutIommu).Type("v\n"));

    [Fact]
    public void Wizard_holders() => Verify(Play.At(DesktopMachine.Busy).Type("v"));

    [Fact]
    public void Wizard_holders_agreed() => Verify(Play.At(DesktopMachine.Busy).Type("vSeE"));

    [Fact]
    public void Wizard_plan() => Verify(Play.At(DesktopMachine.Idle).Type("vS\n"));

    [Fact]
    public void Wizard_plan_with_commands() => Verify(Play.At(DesktopMachine.Idle).Type("vS\nc"));

    [Fact]
    public void Wizard_confirm_without_loss() => Verify(Play.At(DesktopMachine.Free).Type("v\n"));

    [Fact]
    public void Wizard_confirm_with_loss() => Verify(Play.At(DesktopMachine.Idle).Type("vS\n\n"));

    [Fact]
    public void Wizard_confirm_with_the_console_at_stake() => Verify(Play.At(DesktopMachine.ConsoleAtStake).Type("vS\n\n01:0"));

    [Fact]
    public void Wizard_confirm_with_commands() => Verify(Play.At(DesktopMachine.Idle).Type("vS\n\nc"));

    [Fact]
    public void Asked_for_a_text_console() => Verify(TextConsoleTests.Asked);

    [Fact]
    public void Wizard_to_the_host() => Verify(Play.At(DesktopMachine.WithVm).Type("hm\n"));

    [Fact]
    public void Wizard_asks_what_the_card_is_for() => Verify(Play.At(DesktopMachine.WithVm).Type("h\n"));

    [Fact]
    public void Wizard_keep_off() => Verify(Play.At(DesktopMachine.Idle).Type("K\e"));

    [Fact]
    public void Running_before_the_first_word() => Verify(Begun());

    [Fact]
    public void Running() => Verify(Begun().Report(Runs.Until(Runs.Of<UnloadModule>())).Hear(new Msg.HostRead(DesktopMachine.Busy))
        .Report(new RunEvent.Waiting(Runs.Of<UnloadModule>(), "waiting for 1 reference, held by ollama (4711)")
        {
            At = DesktopMachine.Idle.TakenAt,
        })
        .Hear(new Msg.Logged(new LogLine(
            DesktopMachine.Idle.TakenAt,
            LogLevel.Info,
            LogSource.Kernel,
            "[drm] [nvidia-drm] [GPU ID 0x00000100] Unloading driver")))
        .Hear(new Msg.Tick(DesktopMachine.Idle.TakenAt.AddSeconds(Runs.Of<UnloadModule>() + 6))));

    [Fact]
    public void Running_asked_to_take_back() => Verify(Begun().Report(Runs.Until(Runs.Of<UnloadModule>())).Type("t"));

    [Fact]
    public void Running_asked_whether_it_can_be_read() => Verify(Consenting.Asked);

    [Fact]
    public void Running_with_commands() => Verify(Begun().Report(Runs.Until(Runs.Of<UnloadModule>())).Type("c"));

    [Fact]
    public void Result_with_commands() => Verify(Begun().Report(Runs.TakenBack).Type("c"));

    [Fact]
    public void Running_while_taking_back() => Verify(Begun().Report(Runs.TakenBack[..^4]));

    [Fact]
    public void Running_asked_to_quit() => Verify(Begun().Report(Runs.Until(3)).Type("q"));

    [Fact]
    public void Result_switched() => Verify(Begun().Report(Runs.Switched).Hear(new Msg.HostRead(DesktopMachine.WithVm)));

    [Fact]
    public void Result_taken_back() => Verify(Begun().Report(Runs.TakenBack));

    [Fact]
    public void Result_left_halfway() => Verify(Begun().Report(Runs.LeftHalfway));

    [Fact]
    public void Result_refused() => Verify(Begun().Hear(new Msg.RunRefused("Another switch is running.", "Wait until it has ended.")));

    [Fact]
    public void Recovery() => Verify(Play.AfterCrash(DesktopMachine.Halfway, Runs.Until(Runs.Of<BindDevice>())));

    [Fact]
    public void Help_of_the_overview() => Verify(Play.At(DesktopMachine.Idle).Type("?"));

    [Fact]
    public void Help_searched() => Verify(Play.At(DesktopMachine.Idle).Type("?/host"));

    [Fact]
    public void Log_on_the_full_screen() => Verify(Play.At(DesktopMachine.Idle).Type("L"));

    [Fact]
    public void Log_while_filtered() => Verify(Play.At(DesktopMachine.Idle).Type("L/4090"));

    [Fact]
    public void Overview_with_an_interrupted_switch() =>
        Verify(Play.AfterCrash(DesktopMachine.Halfway, Runs.Until(Runs.Of<BindDevice>())).Type("\n"));

    private static Play Begun() => Play.At(DesktopMachine.Idle).Type("vS\n\ny");

    private static void Verify(Play play, [System.Runtime.CompilerServices.CallerMemberName] string method = "")
    {
        (int Width, int Height)[] sizes = [(80, 25), (100, 30), (120, 40), (60, 16), (39, 9)];
        Snapshots.Verify(string.Concat(sizes.Select(size => Picture(play, size, Glyphs.Unicode))), method: method);
        Snapshots.Verify(string.Concat(sizes.Select(size => Picture(play, size, Glyphs.Ascii))), "ascii", method: method);
        (int Width, int Height)[] large = [(160, 50), (240, 67)];
        Snapshots.Verify(string.Concat(large.Select(size => Picture(play, size, Glyphs.Unicode))), "large", method: method);
        Snapshots.Verify(string.Concat(large.Select(size => Picture(play, size, Glyphs.Ascii))), "large_ascii", method: method);
    }

    private static string Picture(Play play, (int Width, int Height) size, Glyphs glyphs) =>
        $"{size.Width}x{size.Height}\n{play.Sized(size.Width, size.Height).Text(glyphs)}\n";
}
