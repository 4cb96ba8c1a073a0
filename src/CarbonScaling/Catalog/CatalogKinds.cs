namespace CarbonScaling.Catalogs;

/// <summary>The kinds of entry that the embedded catalog holds.</summary>
public static class CatalogKinds
{
    /// <summary>Architectures of published language models.</summary>
    public const string Models = "models";

    /// <summary>Accelerators, each one device as a framework sees it.</summary>
    public const string Accelerators = "accelerators";

    /// <summary>Nodes: accelerators with their host and links.</summary>
    public const string Systems = "systems";

    /// <summary>Fabrics that join devices, inside a scale-up domain or between nodes.</summary>
    public const string Fabrics = "fabrics";

    /// <summary>Carbon intensities of electricity by place.</summary>
    public const string Grids = "grids";

    /// <summary>What making a part emits.</summary>
    public const string Embodied = "embodied";

    /// <summary>Published scaling laws.</summary>
    public const string Laws = "laws";

    /// <summary>The tunable numbers of the training model.</summary>
    public const string Calibration = "calibration";

    /// <summary>What is fitted to measurements, and how.</summary>
    public const string Fits = "fits";
}
