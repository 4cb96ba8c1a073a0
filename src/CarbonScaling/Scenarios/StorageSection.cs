using CarbonScaling.Scenarios.Reading;
using CarbonScaling.Training;

namespace CarbonScaling.Scenarios;

/// <summary>In which formats training keeps what it could keep in fewer bytes.</summary>
public sealed record StorageSection
{
    /// <summary>Weights of quantised training; null keeps 16-bit weights beside the quantised ones.</summary>
    public WeightStorage? Weights { get; init; }

    /// <summary>The moments of the optimizer; null keeps 32 bits.</summary>
    public MomentStorage? Moments { get; init; }

    /// <summary>Inputs of the nonlinearity kept for the backward pass; null keeps 16 bits.</summary>
    public NonlinearityStorage? NonlinearityInputs { get; init; }

    /// <summary>The sum of gradients and what ranks exchange of it; null leaves both to the software stack.</summary>
    public GradientStorage? Gradients { get; init; }

    internal static StorageSection Read(FieldMap map)
    {
        var section = new StorageSection
        {
            Weights = map.Choice("weights", Vocabulary.WeightStorages),
            Moments = map.Choice("moments", Vocabulary.MomentStorages),
            NonlinearityInputs = map.Choice("nonlinearityInputs", Vocabulary.NonlinearityStorages),
            Gradients = map.Choice("gradients", Vocabulary.GradientStorages),
        };
        map.Close();
        return section;
    }
}
