namespace CarbonScaling.Validation.Profiles;

/// <summary>Systems of equations with a symmetric positive definite matrix, by Cholesky's decomposition.</summary>
internal static class SymmetricSystem
{
    /// <summary>The solution of A x = b.</summary>
    public static double[] Solve(double[,] matrix, double[] right)
    {
        double[,] lower = Decompose(matrix);
        int n = right.Length;
        double[] x = [.. right];
        for (int i = 0; i < n; i++)
        {
            for (int k = 0; k < i; k++)
            {
                x[i] -= lower[i, k] * x[k];
            }

            x[i] /= lower[i, i];
        }

        for (int i = n - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < n; k++)
            {
                x[i] -= lower[k, i] * x[k];
            }

            x[i] /= lower[i, i];
        }

        return x;
    }

    /// <summary>The inverse.</summary>
    public static double[,] Invert(double[,] matrix)
    {
        int n = matrix.GetLength(0);
        double[,] inverse = new double[n, n];
        for (int column = 0; column < n; column++)
        {
            double[] unit = new double[n];
            unit[column] = 1;
            double[] solved = Solve(matrix, unit);
            for (int row = 0; row < n; row++)
            {
                inverse[row, column] = solved[row];
            }
        }

        return inverse;
    }

    private static double[,] Decompose(double[,] matrix)
    {
        int n = matrix.GetLength(0);
        double[,] lower = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = matrix[i, j];
                for (int k = 0; k < j; k++)
                {
                    sum -= lower[i, k] * lower[j, k];
                }

                lower[i, j] = i == j ? Math.Sqrt(sum) : sum / lower[j, j];
            }
        }

        return lower;
    }
}
