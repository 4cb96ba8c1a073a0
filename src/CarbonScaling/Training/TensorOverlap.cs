namespace CarbonScaling.Training;

/// <summary>How the communication of tensor-parallel ranks is hidden behind the matrix products that it feeds.</summary>
public enum TensorOverlap
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>The product is cut in as many pieces as ranks, and each piece runs while the next one goes round a ring.</summary>
    Ring,

    /// <summary>The collective is cut in pieces, each of which runs beside the product of the one before.</summary>
    Pipe,
}
