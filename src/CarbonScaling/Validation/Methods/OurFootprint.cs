using CarbonScaling.Carbon;
using CarbonScaling.Catalogs;
using CarbonScaling.Explanation;
using CarbonScaling.Hardware;
using CarbonScaling.Planning;
using CarbonScaling.Units;

namespace CarbonScaling.Validation.Methods;

/// <summary>The footprint of making a device (EMB-3), with its interval.</summary>
internal sealed class OurFootprint(Catalog catalog)
{
    /// <summary>The footprint of the accelerator of a record.</summary>
    public Prediction Of(ValidationCase record)
    {
        if (record.Facts.System is not { } system)
        {
            return Prediction.None;
        }

        TraceNode trace = Trace(system);
        double variance = Sensitivity.Elasticities(trace).Values.Sum(static input => Math.Pow(input.Elasticity * input.Input.Spread, 2));
        (double low, double high) = Intervals.Around(trace.Value, variance);
        return new(trace.Value, low, high);
    }

    private TraceNode Trace(NodeSystem system) =>
        Embodied.Accelerator(EmbodiedReader.Read(catalog, system).Lift<Traced>(system)).Value.Node;
}
