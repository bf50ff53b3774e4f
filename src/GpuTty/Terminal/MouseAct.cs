namespace GpuTty.Terminal;

/// <summary>What was done with the mouse. Other buttons, and letting go, mean nothing here.</summary>
internal enum MouseAct
{
    Press,
    WheelUp,
    WheelDown,
}
