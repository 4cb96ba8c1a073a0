using CarbonScaling.Hardware;
using CarbonScaling.Models;
using CarbonScaling.Units;

namespace CarbonScaling.Training;

/// <summary>What is trained, on what, with which software and which parameters: everything but the plan.</summary>
public sealed record TrainingJob
{
    /// <summary>The model.</summary>
    public required Transformer Model { get; init; }

    /// <summary>Tokens to train on.</summary>
    public required Figure Tokens { get; init; }

    /// <summary>Tokens of a sequence.</summary>
    public required Figure SequenceLength { get; init; }

    /// <summary>Sequences of a step.</summary>
    public required Figure GlobalBatch { get; init; }

    /// <summary>Number format of the matrix products.</summary>
    public required NumberFormat Format { get; init; }

    /// <summary>Whether dropout is applied.</summary>
    public bool Dropout { get; init; }

    /// <summary>How tokens spread over the experts of a layer.</summary>
    public Routing Routing { get; init; } = new();

    /// <summary>In which formats training keeps what it could keep in fewer bytes.</summary>
    public Storage Storage { get; init; }

    /// <summary>The training software.</summary>
    public required Software Software { get; init; }

    /// <summary>The accelerators and their network; its device count is that of the plan.</summary>
    public required Cluster Cluster { get; init; }

    /// <summary>The parameters of the training model.</summary>
    public required ModelParameters Parameters { get; init; }
}

/// <summary>How tokens spread over the experts of a layer.</summary>
public sealed record Routing
{
    /// <summary>Load of the busiest expert-parallel rank over the mean; null where it follows from the routing's deviation.</summary>
    public Figure? Imbalance { get; init; }
}
