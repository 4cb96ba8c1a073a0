using CarbonScaling.Hardware;
using CarbonScaling.Training;

namespace CarbonScaling.Planning;

/// <summary>Whether pools differ in anything but their size.</summary>
internal static class PoolKinds
{
    /// <summary>Whether all pools are of one system and one network.</summary>
    public static bool AreAlike(IReadOnlyList<CarbonJob> jobs)
    {
        Cluster first = jobs[0].Training.Cluster;
        return jobs.All(job =>
            job.Training.Cluster.System.Id == first.System.Id
            && job.Training.Cluster.System.NicBandwidth.Value.Equals(first.System.NicBandwidth.Value)
            && job.Training.Cluster.DomainSize == first.DomainSize
            && job.Training.Cluster.Oversubscription.Value.Equals(first.Oversubscription.Value)
            && job.Training.Cluster.Contention.Value.Equals(first.Contention.Value));
    }

    /// <summary>Whether they are, and all stages are as far from each other inside a pool as between pools.</summary>
    public static bool AreJoinedAlike(IReadOnlyList<CarbonJob> jobs, IReadOnlyList<PlanShape> shapes) =>
        AreAlike(jobs) && shapes.All(static shape => shape.Transfer == FabricTier.ScaleOut);
}
