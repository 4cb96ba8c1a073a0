using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Planning.Search;

/// <summary>Candidates of one shape, gathered until they fill the lanes of a vector.</summary>
internal sealed class LaneBatch
{
    private static readonly int NumberCount = Enum.GetValues<PlanNumber>().Length;

    private readonly SplitPlan[] _plans = new SplitPlan[Lanes.Count];
    private readonly double[] _numbers = new double[NumberCount * Lanes.Count];
    private readonly Func<PlanNumber, Lanes> _load;
    private readonly PlanShape _shape;
    private ExchangeLinks<Lanes>? _links;

    /// <summary>Makes an empty batch.</summary>
    /// <param name="shape">The shape of its candidates.</param>
    public LaneBatch(in PlanShape shape)
    {
        _shape = shape;
        _load = number => Lanes.Load(_numbers.AsSpan((int)number * Lanes.Count, Lanes.Count));
    }

    /// <summary>Candidates in the batch.</summary>
    public int Count { get; private set; }

    /// <summary>Whether every lane is taken.</summary>
    public bool IsFull => Count == Lanes.Count;

    /// <summary>A candidate.</summary>
    public ref readonly SplitPlan this[int lane] => ref _plans[lane];

    /// <summary>Adds a candidate.</summary>
    public void Add(in SplitPlan plan) => _plans[Count++] = plan;

    /// <summary>Empties the batch.</summary>
    public void Clear() => Count = 0;

    /// <summary>Evaluates the candidates; lanes without one repeat the last.</summary>
    public JobCost<Lanes> Evaluate(JobModel<Lanes> model, LayerCosts<Lanes> layer)
    {
        for (int number = 0; number < NumberCount; number++)
        {
            for (int lane = 0; lane < Lanes.Count; lane++)
            {
                _numbers[(number * Lanes.Count) + lane] = _plans[Math.Min(lane, Count - 1)][(PlanNumber)number];
            }
        }

        PlanInputs<Lanes> plan = PlanInputs<Lanes>.From(_load);
        return model.Combine(layer, plan, _shape, model.Groups(_shape, plan, _links ??= model.Links(_shape)));
    }
}
