namespace CarbonScaling.Hardware;

/// <summary>What follows from a number format alone.</summary>
public static class NumberFormatTraits
{
    // Bytes of an element with its share of a scale.
    private const double OneByteWithFloatScalePer128 = 1 + (4.0 / 128);
    private const double OneByteWithByteScalePer32 = 1 + (1.0 / 32);
    private const double HalfByteWithByteScalePer16 = 0.5 + (1.0 / 16);

    /// <summary>The name of its peak rate in an accelerator's entry, after <c>peak.</c>.</summary>
    public static string PeakName(this NumberFormat format) => format switch
    {
        NumberFormat.Bf16 => "bf16",
        NumberFormat.Fp16 => "fp16",
        NumberFormat.Fp32 => "fp32",
        NumberFormat.Fp8Block => "fp8-block",
        NumberFormat.MxFp8 => "mxfp8",
        NumberFormat.NvFp4 => "nvfp4",
        _ => "fp8",
    };

    /// <summary>The name by which parameters know products in it: both 16-bit formats share one.</summary>
    public static string ParameterName(this NumberFormat format) =>
        format is NumberFormat.Bf16 or NumberFormat.Fp16 ? "16bit" : format.PeakName();

    /// <summary>Bytes of an element of an operand, scales included.</summary>
    public static double OperandBytes(this NumberFormat format) => format switch
    {
        NumberFormat.Fp32 => 4,
        NumberFormat.Fp8 => 1,
        NumberFormat.Fp8Block => OneByteWithFloatScalePer128,
        NumberFormat.MxFp8 => OneByteWithByteScalePer32,
        NumberFormat.NvFp4 => HalfByteWithByteScalePer16,
        _ => 2,
    };

    /// <summary>Bytes of an element of a result: quantised products give 16 bits.</summary>
    public static double ResultBytes(this NumberFormat format) => format == NumberFormat.Fp32 ? 4 : 2;

    /// <summary>Whether the operands are quantised from 16 bits before a product.</summary>
    public static bool IsQuantised(this NumberFormat format) => format.OperandBytes() < 2;

    /// <summary>
    /// Bytes of the quantised copies of a weight that training keeps; 0 where the weight itself is the operand. Products of
    /// Hopper and Ada take an 8-bit operand in one layout only, and scales per block run along one dimension, so that a
    /// second copy serves the backward products; a scale per tensor elsewhere needs one.
    /// </summary>
    /// <param name="format">The format.</param>
    /// <param name="generation">Generation of the device.</param>
    public static double QuantisedWeightBytes(this NumberFormat format, string generation)
    {
        if (!format.IsQuantised())
        {
            return 0;
        }

        bool oneCopy = format == NumberFormat.Fp8 && generation is not ("hopper" or "ada");
        return format.OperandBytes() * (oneCopy ? 1 : 2);
    }
}
