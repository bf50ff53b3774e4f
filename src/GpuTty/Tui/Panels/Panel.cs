namespace GpuTty.Tui.Panels;

/// <summary>The parts of the overview, numbered as their keys.</summary>
internal enum Panel { Cards = 1, Groups, Drivers, Holders, Desktop, Log }
