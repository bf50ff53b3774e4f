using GpuTty.Diagnosis;

namespace GpuTty.Tests.Diagnosis;

/// <summary>What the doctor says of the machine itself, from files as kernels write them.</summary>
public sealed class MachineFindingsTests
{
    private const string Closed = "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.14  Thu Feb 22 01:44:30 UTC 2024\nGCC version:  gcc version 13.2.0\n";
    private const string Open = "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.86.16  Release Build  (dvs-builder@U16)\n";

    [Theory]
    [InlineData(Open, "NVIDIA's open modules 570.86.16 are loaded, nvidia_drm with modeset and fbdev.")]
    [InlineData(Closed, "NVIDIA's closed modules 550.54.14 are loaded, nvidia_drm with modeset and fbdev.")]
    [InlineData("NVRM version: something else\n", null)]
    public async Task NVIDIA_s_modules_are_told_apart(string version, string? sentence)
    {
        using var machine = new RecipeMachine();
        machine.Tree.File("proc/driver/nvidia/version", version).File("sys/module/nvidia_drm/parameters/modeset", "Y\n").File("sys/module/nvidia_drm/parameters/fbdev", "Y\n");
        Assert.Equal(sentence, (await FindAsync(machine, DiagnosisCode.NvidiaDriver))?.Sentence);
    }

    [Theory]
    [InlineData("   0:  44  IR-IO-APIC    2-edge      timer\n", false)]
    [InlineData("   0:  44  IO-APIC    2-edge      timer\n", true)]
    [InlineData("  11:  10  GICv3  27 Level     arch_timer\n", false)]
    public async Task Interrupts_that_are_not_remapped_are_a_problem_where_the_IOMMU_is_on(string interrupts, bool isFound)
    {
        using var machine = new RecipeMachine();
        machine.Tree.File("proc/interrupts", interrupts);
        var found = await FindAsync(machine, DiagnosisCode.InterruptsNotRemapped);
        Assert.Equal(isFound, found is { Group: FindingGroup.Problem, Effect: SwitchEffect.Now });
    }

    [Theory]
    [InlineData(new byte[] { 6, 0, 0, 0, 1 }, "Secure Boot on")]
    [InlineData(new byte[] { 6, 0, 0, 0, 0 }, "Secure Boot off")]
    [InlineData(new byte[] { 1 }, "could not be told")]
    public async Task Secure_boot_is_what_the_firmware_s_variable_says(byte[] variable, string words)
    {
        using var machine = new RecipeMachine();
        machine.Tree.File("sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c", variable).File("sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
        Assert.Contains(words, (await FindAsync(machine, DiagnosisCode.Firmware))!.Sentence, StringComparison.Ordinal);
        Assert.Contains("(integrity)", (await FindAsync(machine, DiagnosisCode.Lockdown))!.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4\n", "16\n", "D0\n", true)]
    [InlineData("16\n", "16\n", "D0\n", false)]
    [InlineData("4\n", "16\n", "D3cold\n", false)]
    [InlineData("0\n", "16\n", "D0\n", false)]
    [InlineData("garbage\n", "255\n", "D0\n", false)]
    public async Task Lanes_are_asked_only_of_a_card_that_is_awake(string now, string most, string power, bool isFound)
    {
        using var machine = new RecipeMachine();
        machine.Tree.Attribute("0000:01:00.0", "current_link_width", now).Attribute("0000:01:00.0", "max_link_width", most).Attribute("0000:01:00.0", "power_state", power).Attribute("0000:01:00.0", "resource1_resize", "3f00\n");
        Assert.Equal(isFound, await FindAsync(machine, DiagnosisCode.PcieWidth) is { Group: FindingGroup.Attention });
        Assert.Equal(power == "D0\n", await FindAsync(machine, DiagnosisCode.ResizableBar) is not null);
    }

    [Fact]
    public async Task A_card_that_cannot_be_reset_is_named_only_where_the_kernel_tells_of_resets()
    {
        using var machine = new RecipeMachine();
        Assert.Null(await FindAsync(machine, DiagnosisCode.NoReset));
        machine.Tree.Attribute("0000:00:02.0", "reset_method", "flr\n");
        Assert.StartsWith("The kernel knows no way to reset 01:00.0 alone", (await FindAsync(machine, DiagnosisCode.NoReset))!.Sentence, StringComparison.Ordinal);
        machine.Tree.Attribute("0000:01:00.0", "reset_method", "bus\n");
        Assert.Null(await FindAsync(machine, DiagnosisCode.NoReset));
    }

    private static async Task<Finding?> FindAsync(RecipeMachine machine, DiagnosisCode code) => Findings.Of(await machine.ReadAsync()).FirstOrDefault(finding => finding.Code == code);
}
