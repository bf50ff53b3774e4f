using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Holders;
using GpuTty.Linux.Systemd;

namespace GpuTty.Tests.Linux.Systemd;

/// <summary>A screen that stays open for days, while every program of the desktop comes and goes in a scope of its own.</summary>
public sealed class UnitsInViewTests
{
    private static readonly UnitName s_sound = new("pipewire.service", 1000);

    [Fact]
    public void Programs_that_have_long_ended_keep_nobody_from_asking_about_those_that_run()
    {
        var gaps = new List<Unknown>();
        var ended = Enumerable.Range(0, 300).Select(number => Scope(number)).ToImmutableHashSet();
        var wanted = UnitsInView.Of(Holding(1) with { AskedUnits = ended.Add(s_sound) }, gaps);
        Assert.Contains(Scope(1000), wanted);
        Assert.Empty(gaps);
        Assert.InRange(wanted.Count(name => name.Uid == 1000), 0, 256);
    }

    [Fact]
    public void A_unit_that_was_stopped_is_asked_about_until_the_end() =>
        Assert.Contains(s_sound, UnitsInView.Of(Holding(1) with { AskedUnits = [s_sound] }, []));

    [Fact]
    public void More_programs_than_are_asked_about_are_unknown()
    {
        var gaps = new List<Unknown>();
        UnitsInView.Of(Holding(300), gaps);
        Assert.Equal("1000", gaps.Single().Of);
    }

    private static UnitName Scope(int number) => new($"app-viewer-{number}.scope", 1000);

    private static HostSnapshot Holding(int programs) => new()
    {
        TakenAt = default,
        Holders =
        [
            .. Enumerable.Range(1000, programs).Select(number => new Holder
            {
                Pid = number,
                StartTime = 0,
                Name = "viewer",
                Uid = 1000,
                Unit = "user@1000.service",
                UserUnit = Scope(number).Name,
            }),
        ],
    };
}
