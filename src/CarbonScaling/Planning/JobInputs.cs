using CarbonScaling.Carbon;
using CarbonScaling.Energy;
using CarbonScaling.Hardware;
using CarbonScaling.Models;
using CarbonScaling.Training;
using CarbonScaling.Units;

namespace CarbonScaling.Planning;

/// <summary>All numbers of a job that do not depend on the plan, as inputs of the equations.</summary>
/// <typeparam name="T">The numeric type.</typeparam>
/// <param name="Model">Dimensions of the model.</param>
/// <param name="Tokens">Tokens to train on.</param>
/// <param name="SequenceLength">Tokens of a sequence.</param>
/// <param name="GlobalBatch">Sequences of a step.</param>
/// <param name="Machine">The device and the software.</param>
/// <param name="State">Bytes of weights, gradients and optimizer state.</param>
/// <param name="Overhead">Memory beside them and the activations.</param>
/// <param name="Reliability">Failures and checkpoints; null where nothing fails and nothing is saved.</param>
/// <param name="Power">What the devices draw.</param>
/// <param name="Site">Where the job runs.</param>
/// <param name="Embodied">What making the hardware emits.</param>
public sealed record JobInputs<T>(
    TransformerShape<T> Model,
    T Tokens,
    T SequenceLength,
    T GlobalBatch,
    MachineInputs<T> Machine,
    StateBytes<T> State,
    OverheadInputs<T> Overhead,
    ReliabilityInputs<T>? Reliability,
    PowerInputs<T> Power,
    SiteInputs<T> Site,
    EmbodiedInputs<T> Embodied)
    where T : struct, IReal<T>
{
    /// <summary>The numbers of a job.</summary>
    public static JobInputs<T> Lift(CarbonJob job)
    {
        TrainingJob training = job.Training;
        ModelParameters parameters = training.Parameters;
        NodeSystem system = training.Cluster.System;
        TransformerShape<T> shape = training.Model.Lift<T>();
        MachineInputs<T> machine = MachineLift.Machine<T>(training);
        return new(
            shape,
            T.Input(training.Tokens),
            T.Input(training.SequenceLength),
            T.Input(training.GlobalBatch),
            machine,
            StateOf(training, machine.Stack.GradientBytes),
            new(
                new(T.Input(parameters["memory.overhead.context"])),
                new(T.Input(parameters["memory.overhead.communicator"])),
                T.Input(parameters["memory.fragmentation"])),
            ReliabilityOf(job, ParameterCount.Total(shape)),
            PowerLift.Power<T>(system, parameters),
            new(
                new(T.Input(job.Site.CarbonIntensity)),
                T.Input(job.Site.PowerUsageEffectiveness),
                new(T.Input(job.Site.Lifetime))),
            job.Embodied.Lift<T>(system));
    }

    // Mixed precision keeps a 16-bit weight and a 32-bit master weight with two moments, and the quantised weight if any,
    // which may stand in for the 16-bit one.
    private static StateBytes<T> StateOf(TrainingJob job, Bytes<T> gradient)
    {
        if (job.Format == NumberFormat.Fp32)
        {
            return new(new(T.Literal(4)), gradient, new(T.Literal(8)));
        }

        double quantised = job.Format.QuantisedWeightBytes(job.Cluster.System.Accelerator.Generation);
        bool alone = quantised > 0 && job.Storage.Weights == WeightStorage.Quantised;
        double moments = job.Storage.Moments == MomentStorage.Bf16 ? 4 : 8;
        return new(new(T.Literal(alone ? quantised : 2 + quantised)), gradient, new(T.Literal(4 + moments)));
    }

    private static ReliabilityInputs<T>? ReliabilityOf(CarbonJob job, T modelParameters)
    {
        if (job.Reliability is not { } policy)
        {
            return null;
        }

        Bytes<T> perParameter = new(T.Input(job.Training.Parameters["checkpoint.bytesPerParameter"]));
        return new(
            T.Input(policy.FailureRate),
            new(T.Input(policy.Restart)),
            perParameter * modelParameters,
            new(T.Input(policy.StorageRate)),
            new(T.Input(job.Training.Cluster.System.HostLinkBandwidth)));
    }
}
