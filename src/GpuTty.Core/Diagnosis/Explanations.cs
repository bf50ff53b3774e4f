namespace GpuTty.Diagnosis;

/// <summary>The explanation of each thing that can be found.</summary>
public static class Explanations
{
    public static Explanation Of(DiagnosisCode code) =>
        ModuleExplanations.Of(code)
        ?? BootExplanations.Of(code)
        ?? ToolExplanations.Of(code)
        ?? UdevExplanations.Of(code)
        ?? DesktopExplanations.Of(code)
        ?? MachineExplanations.Of(code)
        ?? CardExplanations.Of(code)
        ?? GuestExplanations.Of(code)
        ?? (code == DiagnosisCode.NoLeftovers ? s_noLeftovers : throw new ArgumentOutOfRangeException(nameof(code), code, null));

    private static readonly Explanation s_noLeftovers =
        new(
            "modprobe.d, udev rules, systemd units, libvirt hooks, the settings of the initramfs, Xorg's files, "
                + "the kernel command line and the driver overrides were examined, "
                + "and nothing that other recipes leave there is in the way of a switch.",
            "gputty(1)");
}
