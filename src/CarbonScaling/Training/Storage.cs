namespace CarbonScaling.Training;

/// <summary>How quantised training keeps its weights.</summary>
public enum WeightStorage
{
    /// <summary>In 16 bits, with quantised copies beside them.</summary>
    Both,

    /// <summary>Quantised alone; the 32-bit master weights are the only others.</summary>
    Quantised,
}

/// <summary>How the optimizer keeps its two moments.</summary>
public enum MomentStorage
{
    /// <summary>In 32 bits.</summary>
    Fp32,

    /// <summary>In 16 bits.</summary>
    Bf16,
}

/// <summary>How gradients are summed and exchanged.</summary>
public enum GradientStorage
{
    /// <summary>In 32 bits.</summary>
    Fp32,

    /// <summary>In 16 bits.</summary>
    Bf16,
}

/// <summary>How the inputs of the nonlinearity wait for the backward pass.</summary>
public enum NonlinearityStorage
{
    /// <summary>In the format of the activations.</summary>
    Bf16,

    /// <summary>In 8 bits, cast back before use.</summary>
    Fp8,
}

/// <summary>In which formats training keeps what it could keep in fewer bytes.</summary>
/// <param name="Weights">Weights of quantised training.</param>
/// <param name="Moments">Moments of the optimizer.</param>
/// <param name="NonlinearityInputs">Inputs of the nonlinearity.</param>
/// <param name="Gradients">Gradients; null leaves them to the software stack.</param>
public readonly record struct Storage(
    WeightStorage Weights, MomentStorage Moments, NonlinearityStorage NonlinearityInputs, GradientStorage? Gradients = null);
