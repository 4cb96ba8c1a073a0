namespace CarbonScaling.Planning;

/// <summary>A phase of the training.</summary>
/// <param name="Name">What people call it; null where the scenario does not say.</param>
/// <param name="Tokens">Tokens.</param>
/// <param name="SequenceLength">Tokens of a sequence.</param>
/// <param name="GlobalBatchSequences">Sequences of a step.</param>
/// <param name="Plan">The plan.</param>
/// <param name="Memory">Memory of a device on the stage that needs most.</param>
/// <param name="Step">A training step.</param>
/// <param name="Run">The run.</param>
/// <param name="Energy">Its energy.</param>
/// <param name="Carbon">Its emissions.</param>
/// <param name="Pools">The same by pool, where there are several; else null.</param>
public sealed record EstimatedPhase(
    string? Name,
    double Tokens,
    long SequenceLength,
    long GlobalBatchSequences,
    EstimatedPlan Plan,
    EstimatedMemory Memory,
    EstimatedStep Step,
    EstimatedRun Run,
    EstimatedEnergy Energy,
    EstimatedCarbon Carbon,
    IReadOnlyList<EstimatedPool>? Pools);
