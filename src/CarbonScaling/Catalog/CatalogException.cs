namespace CarbonScaling.Catalogs;

/// <summary>The catalog lacks what was asked for, or holds what it must not; the message is one line for the user.</summary>
public sealed class CatalogException : Exception
{
    /// <summary>Creates one without a message.</summary>
    public CatalogException()
    {
    }

    /// <summary>Creates one with a message.</summary>
    public CatalogException(string message)
        : base(message)
    {
    }

    /// <summary>Creates one with a message and its cause.</summary>
    public CatalogException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
