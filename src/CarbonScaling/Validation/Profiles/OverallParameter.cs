using System.Text.RegularExpressions;
using CarbonScaling.Hardware;

namespace CarbonScaling.Validation.Profiles;

/// <summary>An overall parameter of a cluster: a multiplier of a family of parameters of the model.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Spread">Standard deviation of its logarithm before any measurement.</param>
/// <param name="Names">The family, as an expression over names.</param>
/// <remarks>
/// Few and wide: from three to ten measured steps a handful can be told apart, not every kernel and collective. What all
/// rates share (clocks, releases, contention) is a parameter of its own, so that measurements of one layout tell of
/// others. Spreads are those that the priors state for their families; that of the common rate is the spread of
/// sources around their model, 0.1, which is a choice.
/// </remarks>
internal sealed partial record OverallParameter(string Id, double Spread, Regex Names)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<OverallParameter> All { get; } =
    [
        new("rates", 0.1, Rates()),
        new("products", 0.06, Products()),
        new("attention", 0.1, Attention()),
        new("memory", 0.1, Memory()),
        new("scaleUp", 0.1, ScaleUp()),
        new("scaleUpParts", 0.15, ScaleUpParts()),
        new("scaleOut", 0.2, ScaleOut()),
        new("host", 0.3, Host()),
        new("power", 0.1, Power()),
    ];

    /// <summary>Whether a parameter of the model, by its name, is multiplied for a system.</summary>
    public bool Covers(string name, NodeSystem system)
    {
        if (!Names.IsMatch(name))
        {
            return false;
        }

        // A name that holds a device, a generation or a fabric is about another one unless it holds this one's.
        Accelerator device = system.Accelerator;
        string[] parts = name.Split('.');
        string subject = parts[0] == "memory" ? parts[2] : parts[1];
        return parts[0] is "stack"
            || subject == device.Id
            || subject == device.Generation
            || subject == system.ScaleUp.Id
            || subject == system.ScaleOut.Id
            || subject is "scaleUp" or "scaleOut" or "switched" or "mesh" or "torus";
    }

    [GeneratedRegex(@"^((gemm|attention)\..+\.efficiency|memory\.efficiency\..+|(collective|pointToPoint)\..+\.(efficiency|busBandwidth))$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Rates();

    [GeneratedRegex(@"^gemm\..+\.efficiency$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Products();

    [GeneratedRegex(@"^attention\..+\.efficiency$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Attention();

    [GeneratedRegex(@"^memory\.efficiency\..+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Memory();

    [GeneratedRegex(@"^(collective|pointToPoint)\.(?!scaleOut).+\.(efficiency|busBandwidth)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ScaleUp();

    // Groups of two and four in a domain: how many channels a library gives them differs by release.
    [GeneratedRegex(@"^collective\.(?!scaleOut).+\.[24]\.busBandwidth$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ScaleUpParts();

    [GeneratedRegex(@"^(collective|pointToPoint)\.scaleOut\..*efficiency$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ScaleOut();

    [GeneratedRegex(@"^stack\..+\.(hostFloorForward|hostFloorMixture)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Host();

    [GeneratedRegex(@"^power\..+\.(gemm\.floor|gemm\.ceiling|attention|memoryBound|communication)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Power();
}
