namespace CarbonScaling.Hardware;

/// <summary>How the devices of a scale-up domain are joined.</summary>
public enum TopologyForm
{
    /// <summary>Switches: every device reaches every other at its full bandwidth.</summary>
    Switched,

    /// <summary>Direct links between pairs: a group has the links among its members.</summary>
    Mesh,

    /// <summary>A grid whose neighbours are linked along every dimension.</summary>
    Torus,
}

/// <summary>Which dimensions of a torus close to a ring.</summary>
public enum TorusWrap
{
    /// <summary>Those that a slice takes whole: the wires are fixed.</summary>
    FullAxis,

    /// <summary>Those of 4, 8, 12 … devices: optical switches close them.</summary>
    MultiplesOfFour,
}

/// <summary>The topology of a scale-up domain.</summary>
/// <param name="Form">The form.</param>
/// <param name="Dimensions">Devices along each dimension of a torus; empty otherwise.</param>
/// <param name="Wrap">Which dimensions of a torus close to a ring.</param>
public sealed record ScaleUpTopology(TopologyForm Form, IReadOnlyList<int> Dimensions, TorusWrap Wrap)
{
    /// <summary>Switches.</summary>
    public static ScaleUpTopology Switched { get; } = new(TopologyForm.Switched, [], TorusWrap.FullAxis);

    /// <summary>Direct links between pairs.</summary>
    public static ScaleUpTopology Mesh { get; } = new(TopologyForm.Mesh, [], TorusWrap.FullAxis);
}
