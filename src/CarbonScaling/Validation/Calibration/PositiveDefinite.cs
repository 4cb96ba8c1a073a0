namespace CarbonScaling.Validation.Calibration;

/// <summary>A symmetric positive definite matrix, factorised after Cholesky: A = L·Lᵀ.</summary>
/// <remarks>
/// Some fifty rows at most, so that a plain factorisation takes less time than reading one record; a package of linear
/// algebra would be the largest dependency of the library.
/// </remarks>
internal sealed class PositiveDefinite
{
    /// <summary>Share of a diagonal element below which what is left of it is rounding: the row depends on those before it.</summary>
    private const double LeastPivot = 1e-12;

    private readonly double[,] _lower;

    private PositiveDefinite(double[,] lower) => _lower = lower;

    private int Size => _lower.GetLength(0);

    /// <summary>Factorises.</summary>
    /// <param name="matrix">The matrix; its lower triangle is read.</param>
    /// <returns>The factorised matrix, or null where it is not positive definite.</returns>
    public static PositiveDefinite? Factorise(double[,] matrix)
    {
        int size = matrix.GetLength(0);
        double[,] lower = new double[size, size];
        for (int row = 0; row < size; row++)
        {
            for (int column = 0; column <= row; column++)
            {
                double rest = matrix[row, column];
                for (int k = 0; k < column; k++)
                {
                    rest -= lower[row, k] * lower[column, k];
                }

                if (row != column)
                {
                    lower[row, column] = rest / lower[column, column];
                }
                else if (rest > LeastPivot * matrix[row, row] && double.IsFinite(rest))
                {
                    lower[row, row] = Math.Sqrt(rest);
                }
                else
                {
                    return null;
                }
            }
        }

        return new(lower);
    }

    /// <summary>The x of A·x = b.</summary>
    public double[] Solve(ReadOnlySpan<double> right)
    {
        double[] x = right.ToArray();
        for (int row = 0; row < Size; row++)
        {
            for (int k = 0; k < row; k++)
            {
                x[row] -= _lower[row, k] * x[k];
            }

            x[row] /= _lower[row, row];
        }

        for (int row = Size - 1; row >= 0; row--)
        {
            for (int k = row + 1; k < Size; k++)
            {
                x[row] -= _lower[k, row] * x[k];
            }

            x[row] /= _lower[row, row];
        }

        return x;
    }

    /// <summary>The inverse, symmetric to the last bit.</summary>
    public double[,] Inverse()
    {
        double[,] inverse = new double[Size, Size];
        double[] unit = new double[Size];
        for (int column = 0; column < Size; column++)
        {
            unit[column] = 1;
            double[] solved = Solve(unit);
            unit[column] = 0;
            for (int row = column; row < Size; row++)
            {
                inverse[row, column] = solved[row];
                inverse[column, row] = solved[row];
            }
        }

        return inverse;
    }
}
