using GpuTty.Host.Desktop;
using GpuTty.Linux.Worker;
using GpuTty.Switching;
using GpuTty.Tests.Linux.State;

namespace GpuTty.Tests.Linux.Worker;

public sealed class RequestFileTests : StateFixture
{
    public static TheoryData<string> Wishes => ["keep", "wait-on", "stop"];

    [Theory, MemberData(nameof(Wishes))]
    public void A_wish_is_heard_once_and_whole(string kind)
    {
        RunRequest request = kind switch
        {
            "keep" => new RunRequest.Keep(7),
            "wait-on" => new RunRequest.WaitOn(3),
            _ => new RunRequest.Stop(4, new UnitName("ollama.service", 1000)),
        };
        new RequestFile(State.Run).Write(request);
        Assert.Equal(request, new RequestFile(State.Run).Take());
        Assert.Null(new RequestFile(State.Run).Take());
    }

    [Fact]
    public void Wishes_about_an_earlier_run_are_forgotten()
    {
        new RequestFile(State.Run).Write(new RunRequest.Keep(7));
        new RequestFile(State.Run).Forget();
        Assert.Null(new RequestFile(State.Run).Take());
    }

    [Theory]
    [InlineData("")]
    [InlineData("keep it")]
    [InlineData("""{"wish":"format-the-disk","step":1}""")]
    [InlineData("""{"wish":"stop","step":1}""")]
    public void What_makes_no_sense_is_no_wish(string content)
    {
        State.Run.Replace("wish", System.Text.Encoding.UTF8.GetBytes(content));
        Assert.Null(new RequestFile(State.Run).Take());
    }

    [Fact]
    public void What_others_could_have_written_is_no_wish()
    {
        new RequestFile(State.Run).Write(new RunRequest.Keep(7));
        File.SetUnixFileMode(State.Run.PathOf("wish"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);
        Assert.Null(new RequestFile(State.Run).Take());
    }
}
