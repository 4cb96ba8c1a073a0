using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>How many ranks split one copy of the state of a parameter.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Common">Of everything but routed experts.</param>
/// <param name="Experts">Of routed experts.</param>
public readonly record struct StateRanks<T>(T Common, T Experts)
    where T : struct, IReal<T>
{
    /// <summary>The ranks of a plan: all that hold the same parameters, or with hybrid sharding a group of them.</summary>
    public static StateRanks<T> Of(in PlanInputs<T> plan, in PlanShape shape)
    {
        if (shape.Sharding != Sharding.Hsdp)
        {
            return new(plan.Copies(shape), plan.ExpertData(shape));
        }

        T copies = plan.Copies(shape) / plan.ShardGroup;
        return new(plan.ShardGroup, T.Max(T.Literal(1), plan.ExpertData(shape) / copies));
    }
}
