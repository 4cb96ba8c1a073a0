namespace CarbonScaling.Validation.Methods;

/// <summary>Ordinary least squares in natural logarithms with a few covariates, and its interval for a new row.</summary>
/// <remarks>
/// The normal equations of at most four coefficients over covariates of order one are solved as they stand: a library of linear
/// algebra would be larger than the rest of the package, and no more exact here.
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

        if (Inverse(square) is not { } inverse)
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
        const double Z = 1.6448536269514722;
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

    // Gauss-Jordan with the largest pivot; null where a pivot is lost to rounding.
    private static double[,]? Inverse(double[,] matrix)
    {
        int n = matrix.GetLength(0);
        double[,] left = (double[,])matrix.Clone();
        double[,] right = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            right[i, i] = 1;
        }

        for (int column = 0; column < n; column++)
        {
            int pivot = Enumerable.Range(column, n - column).MaxBy(row => Math.Abs(left[row, column]));
            if (Math.Abs(left[pivot, column]) < 1e-10 * Math.Max(1, Math.Abs(matrix[column, column])))
            {
                return null;
            }

            Swap(left, pivot, column);
            Swap(right, pivot, column);
            double scale = 1 / left[column, column];
            for (int j = 0; j < n; j++)
            {
                left[column, j] *= scale;
                right[column, j] *= scale;
            }

            for (int row = 0; row < n; row++)
            {
                double factor = left[row, column];
                if (row == column || factor == 0)
                {
                    continue;
                }

                for (int j = 0; j < n; j++)
                {
                    left[row, j] -= factor * left[column, j];
                    right[row, j] -= factor * right[column, j];
                }
            }
        }

        return right;
    }

    private static void Swap(double[,] matrix, int first, int second)
    {
        if (first == second)
        {
            return;
        }

        for (int j = 0; j < matrix.GetLength(1); j++)
        {
            (matrix[first, j], matrix[second, j]) = (matrix[second, j], matrix[first, j]);
        }
    }
}
