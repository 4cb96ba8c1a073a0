using CarbonScaling.Explanation;
using CarbonScaling.Models;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Planning;

/// <summary>The figures of a result by their paths, over any numeric type: estimates print them, derivations explain them.</summary>
internal static class Readings
{
    private const double SecondsPerHour = 3600;
    private const double SecondsPerDay = 86_400;
    private const double JoulesPerKilowattHour = 3.6e6;
    private const double Tera = 1e12;
    private const double Mega = 1e6;

    /// <summary>The paths, in the order of the result.</summary>
    public static IReadOnlyList<string> Paths { get; } =
    [
        "model.parameters", "model.activeParameters",
        "memory.weightsBytes", "memory.gradientsBytes", "memory.optimizerBytes", "memory.activationsBytes",
        "memory.overheadBytes", "memory.totalBytes",
        "step.seconds", "step.computeSeconds", "step.tensorCommSeconds", "step.pipelineBubbleSeconds",
        "step.pipelineCommSeconds", "step.dataCommSeconds", "step.expertCommSeconds", "step.contextCommSeconds", "step.optimizerSeconds", "step.otherSeconds",
        "step.tokensPerSecond", "step.tokensPerSecondPerDevice", "step.modelTflopsPerDevice",
        "step.hardwareTflopsPerDevice", "step.mfu", "step.hfu",
        "run.steps", "run.days", "run.deviceHours", "run.goodput", "run.lostToFailures", "run.lostToCheckpoints",
        "energy.acceleratorKwh", "energy.hostKwh", "energy.networkKwh", "energy.itKwh", "energy.facilityKwh",
        "energy.averageDeviceWatts", "energy.averageFacilityMegawatts",
        "carbon.operationalKg", "carbon.embodiedKg", "carbon.totalKg", "carbon.embodiedShare",
        "carbon.embodiedAcceleratorKg", "carbon.embodiedHostKg", "carbon.embodiedNetworkKg",
    ];

    /// <summary>One figure.</summary>
    /// <exception cref="ArgumentException">There is no such path.</exception>
    public static T Read<T>(string path, Assessment<T> result)
        where T : struct, IReal<T> => path.Split('.')[0] switch
        {
            "model" => path switch
            {
                "model.parameters" => ParameterCount.Total(result.Inputs.Model),
                "model.activeParameters" => ParameterCount.Active(result.Inputs.Model),
                _ => throw Unknown(path),
            },
            "memory" => Memory(path, result.Memory),
            "step" => Step(path, result),
            "run" => Run(path, result.Cost.Run),
            "energy" => Energy(path, result),
            "carbon" => Carbon(path, result),
            _ => throw Unknown(path),
        };

    private static T Memory<T>(string path, in MemoryUse<T> use)
        where T : struct, IReal<T> => path switch
        {
            "memory.weightsBytes" => use.Weights.Value,
            "memory.gradientsBytes" => use.Gradients.Value,
            "memory.optimizerBytes" => use.Optimizer.Value,
            "memory.activationsBytes" => use.Activations.Value,
            "memory.overheadBytes" => use.Overhead.Value,
            "memory.totalBytes" => use.Total.Value,
            _ => throw Unknown(path),
        };

    // Eq. STEP-4 to STEP-7, STEP-15 and STEP-16: the parts of the busiest stage, and what follows the passes of all stages.
    private static T Step<T>(string path, Assessment<T> result)
        where T : struct, IReal<T>
    {
        StepCost<T> step = result.Cost.Step;
        PassTime<T> busiest = result.Busiest;
        return path switch
        {
            "step.seconds" => step.Duration.Value,
            "step.computeSeconds" => busiest.Compute.Named(Equations.ComputeTime).Value,
            "step.tensorCommSeconds" => busiest.TensorCommunication.Named(Equations.TensorCommunicationTime).Value,
            "step.pipelineBubbleSeconds" => step.Bubble.Value,
            "step.pipelineCommSeconds" => step.PipelineCommunication.Value,
            "step.dataCommSeconds" => (busiest.DataCommunication + step.DataAtEnd).Named(Equations.DataCommunicationTime).Value,
            "step.expertCommSeconds" => busiest.ExpertCommunication.Named(Equations.ExpertCommunicationTime).Value,
            "step.contextCommSeconds" => busiest.ContextCommunication.Named(Equations.ContextCommunicationTime).Value,
            "step.optimizerSeconds" => step.Optimizer.Value,
            "step.otherSeconds" => (busiest.HostStall + busiest.HostCopies + step.Straggling + step.Constant).Named(Equations.OtherTime).Value,
            _ => Rate(path, result),
        };
    }

    // Eq. STEP-8 to STEP-13: tokens and FLOPs per second, and their share of the peak rate.
    private static T Rate<T>(string path, Assessment<T> result)
        where T : struct, IReal<T>
    {
        T rate = result.Inputs.GlobalBatch * result.Inputs.SequenceLength / result.Cost.Step.Duration.Value;
        T perDevice = T.Name(rate / result.Plan.Devices, Equations.TokenRatePerDevice);
        T executed = ExecutedFlops.Reported(
            result.Inputs.Model, result.Inputs.SequenceLength, result.Plan, result.Shape).Value;
        T model = result.Convention == FlopsConvention.Hardware
            ? executed
            : TokenFlops.Model(result.Inputs.Model, result.Inputs.SequenceLength, result.Convention).Value;
        T modelRate = T.Name(model * perDevice, Equations.ModelRate);
        T hardwareRate = T.Name(executed * perDevice, Equations.HardwareRate);
        T peak = result.Peak.Value;
        return path switch
        {
            "step.tokensPerSecond" => T.Name(rate, Equations.TokenRate),
            "step.tokensPerSecondPerDevice" => perDevice,
            "step.modelTflopsPerDevice" => modelRate / T.Literal(Tera),
            "step.hardwareTflopsPerDevice" => hardwareRate / T.Literal(Tera),
            "step.mfu" => T.Name(modelRate / peak, Equations.ModelUtilisation),
            "step.hfu" => T.Name(hardwareRate / peak, Equations.HardwareUtilisation),
            _ => throw Unknown(path),
        };
    }

    private static T Run<T>(string path, in RunCost<T> run)
        where T : struct, IReal<T> => path switch
        {
            "run.steps" => run.Steps,
            "run.days" => run.WallTime.Value / T.Literal(SecondsPerDay),
            "run.deviceHours" => run.DeviceTime.Value / T.Literal(SecondsPerHour),
            "run.goodput" => run.Shares.Useful,
            "run.lostToFailures" => run.Shares.Restarts + run.Shares.Rework,
            "run.lostToCheckpoints" => run.Shares.Checkpoints,
            _ => throw Unknown(path),
        };

    private static T Energy<T>(string path, Assessment<T> result)
        where T : struct, IReal<T>
    {
        JobCost<T> cost = result.Cost;
        return path switch
        {
            "energy.acceleratorKwh" => KilowattHours(cost.Energy.Accelerators),
            "energy.hostKwh" => KilowattHours(cost.Energy.Hosts),
            "energy.networkKwh" => KilowattHours(cost.Energy.Network),
            "energy.itKwh" => KilowattHours(cost.Energy.InformationTechnology),
            "energy.facilityKwh" => KilowattHours(cost.Footprint.FacilityEnergy),
            "energy.averageDeviceWatts" => cost.Energy.AverageDevice.Value,
            "energy.averageFacilityMegawatts" =>
                cost.Footprint.FacilityEnergy.Value / cost.Run.WallTime.Value / T.Literal(Mega),
            _ => throw Unknown(path),
        };
    }

    // Eq. CARBON-5 for the embodied share; parts of the embodied emissions are shared by time as their sum is.
    private static T Carbon<T>(string path, Assessment<T> result)
        where T : struct, IReal<T>
    {
        JobCost<T> cost = result.Cost;
        T share = cost.Run.DeviceTime / result.Inputs.Site.Lifetime;
        return path switch
        {
            "carbon.operationalKg" => cost.Footprint.Operational.Value,
            "carbon.embodiedKg" => cost.Footprint.Embodied.Value,
            "carbon.totalKg" => cost.Footprint.Total.Value,
            "carbon.embodiedShare" => T.Name(cost.Footprint.Embodied / cost.Footprint.Total, Equations.EmbodiedShare),
            "carbon.embodiedAcceleratorKg" => (cost.Embodied.Accelerator * share).Value,
            "carbon.embodiedHostKg" => (cost.Embodied.Host * share).Value,
            "carbon.embodiedNetworkKg" => (cost.Embodied.Network * share).Value,
            _ => throw Unknown(path),
        };
    }

    private static T KilowattHours<T>(Joules<T> energy)
        where T : struct, IReal<T> => energy.Value / T.Literal(JoulesPerKilowattHour);

    private static ArgumentException Unknown(string path) => new($"There is no figure '{path}'.", nameof(path));
}
