using CarbonScaling.Planning;
using CarbonScaling.Validation.Calibration;

namespace CarbonScaling.Validation.Methods;

/// <summary>Ordinary least squares in natural logarithms with a few covariates, and its interval for a new row.</summary>
/// <remarks>
/// The normal equations of at most four coefficients over covariates of order one are solved as they stand.
/// </remarks>
internal sealed class LogLinearFit
{
    private readonly double[] _coefficients;
    private readonly double[,] _inverse;
    private readonly double _deviation;
    private readonly int _freedom;

    private LogLinearFit(double[] coefficients, double[,] inverse, double deviation, int freedom)
    {
        _coefficients = coefficients;
        _inverse = inverse;
        _deviation = deviation;
        _freedom = freedom;
    }

    /// <summary>The coefficients, the constant first.</summary>
    public IReadOnlyList<double> Coefficients => _coefficients;

    /// <summary>Fits ln y = a + Σ b·x; null where there are too few rows, or covariates that do not vary on their own.</summary>
    /// <param name="rows">Covariates, without the constant, and the logarithm of the target.</param>
    public static LogLinearFit? Of(IReadOnlyList<(double[] X, double LogY)> rows)
    {
        if (rows.Count == 0)
        {
            return null;
        }

        int width = rows[0].X.Length + 1;
        int freedom = rows.Count - width;
        if (freedom < 1)
        {
            return null;
        }

        double[,] square = new double[width, width];
        double[] right = new double[width];
        foreach ((double[] x, double logY) in rows)
        {
            for (int i = 0; i < width; i++)
            {
                right[i] += At(x, i) * logY;
                for (int j = 0; j < width; j++)
                {
                    square[i, j] += At(x, i) * At(x, j);
                }
            }
        }

        if (PositiveDefinite.Factorise(square)?.Inverse() is not { } inverse)
        {
            return null;
        }

        double[] coefficients = [.. Enumerable.Range(0, width).Select(i => Enumerable.Range(0, width).Sum(j => inverse[i, j] * right[j]))];
        double squares = rows.Sum(row => Math.Pow(row.LogY - Value(coefficients, row.X), 2));
        return new(coefficients, inverse, Math.Sqrt(squares / freedom), freedom);
    }

    /// <summary>The logarithm of the target for a new row.</summary>
    public double Predict(double[] x) => Value(_coefficients, x);

    /// <summary>Half the width of the 90 % interval of a new row, in logarithms.</summary>
    public double HalfWidth(double[] x)
    {
        int width = _coefficients.Length;
        double leverage = 0;
        for (int i = 0; i < width; i++)
        {
            for (int j = 0; j < width; j++)
            {
                leverage += At(x, i) * _inverse[i, j] * At(x, j);
            }
        }

        return StudentQuantile95(_freedom) * _deviation * Math.Sqrt(1 + Math.Max(0, leverage));
    }

    /// <summary>The 95 % quantile of Student's distribution, by its expansion around the normal one (within 1 % from three degrees on).</summary>
    public static double StudentQuantile95(int freedom)
    {
        const double Z = Intervals.StandardDeviations;
        double z3 = Z * Z * Z;
        double z5 = z3 * Z * Z;
        double n = freedom;
        return Z + ((z3 + Z) / (4 * n)) + (((5 * z5) + (16 * z3) + (3 * Z)) / (96 * n * n));
    }

    private static double Value(double[] coefficients, double[] x)
    {
        double sum = coefficients[0];
        for (int i = 0; i < x.Length; i++)
        {
            sum += coefficients[i + 1] * x[i];
        }

        return sum;
    }

    private static double At(double[] x, int index) => index == 0 ? 1 : x[index - 1];
}
