using System.Numerics;
using CarbonScaling.Hardware;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>Takes what collectives inside a scale-up domain need from the catalog and the parameters.</summary>
internal static class ScaleUpLift
{
    private const string AllGather = "allGather";
    private const string AllToAll = "allToAll";

    /// <summary>The collectives of the ranks of a group that share a domain.</summary>
    /// <param name="job">The job.</param>
    /// <param name="ranks">Ranks in a domain, at least 2.</param>
    /// <param name="stride">Devices from one rank to the next.</param>
    public static LocalLinks<T> Links<T>(TrainingJob job, int ranks, int stride)
        where T : struct, IReal<T> => new(
        Collective<T>(job, "allReduce", 2, ranks, stride),
        Collective<T>(job, AllGather, 1, ranks, stride),
        Collective<T>(job, "reduceScatter", 1, ranks, stride),
        Collective<T>(job, AllToAll, 1, ranks, stride));

    /// <summary>
    /// What a rank of a group has of the links: a ring through switches or a mesh makes a hop less than it has ranks, and
    /// every rank reaches every other directly.
    /// </summary>
    /// <param name="cluster">The cluster, whose size sets the slice of a torus.</param>
    /// <param name="ranks">Ranks in a domain.</param>
    /// <param name="stride">Devices from one rank to the next.</param>
    public static TorusSpan Span(Cluster cluster, int ranks, int stride)
    {
        NodeSystem system = cluster.System;
        switch (system.Topology.Form)
        {
            case TopologyForm.Torus:
                return TorusSlice.Of(system.Topology, Math.Min(cluster.DeviceCount, cluster.DomainSize)).Span(ranks, stride);
            case TopologyForm.Mesh:
                int[] stated = [.. system.ScaleUp.LinksOfGroup.Keys.Where(size => size <= ranks)];
                double links = stated.Length == 0 ? ranks - 1 : system.ScaleUp.LinksOfGroup[stated.Max()].Value;
                return new(links, links, ranks - 1);
            default:
                return new(1, 1, ranks - 1);
        }
    }

    private static CollectiveInputs<T> Collective<T>(TrainingJob job, string operation, double sweeps, int ranks, int stride)
        where T : struct, IReal<T>
    {
        ModelParameters parameters = job.Parameters;
        NodeSystem system = job.Cluster.System;
        string fabric = "collective." + system.ScaleUp.Id;

        // Where no all-to-all was measured, it moves what an all-gather does.
        string? measured = Measured(parameters, $"{fabric}.{operation}", ranks)
            ?? (operation == AllToAll ? Measured(parameters, $"{fabric}.{AllGather}", ranks) : null);
        if (measured is not null)
        {
            return new(
                new(T.Input(parameters[measured + ".latency"])),
                T.Input(parameters[measured + ".rootLatency"]),
                new(T.Input(parameters[measured + ".busBandwidth"])));
        }

        TorusSpan span = Span(job.Cluster, ranks, stride);
        double links = operation == AllToAll ? span.ExchangeLinks : span.Links;
        Figure own = new("placement.links", links, "1", system.ScaleUpDomain.Source, FigureStatus.Computed);
        return new(
            LinkCollectives.Latency(
                new Seconds<T>(Own("latency")), new(Own("latencyPerHop")), T.Literal(span.Hops), T.Literal(sweeps)),
            Own("rootLatency"),
            LinkCollectives.Rate(new BytesPerSecond<T>(T.Input(system.PairBandwidth!.Value)), T.Input(own), Own("efficiency")));

        T Own(string name) => T.Input(DeviceParameters.OfFabric(parameters, "collective", system, name));
    }

    // Measured at some powers of two; a group in between takes the measurement below it.
    private static string? Measured(ModelParameters parameters, string operation, int ranks)
    {
        for (int size = (int)BitOperations.RoundUpToPowerOf2((uint)ranks + 1) / 2; size > 1; size /= 2)
        {
            if (parameters.Has($"{operation}.{size}.latency"))
            {
                return $"{operation}.{size}";
            }
        }

        return null;
    }
}
