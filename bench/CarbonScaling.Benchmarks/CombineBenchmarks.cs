using BenchmarkDotNet.Attributes;
using CarbonScaling.Catalogs;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Benchmarks;

/// <summary>A plan's cost, with the layer's part at hand: the generic equations against the same formulas by hand.</summary>
public class CombineBenchmarks
{
    private const string Text = """
        model: megatron-1t
        training: { tokens: 450G, sequenceLength: 2048, globalBatchSequences: 3072 }
        cluster: { system: dgx-a100-80gb, devices: 3072 }
        plan: { tensor: 8, pipeline: 64, microBatch: 1, sharding: zero1, recompute: none, schedule: gpipe }
        site: { grid: us }
        """;

    private const double Tolerance = 1e-12;

    private Reading<Lanes> _lanes = null!;
    private Reading<Scalar> _scalar = null!;
    private Reading<Dual> _dual = null!;
    private Reading<Traced> _traced = null!;
    private HandKernel _hand = null!;

    /// <summary>Prepares the readings and holds the hand-written kernel against them.</summary>
    [GlobalSetup]
    public void Setup()
    {
        Scenario scenario = ScenarioReader.Read(Text, "benchmark", []).Scenario!;
        CarbonJob job = JobBuilder.Build(scenario, Catalog.OpenEmbedded()).Job;
        SplitPlan plan = FixedPlan.Of(scenario, job.Training);
        _lanes = new(job, plan);
        _scalar = new(job, plan);
        _dual = new(job, plan);
        _traced = new(job, plan);
        _hand = new(_lanes.Model.Inputs, _lanes.Layer);
        JobCost<Lanes> cost = _lanes.Evaluate();
        var hand = _hand.Evaluate(_lanes.Plan);
        Check(cost.Step.Duration.Value[0], hand.Step[0]);
        Check(cost.PeakMemory.Value[0], hand.Memory[0]);
        Check(cost.Footprint.Total.Value[0], hand.Carbon[0]);
    }

    /// <summary>The hand-written kernel, a vector of plans.</summary>
    [Benchmark(Baseline = true)]
    public double ByHand() => _hand.Evaluate(_lanes.Plan).Carbon[0];

    /// <summary>The generic equations, a vector of plans.</summary>
    [Benchmark]
    public double GenericLanes() => _lanes.Evaluate().Footprint.Total.Value[0];

    /// <summary>The generic equations, one plan.</summary>
    [Benchmark]
    public double GenericScalar() => _scalar.Evaluate().Footprint.Total.Value.Value;

    /// <summary>The generic equations with derivatives, one plan.</summary>
    [Benchmark]
    public double GenericDual() => _dual.Evaluate().Footprint.Total.Value.Value;

    /// <summary>The generic equations with their derivation, one plan.</summary>
    [Benchmark]
    public double GenericTraced() => _traced.Evaluate().Footprint.Total.Value.Value;

    private static void Check(double expected, double actual)
    {
        if (Math.Abs((actual / expected) - 1) > Tolerance)
        {
            throw new InvalidOperationException($"The hand-written kernel gives {actual:R}, the equations {expected:R}.");
        }
    }

    private sealed class Reading<T>
        where T : struct, IReal<T>
    {
        private readonly PlanShape _shape;
        private readonly ExchangeGroups<T> _groups;

        public Reading(CarbonJob job, SplitPlan plan)
        {
            Model = new(job);
            _shape = PlanShape.Of(plan.Plan, job.Training.Cluster.DomainSize, hasExperts: false);
            Plan = PlanInputs<T>.From(number => T.Input(new(number.ToString(), plan[number], "1", "benchmark", FigureStatus.Given)));
            Layer = Model.Layer(_shape, Plan);
            _groups = Model.Groups(_shape, Plan, Model.Links(_shape));
        }

        public JobModel<T> Model { get; }

        public PlanInputs<T> Plan { get; }

        public LayerCosts<T> Layer { get; }

        public JobCost<T> Evaluate() => Model.Combine(Layer, Plan, _shape, _groups);
    }
}
