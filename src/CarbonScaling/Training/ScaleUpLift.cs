using System.Numerics;
using CarbonScaling.Hardware;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Takes what collectives inside a scale-up domain need from the catalog and the parameters.</summary>
internal static class ScaleUpLift
{
    /// <summary>The collectives of the ranks of a group that share a domain.</summary>
    /// <param name="job">The job.</param>
    /// <param name="ranks">Ranks in a domain, at least 2.</param>
    /// <param name="stride">Devices from one rank to the next.</param>
    public static LocalLinks<T> Links<T>(TrainingJob job, int ranks, int stride)
        where T : struct, IReal<T> => new(
        Collective<T>(job, "allReduce", 2, ranks, stride),
        Collective<T>(job, "allGather", 1, ranks, stride),
        Collective<T>(job, "reduceScatter", 1, ranks, stride),
        Collective<T>(job, AllToAll(job), 1, ranks, stride));

    /// <summary>
    /// The links that a rank of a group has to itself, and the hops of a sweep: a ring through switches or a mesh makes a hop
    /// less than it has ranks.
    /// </summary>
    /// <param name="cluster">The cluster, whose size sets the slice of a torus.</param>
    /// <param name="ranks">Ranks in a domain.</param>
    /// <param name="stride">Devices from one rank to the next.</param>
    public static (double Links, int Hops) Span(Cluster cluster, int ranks, int stride)
    {
        NodeSystem system = cluster.System;
        switch (system.Topology.Form)
        {
            case TopologyForm.Torus:
                return TorusSlice.Of(system.Topology, Math.Min(cluster.DeviceCount, cluster.DomainSize)).Span(ranks, stride);
            case TopologyForm.Mesh:
                int[] stated = [.. system.ScaleUp.LinksOfGroup.Keys.Where(size => size <= ranks)];
                return (stated.Length == 0 ? ranks - 1 : system.ScaleUp.LinksOfGroup[stated.Max()].Value, ranks - 1);
            default:
                return (1, ranks - 1);
        }
    }

    // Where no all-to-all was measured, it moves what an all-gather does.
    private static string AllToAll(TrainingJob job) =>
        job.Parameters.Has($"collective.{job.Cluster.System.ScaleUp.Id}.allToAll.2.latency") ? "allToAll" : "allGather";

    private static CollectiveInputs<T> Collective<T>(TrainingJob job, string operation, double sweeps, int ranks, int stride)
        where T : struct, IReal<T>
    {
        ModelParameters parameters = job.Parameters;
        NodeSystem system = job.Cluster.System;
        string fabric = "collective." + system.ScaleUp.Id;

        // Measured at some powers of two; a group in between takes the measurement below it.
        int measured = (int)BitOperations.RoundUpToPowerOf2((uint)ranks + 1) / 2;
        while (measured > 1 && !parameters.Has($"{fabric}.{operation}.{measured}.latency"))
        {
            measured /= 2;
        }

        if (measured > 1)
        {
            string prefix = $"{fabric}.{operation}.{measured}";
            return new(
                new(T.Input(parameters[prefix + ".latency"])),
                T.Input(parameters[prefix + ".rootLatency"]),
                new(T.Input(parameters[prefix + ".busBandwidth"])));
        }

        (double links, int hops) = Span(job.Cluster, ranks, stride);
        Figure own = new("placement.links", links, "1", system.ScaleUpDomain.Source, FigureStatus.Computed);
        return new(
            LinkCollectives.Latency(
                new Seconds<T>(Own("latency")), new(Own("latencyPerHop")), T.Literal(hops), T.Literal(sweeps)),
            Own("rootLatency"),
            LinkCollectives.Rate(new BytesPerSecond<T>(T.Input(system.PairBandwidth!.Value)), T.Input(own), Own("efficiency")));

        T Own(string name) => T.Input(DeviceParameters.OfFabric(parameters, "collective", system, name));
    }
}
