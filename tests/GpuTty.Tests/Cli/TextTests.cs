namespace GpuTty.Tests.Cli;

/// <summary>What people read, line by line.</summary>
public sealed class TextTests
{
    [Theory]
    [InlineData("desktop")]
    [InlineData("kept-off")]
    [InlineData("no-iommu")]
    [InlineData("vm-running")]
    public void Status(string machine) => Snapshots.Verify(Gputty.On(machine).Run("status").Out, machine);

    [Theory]
    [InlineData("desktop", "plan", "vm", "--end-sessions")]
    [InlineData("kept-off", "plan", "vm")]
    public void Plan(string machine, params string[] args) => Snapshots.Verify(Gputty.On(machine).Run(args).Out, machine);

    [Fact]
    public void Groups() => Snapshots.Verify(Gputty.On("shared-group").Run("groups").Out);

    [Theory]
    [InlineData("stubborn")]
    [InlineData("vm-running")]
    public void Holders(string machine) => Snapshots.Verify(Gputty.On(machine).Run("holders").Out, machine);

    [Theory]
    [InlineData("desktop")]
    [InlineData("shared-group")]
    [InlineData("no-iommu")]
    public void Doctor(string machine) => Snapshots.Verify(Gputty.On(machine).Run("doctor").Out, machine);

    [Fact]
    public void Devices() => Snapshots.Verify(Gputty.On("laptop").Run("devices").Out);

    [Fact]
    public void Cards_only() => Snapshots.Verify(Gputty.On("laptop").Run("devices", "--cards").Out);

    [Fact]
    public void A_run_from_begin_to_end() => Snapshots.Verify(Gputty.On("desktop").Run("switch", "vm", "--yes", "--end-sessions").Out);
}
