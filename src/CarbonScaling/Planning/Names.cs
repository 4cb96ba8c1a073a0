using CarbonScaling.Hardware;
using CarbonScaling.Models;
using CarbonScaling.Scenarios.Reading;
using CarbonScaling.Training;

namespace CarbonScaling.Planning;

/// <summary>The words for choices in results: those of the scenario file.</summary>
internal static class Names
{
    public static string Of(NumberFormat format) => Vocabulary.Precisions.NameOf(format);

    public static string Of(Sharding sharding) => Vocabulary.Shardings.NameOf(sharding);

    public static string Of(RecomputePlan recompute) => recompute switch
    {
        { IsNamed: true } => Vocabulary.Recomputations.NameOf(recompute),
        { Layers: > 0 } => $"{recompute.Layers} layers",
        _ => string.Join(" + ", Enum.GetValues<RecomputeModules>()
            .Where(module => module != RecomputeModules.None && recompute.Modules.HasFlag(module))
            .Select(Vocabulary.RecomputeModules.NameOf)),
    };

    public static string Of(Offload offload) => offload == Offload.None
        ? "none"
        : string.Join(" + ", Enum.GetValues<Offload>()
            .Where(part => part != Offload.None && offload.HasFlag(part))
            .Select(Vocabulary.Offloads.NameOf));

    public static string Of(PipelineScheduleKind schedule) => Vocabulary.Schedules.NameOf(schedule);

    public static string Of(PoolForm form) => Vocabulary.PoolForms.NameOf(form);

    public static string Of(AttentionKernel kernel) => Vocabulary.AttentionKernels.NameOf(new(kernel));

    public static string Of(FlopsConvention convention) => convention switch
    {
        FlopsConvention.Hardware => "hardware",
        FlopsConvention.ModelCausal => "model-causal",
        FlopsConvention.Parameters => "parameters",
        _ => "model-full",
    };
}
