using System.Xml.Linq;
using CarbonScaling.Testing;
using CarbonScaling.Validation;
using CarbonScaling.Validation.Pages;

namespace CarbonScaling.Tests.Validation;

/// <summary>The pages about the validation, and the lines of the README.</summary>
public sealed class ValidationPageTests
{
    [Fact]
    public void The_page_is_what_the_command_writes() => Snapshot.Matches(MarkdownPage.Write(PublishedOutcome.Value), "docs", "validation.md");

    [Fact]
    public void The_README_states_the_errors()
    {
        string text = File.ReadAllText(Repository.PathOf("README.md")).ReplaceLineEndings("\n");
        Snapshot.Matches(ReadmeLines.Replace(text, PublishedOutcome.Value), "README.md");
    }

    [Fact]
    public void A_text_without_marks_is_refused() =>
        Assert.Throws<ArgumentException>(() => ReadmeLines.Replace("no marks", PublishedOutcome.Value));

    [Fact]
    public void The_html_page_needs_nothing_from_elsewhere_and_shows_every_scored_target()
    {
        string page = HtmlPage.Write(PublishedOutcome.Value);

        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        foreach (TargetScore target in PublishedOutcome.Value.Targets.Where(PageText.IsScored))
        {
            Assert.Contains($"<h2 id=\"{target.Id}\">", page, StringComparison.Ordinal);
        }
    }

    // The middle of the frame is the middle of the axes, and equality its diagonal.
    [Fact]
    public void A_plot_shows_each_point_where_it_belongs()
    {
        PlotPoint[] points = [new(1, 100, "<low & high>"), new(10, 10, "middle"), new(100, 1, "high")];
        XElement svg = XElement.Parse(new ScatterPlot(points, "s").Draw(points, "title", "ours"));
        XElement frame = svg.Elements("rect").Single();
        double Of(XElement element, string name) => (double)element.Attribute(name)!;
        XElement[] circles = [.. svg.Elements("circle")];

        Assert.Equal(3, circles.Length);
        Assert.Equal(Of(frame, "x") + (Of(frame, "width") / 2), Of(circles[1], "cx"), 0.1);
        Assert.Equal(Of(frame, "y") + (Of(frame, "height") / 2), Of(circles[1], "cy"), 0.1);
        Assert.True(Of(circles[0], "cx") < Of(circles[1], "cx") && Of(circles[0], "cy") < Of(circles[1], "cy"));
        Assert.Equal("<low & high>", circles[0].Element("title")!.Value);
        Assert.All(circles, circle => Assert.InRange(Of(circle, "cx"), Of(frame, "x"), Of(frame, "x") + Of(frame, "width")));
    }
}
