using CarbonScaling.Scenarios;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Planning;

/// <summary>The numbers of a plan as figures that say who chose them.</summary>
/// <param name="scenario">The scenario, or that of a phase.</param>
/// <param name="chosen">Whether a search chose what the scenario leaves open.</param>
internal sealed class PlanFigures(Scenario scenario, bool chosen)
{
    /// <summary>A number of a plan on one pool, or of the whole of a plan on several.</summary>
    public Figure Of(in SplitPlan plan, PlanNumber number)
    {
        if (number == PlanNumber.HeldStages && !plan.Span.IsPart)
        {
            return Of(plan, PlanNumber.Pipeline);
        }

        string path = number == PlanNumber.Devices ? "cluster.devices" : "plan." + FieldOf(number);
        string name = scenario.FigureName(path);
        if (!scenario.IsGiven(path) && !chosen && IsOfScript(number))
        {
            return new(name, plan[number], "1", scenario.Model!.Imported!.Id, FigureStatus.Given);
        }

        FigureStatus status = IsGiven(path, number) ? FigureStatus.Given : chosen ? FigureStatus.Computed : FigureStatus.Default;
        string source = status == FigureStatus.Given ? ScenarioFigures.Given : chosen ? "search" : ScenarioFigures.Derived;
        return new(name, plan[number], "1", source, status);
    }

    /// <summary>A number of the part of a plan in one of several pools, whose name tells the pool where the pools differ in it.</summary>
    public Figure Of(PoolPlan pool, PlanNumber number)
    {
        Figure figure = Of(pool.Plan, number);
        return number is PlanNumber.MicroBatches or PlanNumber.FirstLayers or PlanNumber.MiddleLayers or PlanNumber.LastLayers
            or PlanNumber.MiddleLayerTotal or PlanNumber.LeadingLayers or PlanNumber.RecomputedLayers or PlanNumber.HeldStages
            ? figure with { Name = $"{scenario.FigureName("plan." + FieldOf(number))} of {scenario.Cluster.Pools[pool.Pool].Path}" }
            : figure;
    }

    // The devices of several pools are given one by one.
    private bool IsGiven(string path, PlanNumber number) =>
        scenario.IsGiven(path) || (number == PlanNumber.Devices && scenario.Cluster.Pools.Count > 1);

    // What a launch script says beside its model.
    private bool IsOfScript(PlanNumber number) => scenario.Model?.Megatron is { MicroBatch: not null } && number
        is PlanNumber.Tensor or PlanNumber.Context or PlanNumber.Pipeline or PlanNumber.VirtualStages
        or PlanNumber.Expert or PlanNumber.ExpertTensor or PlanNumber.MicroBatch;

    private static string FieldOf(PlanNumber number)
    {
        string name = number.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
