using CarbonScaling.Explanation;
using CarbonScaling.Units;

namespace CarbonScaling.Energy;

/// <summary>Power of a device in each phase of a step.</summary>
public static class DevicePower
{
    /// <summary>Power in matrix products.</summary>
    /// <remarks>Eq. POW-1: TDP · (p₀ + (pₘ − p₀) · min(1, u/uₛ)^a), u the achieved share of the peak rate.</remarks>
    public static Watts<T> Products<T>(PowerInputs<T> inputs, T achieved)
        where T : struct, IReal<T>
    {
        PowerCurve<T> curve = inputs.Products;
        T load = T.Min(T.Literal(1), achieved / curve.Saturation);
        T rise = T.Exp(curve.Exponent * T.Log(load));
        return (inputs.Limit * (curve.Floor + ((curve.Ceiling - curve.Floor) * rise))).Named(Equations.ProductPower);
    }

    /// <summary>Power of the network per device.</summary>
    /// <remarks>
    /// Eq. POW-3: a fat tree of k tiers has 2k − 1 switch ports and 2k transceivers per interface; k = 1 up to one switch,
    /// 2 up to r²/2 and 3 above.
    /// </remarks>
    public static Watts<T> Network<T>(NetworkPowerInputs<T> network, T devices)
        where T : struct, IReal<T>
    {
        T interfaces = devices * network.NicsPerDevice;
        T one = T.Literal(1);
        T two = T.Literal(2);
        T beyondTwo = T.WhereGreater(interfaces, network.Radix * network.Radix / two, T.Literal(3), two);
        T tiers = T.WhereGreater(interfaces, network.Radix, beyondTwo, one);
        Watts<T> perInterface = network.Nic + (network.Port * ((two * tiers) - one)) + (network.Transceiver * (two * tiers));
        return (perInterface * network.NicsPerDevice).Named(Equations.NetworkPower);
    }
}
