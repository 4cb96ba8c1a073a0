using System.Globalization;
using System.Net;
using System.Text;

namespace CarbonScaling.Validation.Pages;

/// <summary>A point of a plot.</summary>
/// <param name="Measured">The measurement, above 0.</param>
/// <param name="Predicted">The prediction, above 0.</param>
/// <param name="Label">What is shown where it is pointed at.</param>
internal readonly record struct PlotPoint(double Measured, double Predicted, string Label);

/// <summary>Predicted against measured on logarithmic axes, as SVG whose colours the page sets.</summary>
internal sealed class ScatterPlot
{
    private const double Size = 340;
    private const double Left = 62;
    private const double Bottom = 44;
    private const double Top = 8;
    private const double Right = 8;
    private const double Radius = 3;

    private readonly double _least;
    private readonly double _most;
    private readonly string _unit;

    /// <summary>Makes plots with the same axes.</summary>
    /// <param name="points">All points that any of the plots will show, at least one.</param>
    /// <param name="unit">The unit of both axes.</param>
    public ScatterPlot(IEnumerable<PlotPoint> points, string unit)
    {
        double[] values = [.. points.SelectMany(static point => new[] { point.Measured, point.Predicted })];
        double margin = Math.Max(0.05, 0.04 * Math.Log10(values.Max() / values.Min()));
        _least = Math.Log10(values.Min()) - margin;
        _most = Math.Log10(values.Max()) + margin;
        _unit = unit;
    }

    /// <summary>Draws points.</summary>
    /// <param name="points">The points.</param>
    /// <param name="title">What assistive technology reads.</param>
    /// <param name="kind">The class of the points in the page's style.</param>
    public string Draw(IReadOnlyList<PlotPoint> points, string title, string kind)
    {
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Left + Size + Right} {Top + Size + Bottom}\" role=\"img\" aria-label=\"{Encoded(title)}\">");
        svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"frame\" x=\"{Left}\" y=\"{Top}\" width=\"{Size}\" height=\"{Size}\"/>");
        Band(svg, 1.25, "band");
        Line(svg, 2);
        Line(svg, 0.5);
        Line(svg, 1);
        Ticks(svg);
        foreach (PlotPoint point in points)
        {
            svg.Append(CultureInfo.InvariantCulture,
                $"<circle class=\"{kind}\" cx=\"{X(point.Measured):F1}\" cy=\"{Y(point.Predicted):F1}\" r=\"{Radius}\"><title>{Encoded(point.Label)}</title></circle>");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left + (Size / 2)}\" y=\"{Top + Size + 38}\" text-anchor=\"middle\">measured, {Encoded(_unit)}</text>");
        svg.Append(CultureInfo.InvariantCulture,
            $"<text transform=\"translate(14 {Top + (Size / 2)}) rotate(-90)\" text-anchor=\"middle\">predicted, {Encoded(_unit)}</text></svg>");
        return svg.ToString();
    }

    private void Ticks(StringBuilder svg)
    {
        foreach (double value in TickValues())
        {
            string label = Label(value);
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{X(value):F1}\" x2=\"{X(value):F1}\" y1=\"{Top}\" y2=\"{Top + Size}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Left + Size}\" y1=\"{Y(value):F1}\" y2=\"{Y(value):F1}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(value):F1}\" y=\"{Top + Size + 18}\" text-anchor=\"middle\">{label}</text>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 6}\" y=\"{Y(value) + 4:F1}\" text-anchor=\"end\">{label}</text>");
        }
    }

    // Powers of ten; over few of them also what lies between.
    private IEnumerable<double> TickValues()
    {
        double[] steps = (_most - _least) switch
        {
            < 0.7 => [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9],
            < 2.2 => [1, 2, 5],
            _ => [1],
        };
        double every = Math.Max(1, Math.Ceiling((_most - _least) / 8));
        for (double power = Math.Floor(_least); power <= Math.Ceiling(_most); power++)
        {
            foreach (double step in steps)
            {
                double value = step * Math.Pow(10, power);
                double position = Math.Log10(value);
                if (position > _least && position < _most && power % every == 0)
                {
                    yield return value;
                }
            }
        }
    }

    private static string Label(double value) => value switch
    {
        >= 1e12 => $"{(value / 1e12).ToString("G3", CultureInfo.InvariantCulture)}T",
        >= 1e9 => $"{(value / 1e9).ToString("G3", CultureInfo.InvariantCulture)}G",
        >= 1e6 => $"{(value / 1e6).ToString("G3", CultureInfo.InvariantCulture)}M",
        >= 1e3 => $"{(value / 1e3).ToString("G3", CultureInfo.InvariantCulture)}k",
        _ => value.ToString("G3", CultureInfo.InvariantCulture),
    };

    // Predicted = factor × measured, cut at the frame.
    private void Line(StringBuilder svg, double factor)
    {
        double shift = Math.Log10(factor);
        double from = Math.Max(_least, _least - shift);
        double to = Math.Min(_most, _most - shift);
        if (to > from)
        {
            string kind = factor == 1 ? "equal" : "double";
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"{kind}\" x1=\"{AtX(from):F1}\" y1=\"{AtY(from + shift):F1}\" x2=\"{AtX(to):F1}\" y2=\"{AtY(to + shift):F1}\"/>");
        }
    }

    private void Band(StringBuilder svg, double factor, string kind)
    {
        double up = Math.Log10(factor);
        double down = Math.Log10(2 - factor);
        (double X, double Y)[] corners =
        [
            (_least, _least), (_least, Math.Min(_most, _least + up)), (_most - up, _most), (_most, _most), (_most, _most + down), (_least - down, _least),
        ];
        svg.Append(CultureInfo.InvariantCulture, $"<polygon class=\"{kind}\" points=\"");
        svg.AppendJoin(' ', corners.Select(corner => string.Create(CultureInfo.InvariantCulture, $"{AtX(corner.X):F1},{AtY(corner.Y):F1}")));
        svg.Append("\"/>");
    }

    private double X(double value) => AtX(Math.Log10(value));

    private double Y(double value) => AtY(Math.Log10(value));

    private double AtX(double log) => Left + (Size * (log - _least) / (_most - _least));

    private double AtY(double log) => Top + (Size * (_most - log) / (_most - _least));

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);
}
