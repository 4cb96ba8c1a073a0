using System.Globalization;
using CarbonScaling.Units;
using CsCheck;

namespace CarbonScaling.Tests.Units;

public class UnitTextTests
{
    public static TheoryData<Dimension> Dimensions => [.. Enum.GetValues<Dimension>()];

    [Theory]
    [InlineData("15.6T", Dimension.None, 15.6e12)]
    [InlineData("15.6 T tokens", Dimension.None, 15.6e12)]
    [InlineData("405G parameters", Dimension.None, 405e9)]
    [InlineData("16Ki", Dimension.None, 16384)]
    [InlineData("3.8e25", Dimension.Flops, 3.8e25)]
    [InlineData("38 EFLOP", Dimension.Flops, 38e18)]
    [InlineData("1.97e-5", Dimension.None, 1.97e-5)]
    [InlineData("5E", Dimension.None, 5e18)]
    [InlineData("5E3", Dimension.None, 5e3)]
    [InlineData("5EB", Dimension.Bytes, 5e18)]
    [InlineData("  -2.5e+3  ", Dimension.None, -2500)]
    [InlineData(".5", Dimension.None, 0.5)]
    [InlineData("400 Gb/s", Dimension.Bandwidth, 50e9)]
    [InlineData("400Gbit/s", Dimension.Bandwidth, 50e9)]
    [InlineData("50 GB/s", Dimension.Bandwidth, 50e9)]
    [InlineData("1 GiB/s", Dimension.Bandwidth, 1073741824)]
    [InlineData("80 GiB", Dimension.Bytes, 80 * 1073741824.0)]
    [InlineData("8 b", Dimension.Bytes, 1)]
    [InlineData("700 W", Dimension.Power, 700)]
    [InlineData("2.5 MW", Dimension.Power, 2.5e6)]
    [InlineData("1 kWh", Dimension.Energy, 3.6e6)]
    [InlineData("989 TFLOP/s", Dimension.FlopRate, 989e12)]
    [InlineData("380 g/kWh", Dimension.CarbonIntensity, 380 / 3.6e9)]
    [InlineData("380 gCO2e/kWh", Dimension.CarbonIntensity, 380 / 3.6e9)]
    [InlineData("0.38 kg/kWh", Dimension.CarbonIntensity, 0.38 / 3.6e6)]
    [InlineData("552 t CO2e", Dimension.Mass, 552e3)]
    [InlineData("552 tCO2e", Dimension.Mass, 552e3)]
    [InlineData("10 min", Dimension.Time, 600)]
    [InlineData("30 days", Dimension.Time, 30 * 86400)]
    [InlineData("30 d", Dimension.Time, 30 * 86400)]
    [InlineData("5 years", Dimension.Time, 5 * 365 * 86400)]
    [InlineData("2.5 µs", Dimension.Time, 2.5e-6)]
    [InlineData("814 mm2", Dimension.Area, 814e-6)]
    [InlineData("2 1/h", Dimension.Rate, 2 / 3600.0)]
    public void A_quantity_is_read_in_the_base_unit(string text, Dimension dimension, double expected)
    {
        Assert.True(UnitText.TryParse(text, dimension, out var value, out var problem), problem);
        Assert.Null(problem);
        Assert.Equal(expected, value, Math.Abs(expected) * 1e-15);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("NaN")]
    [InlineData("nan")]
    [InlineData("Infinity")]
    [InlineData("-Infinity")]
    [InlineData(".inf")]
    [InlineData("∞")]
    [InlineData("1e999")]
    [InlineData("0x10")]
    [InlineData("1,000")]
    [InlineData("1_000")]
    [InlineData("1 000")]
    [InlineData("1.2.3")]
    [InlineData("12 1")]
    [InlineData("1e")]
    [InlineData("--1")]
    [InlineData("１２")]
    [InlineData("12 K")]
    [InlineData("12 GB")]
    [InlineData("12 W")]
    [InlineData("12 m")]
    [InlineData("12\n")]
    [InlineData("12\u00a0G")]
    public void What_is_not_a_plain_number_is_refused(string text)
    {
        Assert.False(UnitText.TryParse(text, Dimension.None, out var value, out var problem));
        Assert.Equal(0, value);
        Assert.Contains("; allowed: a number", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("80 GB", Dimension.Power)]
    [InlineData("80 G", Dimension.Power)]
    [InlineData("80 w", Dimension.Power)]
    [InlineData("80 Gb", Dimension.Bandwidth)]
    [InlineData("80 kg", Dimension.CarbonIntensity)]
    [InlineData("80 g", Dimension.Time)]
    [InlineData("80 CO2e", Dimension.Mass)]
    [InlineData("80 tokens", Dimension.Flops)]
    public void A_unit_of_another_kind_is_refused(string text, Dimension dimension)
    {
        Assert.False(UnitText.TryParse(text, dimension, out _, out var problem));
        Assert.Contains("is no unit of it; allowed: ", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_problem_names_the_allowed_units_and_the_unit_of_a_bare_number()
    {
        Assert.False(UnitText.TryParse("12 GW", Dimension.Time, out _, out var problem, "min"));

        Assert.Equal(
            "is not a duration: 'GW' is no unit of it; allowed: a number in s, ms, us, ns, min, h, d or years (min when none is given)",
            problem);
    }

    [Fact]
    public void A_bare_number_is_in_the_default_unit()
    {
        Assert.True(UnitText.TryParse("10", Dimension.Time, out var seconds, out _, "min"));
        Assert.Equal(600, seconds);
        Assert.True(UnitText.TryParse("10 s", Dimension.Time, out seconds, out _, "min"));
        Assert.Equal(10, seconds);
    }

    [Fact]
    public void A_bare_number_stays_as_it_is_in_its_unit() => Gen.Double[1e-12, 1e12].Sample(number =>
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return UnitText.TryParseIn(text, Dimension.CarbonIntensity, "g/kWh", out var value, out _) && value == number;
    });

    [Theory]
    [InlineData("s", Dimension.Time)]
    [InlineData("ms", Dimension.Time)]
    [InlineData("us", Dimension.Time)]
    [InlineData("h", Dimension.Time)]
    [InlineData("years", Dimension.Time)]
    [InlineData("B", Dimension.Bytes)]
    [InlineData("KiB", Dimension.Bytes)]
    [InlineData("MiB", Dimension.Bytes)]
    [InlineData("GiB", Dimension.Bytes)]
    [InlineData("kB", Dimension.Bytes)]
    [InlineData("MB", Dimension.Bytes)]
    [InlineData("GB", Dimension.Bytes)]
    [InlineData("TB", Dimension.Bytes)]
    [InlineData("B/s", Dimension.Bandwidth)]
    [InlineData("GB/s", Dimension.Bandwidth)]
    [InlineData("FLOP/s", Dimension.FlopRate)]
    [InlineData("TFLOP/s", Dimension.FlopRate)]
    [InlineData("W", Dimension.Power)]
    [InlineData("kW", Dimension.Power)]
    [InlineData("J", Dimension.Energy)]
    [InlineData("kWh", Dimension.Energy)]
    [InlineData("g/kWh", Dimension.CarbonIntensity)]
    [InlineData("kg", Dimension.Mass)]
    [InlineData("kg/GB", Dimension.MassPerByte)]
    [InlineData("kg/cm2", Dimension.MassPerArea)]
    [InlineData("kg/W", Dimension.MassPerPower)]
    [InlineData("kWh/cm2", Dimension.EnergyPerArea)]
    [InlineData("mm2", Dimension.Area)]
    [InlineData("cm2", Dimension.Area)]
    [InlineData("1/cm2", Dimension.PerArea)]
    [InlineData("1/h", Dimension.Rate)]
    [InlineData("tokens", Dimension.None)]
    [InlineData("parameters", Dimension.None)]
    [InlineData("1", Dimension.None)]
    [InlineData("us/sqrtMB", Dimension.RootLatency)]
    [InlineData("Hz", Dimension.Frequency)]
    [InlineData("MHz", Dimension.Frequency)]
    [InlineData("USD", Dimension.Money)]
    public void Every_unit_of_the_catalog_converts_and_back(string unit, Dimension dimension)
    {
        Assert.True(UnitText.IsUnit(unit, dimension));
        var there = UnitText.Convert(3.7, unit, dimension);
        Assert.Equal(3.7, UnitText.ConvertTo(there, unit, dimension), 1e-14);
    }

    [Theory]
    [InlineData(1, "g/kWh", Dimension.CarbonIntensity, 1 / 3.6e9)]
    [InlineData(1, "kg/cm2", Dimension.MassPerArea, 1e4)]
    [InlineData(1, "kWh/cm2", Dimension.EnergyPerArea, 3.6e10)]
    [InlineData(1, "1/cm2", Dimension.PerArea, 1e4)]
    [InlineData(1, "kg/GB", Dimension.MassPerByte, 1e-9)]
    [InlineData(1, "us/sqrtMB", Dimension.RootLatency, 1e-9)]
    [InlineData(1, "cm2", Dimension.Area, 1e-4)]
    [InlineData(1, "MHz", Dimension.Frequency, 1e6)]
    public void A_conversion_gives_the_base_unit(double value, string unit, Dimension dimension, double expected) =>
        Assert.Equal(expected, UnitText.Convert(value, unit, dimension), expected * 1e-15);

    [Fact]
    public void Converting_from_a_unit_of_another_kind_throws()
    {
        var exception = Assert.Throws<ArgumentException>(() => UnitText.Convert(1, "GB", Dimension.Power));
        Assert.Contains("'GB' is no unit of a power", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4.464e9, Dimension.Energy, 3, "1.24 MWh")]
    [InlineData(100, Dimension.Energy, 3, "100 J")]
    [InlineData(552_000, Dimension.Mass, 3, "552 t")]
    [InlineData(552_000_000, Dimension.Mass, 3, "552 kt")]
    [InlineData(0.25, Dimension.Mass, 3, "250 g")]
    [InlineData(83_859_236_454, Dimension.Bytes, 3, "78.1 GiB")]
    [InlineData(1023, Dimension.Bytes, 4, "1023 B")]
    [InlineData(18.2, Dimension.Time, 3, "18.2 s")]
    [InlineData(8_147_520, Dimension.Time, 3, "94.3 d")]
    [InlineData(0.0000025, Dimension.Time, 3, "2.5 us")]
    [InlineData(5400, Dimension.Time, 3, "90 min")]
    [InlineData(50e9, Dimension.Bandwidth, 3, "50 GB/s")]
    [InlineData(999.96, Dimension.Power, 3, "1 kW")]
    [InlineData(123_456, Dimension.Power, 2, "120 kW")]
    [InlineData(0, Dimension.Power, 3, "0 W")]
    [InlineData(0, Dimension.Time, 3, "0 s")]
    [InlineData(-1500, Dimension.Power, 3, "-1.5 kW")]
    [InlineData(3.8e25, Dimension.Flops, 3, "3.8e25 FLOP")]
    [InlineData(15.6e12, Dimension.None, 3, "15.6T")]
    [InlineData(1.97e-5, Dimension.None, 3, "1.97e-5")]
    [InlineData(380 / 3.6e9, Dimension.CarbonIntensity, 3, "380 g/kWh")]
    [InlineData(1.97e-5 / 3600, Dimension.Rate, 3, "1.97e-5 1/h")]
    [InlineData(814e-6, Dimension.Area, 3, "814 mm2")]
    public void A_quantity_is_printed_with_a_fitting_prefix(double value, Dimension dimension, int digits, string expected) =>
        Assert.Equal(expected, UnitText.Format(value, dimension, digits));

    [Theory]
    [MemberData(nameof(Dimensions))]
    public void What_is_printed_in_full_is_read_again(Dimension dimension) =>
        Finite.Sample(value => Assert.InRange(Read(UnitText.Format(value, dimension, 17), dimension) / value, 1 - 1e-14, 1 + 1e-14));

    [Theory]
    [MemberData(nameof(Dimensions))]
    public void Printing_rounds_to_the_digits_asked_for(Dimension dimension) =>
        Gen.Select(Finite, Gen.Int[1, 17]).Sample((value, digits) =>
        {
            var error = Math.Abs((Read(UnitText.Format(value, dimension, digits), dimension) / value) - 1);
            Assert.InRange(error, 0, (5 * Math.Pow(10, -digits) * 1.0001) + 1e-14);
        });

    [Fact]
    public void Any_text_is_answered_without_an_exception() =>
        Gen.Select(Gen.String, Gen.Enum<Dimension>()).Sample((text, dimension) =>
            UnitText.TryParse(text, dimension, out var value, out var problem) == problem is null && double.IsFinite(value));

    private static Gen<double> Finite => Gen.Select(Gen.Double[1, 10], Gen.Int[-40, 40], Gen.Bool)
        .Select((mantissa, exponent, negative) => (negative ? -mantissa : mantissa) * Math.Pow(10, exponent));

    private static double Read(string text, Dimension dimension)
    {
        Assert.True(UnitText.TryParse(text, dimension, out var value, out var problem), $"'{text}' {problem}");
        return value;
    }
}
