namespace CarbonScaling.Hardware;

/// <summary>
/// The number format of the matrix products of training. In the 8-bit and 4-bit formats the head and attention stay
/// 16-bit and a 16-bit weight is kept beside the 32-bit master weight.
/// </summary>
public enum NumberFormat
{
    /// <summary>bfloat16, with 32-bit master weights.</summary>
    Bf16,

    /// <summary>IEEE half precision, with 32-bit master weights.</summary>
    Fp16,

    /// <summary>8-bit floating point with one scale per tensor.</summary>
    Fp8,

    /// <summary>IEEE single precision throughout.</summary>
    Fp32,

    /// <summary>8-bit floating point with 32-bit scales per 1×128 elements of activations and 128×128 of weights.</summary>
    Fp8Block,

    /// <summary>8-bit floating point of the Open Compute Project's microscaling formats: an 8-bit scale per 32 elements.</summary>
    MxFp8,

    /// <summary>4-bit floating point with an 8-bit scale per 16 elements.</summary>
    NvFp4,
}
