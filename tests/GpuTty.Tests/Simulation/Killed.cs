using System.Reflection;
using GpuTty.Host;
using GpuTty.Switching;

namespace GpuTty.Tests.Simulation;

/// <summary>The process has got SIGKILL: nothing of it runs any more.</summary>
internal sealed class Killed : Exception;

/// <summary>A process that is killed at one moment of its work. Moments are counted:
/// before and after every line of the journal, before and after every call.</summary>
/// <param name="diesAt">The moment, from 0.</param>
/// <param name="isCounted">Moments are counted from the first line on for which this holds; null for the first of all.</param>
internal sealed class Victim(IHostControls host, List<RunEvent> journal, int diesAt, Func<RunEvent, bool>? isCounted = null) : IJournal
{
    private int _moment;
    private bool _isCounting = isCounted is null;

    public int Moments => _moment;
    public IHostControls Controls => CallsWatched.Of(host, Moment);

    public void Append(RunEvent entry)
    {
        if (entry is RunEvent.Waiting)
        {
            journal.Add(entry);
            return;
        }
        _isCounting |= isCounted?.Invoke(entry) == true;
        Moment();
        journal.Add(entry);
        Moment();
    }

    private void Moment()
    {
        if (_isCounting && _moment++ == diesAt) throw new Killed();
    }
}

/// <summary>Every verb, with something that happens before and after it.</summary>
public class CallsWatched : DispatchProxy
{
    private IHostControls _host = null!;
    private Action _moment = () => { };

    internal static IHostControls Of(IHostControls host, Action moment)
    {
        var proxy = Create<IHostControls, CallsWatched>();
        ((CallsWatched)(object)proxy)._host = host;
        ((CallsWatched)(object)proxy)._moment = moment;
        return proxy;
    }

    protected override object Invoke(MethodInfo? targetMethod, object?[]? args) => WatchAsync(targetMethod!, args!);

    private async Task WatchAsync(MethodInfo verb, object?[] args)
    {
        _moment();
        await (Task)verb.Invoke(_host, args)!;
        _moment();
    }
}
