namespace CarbonScaling.Training;

/// <summary>What pools of different accelerators share out among themselves.</summary>
public enum PoolForm
{
    /// <summary>The batch: each pool holds whole replicas of the model and takes its share of the sequences.</summary>
    Data,

    /// <summary>The pipeline: each pool holds some of the stages of every replica.</summary>
    Pipeline,
}
