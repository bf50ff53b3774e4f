using System.Text;
using GpuTty.Host;
using GpuTty.Linux.Kernel;
using GpuTty.Planning.Checks;
using GpuTty.Tests.Linux.State;

namespace GpuTty.Tests.Linux.Kernel;

/// <summary>Which of the kernel's lines are kept as a crash for the rest of the boot.</summary>
public sealed class CrashListenerTests : StateFixture
{
    private const long Warned = 1 << 9;
    private const string Atomic = "BUG: scheduling while atomic: rmmod/2412/0x00000002";

    private long? _taint;

    [Fact]
    public void A_crash_whose_bit_follows_is_kept_and_forbids_every_write()
    {
        _taint = 1 << 12;
        var listener = Begin();
        Hear(listener, Atomic);
        _taint |= Warned;
        Hear(listener, "Call Trace:");
        Hear(listener, "WARNING: CPU: 1 PID: 2412 at kernel/sched/core.c:1 x+0x1/0x2");
        listener.End();
        Assert.Equal(new KernelCrash(Atomic, 1 << 12), KernelCrash.Find(State.Run));
        Assert.True(Host().KernelHasDied);
    }

    [Fact]
    public void Words_that_no_bit_follows_are_forgotten_at_the_next_WARNING_whose_bit_does_not_vouch_for_them()
    {
        _taint = 0;
        var listener = Begin();
        Hear(listener, Atomic);
        Assert.NotNull(KernelCrash.Find(State.Run));
        Hear(listener, "a: renamed from b");
        _taint = Warned;
        Hear(listener, "WARNING: CPU: 1 PID: 2412 at kernel/sched/core.c:1 x+0x1/0x2");
        Assert.Null(KernelCrash.Find(State.Run));
        Assert.False(Host().KernelHasDied);
        listener.End();
    }

    /// <summary>A crash whose mark a WARNING of last week has left already: it is neither forbidden nor forgotten.</summary>
    [Fact]
    public void Words_whose_bit_was_set_before_are_kept_as_what_cannot_be_told()
    {
        _taint = Warned;
        var listener = Begin();
        Hear(listener, Atomic);
        Hear(listener, "Call Trace:");
        Hear(listener, "WARNING: CPU: 1 PID: 2412 at kernel/sched/core.c:1 x+0x1/0x2");
        listener.End();
        Assert.Equal(new KernelCrash(Atomic, Warned), KernelCrash.Find(State.Run));
        Assert.Null(Host().KernelHasDied);
        var check = SwitchChecks.Kernel(Host());
        Assert.Null(check.Holds);
        Assert.Contains($"the kernel has logged \"{Atomic}\", and an earlier WARNING", check.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_words_after_a_WARNING_that_took_them_back_are_kept_as_what_cannot_be_told()
    {
        _taint = 0;
        var listener = Begin();
        Hear(listener, Atomic);
        _taint = Warned;
        Hear(listener, "WARNING: CPU: 1 PID: 2412 at kernel/sched/core.c:1 x+0x1/0x2");
        Hear(listener, Atomic);
        listener.End();
        Assert.Null(Host().KernelHasDied);
        Assert.NotNull(Host().KernelCrash);
    }

    [Fact]
    public void Words_that_no_bit_has_followed_when_the_run_ends_are_not_kept_for_the_next_one()
    {
        _taint = 1 << 12;
        var listener = Begin();
        Hear(listener, Atomic);
        listener.End();
        Assert.Null(KernelCrash.Find(State.Run));
    }

    [Fact]
    public void Where_the_bits_cannot_be_read_the_words_are_all_there_is()
    {
        var listener = Begin();
        Hear(listener, Atomic);
        listener.End();
        Assert.Equal(new KernelCrash(Atomic, null), KernelCrash.Find(State.Run));
        Assert.True(Host().KernelHasDied);
    }

    [Fact]
    public void A_program_that_writes_into_the_kernels_log_is_not_heard()
    {
        _taint = 0;
        Hear(Begin(), Atomic, priority: 8 + 1);
        Assert.Null(KernelCrash.Find(State.Run));
    }

    /// <summary>Kept by an earlier version, or by nobody knows whom.</summary>
    [Fact]
    public void A_note_of_words_that_are_no_crash_is_none()
    {
        State.Run.Replace("crash", Encoding.UTF8.GetBytes("Oops: renamed from a[#1]"));
        Assert.Null(KernelIncidents.Read(State.Run).Crash);
        State.Run.Replace("crash", Encoding.UTF8.GetBytes($"{Atomic}\ntaint before: 99999999999999999999"));
        Assert.Equal(new KernelCrash(Atomic, null), KernelIncidents.Read(State.Run).Crash);
    }

    private CrashListener Begin()
    {
        State.Ensure();
        return new CrashListener(State.Run, () => _taint);
    }

    private static void Hear(CrashListener listener, string text, int priority = 1) =>
        listener.Hear(KernelLogLine.Parse(Encoding.UTF8.GetBytes($"{priority},1,1,-;{text}"))!);

    private HostSnapshot Host()
    {
        var note = KernelCrash.Find(State.Run);
        return new HostSnapshot { TakenAt = default, Taint = _taint, KernelCrash = note?.Words, TaintBeforeCrash = note?.TaintBefore };
    }
}
