namespace CarbonScaling.Hardware;

/// <summary>The number format of the matrix products of training.</summary>
public enum NumberFormat
{
    /// <summary>bfloat16, with 32-bit master weights.</summary>
    Bf16,

    /// <summary>IEEE half precision, with 32-bit master weights.</summary>
    Fp16,

    /// <summary>8-bit floating point for the matrix products of the layers; the head and attention stay 16-bit.</summary>
    Fp8,

    /// <summary>IEEE single precision throughout.</summary>
    Fp32,
}
