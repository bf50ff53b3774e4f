using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Simulation;
using GpuTty.Tests.Linux;
using GpuTty.Tests.Switching;

namespace GpuTty.Tests.Cases;

/// <summary>The way home on the machines that people described, run by the kernel's
/// rules. Their programs are left out: who holds a card is asked elsewhere.</summary>
public sealed class StrangersMachinesHomeTests
{
    [RootFact]
    public async Task The_way_home_of_each_of_their_cards_ends_where_its_plan_says()
    {
        foreach (var name in StrangersMachine.Names)
        {
            using var stranger = StrangersMachine.Load(name);
            var host = await stranger.ReadAsync();
            foreach (var card in Card.FindAll(host))
                HomeFromAnyStateTests.Check($"{name} {card.Address}", Simulated(name, host), card.Address);
        }
    }

    private static Machine Simulated(string name, HostSnapshot host)
    {
        var offered = host.Devices
            .Select(device =>
                device with
                {
                    CandidateModules = [.. device.CandidateModules, .. device.BarredModules.Select(rule => rule.Module)],
                    BarredModules = [],
                    Nodes = [],
                    Connectors = [],
                })
            .ToList();
        var there = host.Drivers.Select(driver => new ModuleFile(driver.ModuleOrName, driver.Name)
        {
            IsBuiltIn = driver.Module is null,
            IsLoaded = driver.Module is not null,
            // Whoever has its functions by ids was there first.
            Registered = driver.Name is VfioSupport.Driver or PlaceholderDrivers.PciStub ? -1 : 0,
            DynamicIds = [.. host.ModuleSettings.Ids.Where(id => id.Driver == driver.Name)],
        }).ToList();
        var installed = offered
            .SelectMany(device => device.CandidateModules)
            .Distinct()
            .Where(module => there.All(known => known.Name != module))
            .Select(module =>
                new ModuleFile(module, KernelModules.Installed.FirstOrDefault(known => known.Name == module)?.Driver ?? module));
        return new Machine
        {
            Name = name,
            Kernel = host.Kernel,
            CommandLine = host.CommandLine,
            HasIommu = host.HasIommu,
            Devices = [.. offered],
            Modules = [.. there.DistinctBy(module => module.Name), .. installed],
            ModuleSettings = host.ModuleSettings,
        };
    }
}
