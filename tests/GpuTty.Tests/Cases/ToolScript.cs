using GpuTty.Tests.Linux;

namespace GpuTty.Tests.Cases;

/// <summary>A tool of a machine of files, below its folder tools.</summary>
internal sealed class ToolScript(MachineTree tree, string name)
{
    public void Prints(string text) => Does($"cat <<'E'\n{text}E\n");

    public void Does(string script)
    {
        tree.File($"tools/{name}", $"#!/bin/sh\n{script}");
        File.SetUnixFileMode(tree.At($"tools/{name}"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }
}
