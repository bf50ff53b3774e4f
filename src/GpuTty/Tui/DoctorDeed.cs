using GpuTty.Diagnosis;
using GpuTty.Host;

namespace GpuTty.Tui;

/// <summary>What the screen wants of the doctor.</summary>
internal abstract record DoctorDeed
{
    /// <summary>Look at the machine, and say what is found.</summary>
    public sealed record Examine : DoctorDeed;

    /// <summary>Show what would be changed.</summary>
    /// <param name="Code">Of these findings alone; null for all.</param>
    public sealed record Offer(string? Code) : DoctorDeed;

    public sealed record Fix(FixOffer Offered) : DoctorDeed;
}

/// <summary>What came of it.</summary>
internal abstract record DoctorNews
{
    public sealed record Examined(DiagnosisPage Page) : DoctorNews;

    /// <summary>The machine could not be looked at.</summary>
    public sealed record Failed(string Problem) : DoctorNews;

    public sealed record Offered(FixOffer Offer) : DoctorNews;
}

/// <summary>Carries out what the screen wants of the doctor: looks of its own, beside those that the screen is drawn from.</summary>
/// <param name="tell">A sentence, and whether it is about trouble.</param>
internal sealed class DoctorEffects(IHostReader reader, IDoctor doctor, Action<Msg> post, Action<string, bool> tell)
{
    public async Task PerformAsync(DoctorDeed deed, CancellationToken cancel)
    {
        try
        {
            if (deed is DoctorDeed.Fix fix)
            {
                try
                {
                    tell(await doctor.FixAsync(fix.Offered, cancel), false);
                }
                catch (HostException failed)
                {
                    tell($"{failed.Message} {failed.Remedy}", true);
                }
            }
            var host = await reader.ReadAsync(doctor.Needs, null, cancel);
            post(new Msg.DoctorSaid(deed is DoctorDeed.Offer offer
                ? new DoctorNews.Offered(doctor.Offer(host, offer.Code))
                : new DoctorNews.Examined(doctor.Examine(host))));
        }
        catch (HostException unreadable)
        {
            post(new Msg.DoctorSaid(new DoctorNews.Failed($"{unreadable.Message} {unreadable.Remedy}")));
        }
    }
}
