using GpuTty.Terminal;

namespace GpuTty.Tui;

/// <summary>Makes pictures of models. Belongs to the thread that made it.</summary>
internal interface IFrames : IDisposable
{
    Surface Draw(Model model);
}
