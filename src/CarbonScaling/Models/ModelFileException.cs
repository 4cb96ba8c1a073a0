using System.Globalization;

namespace CarbonScaling.Models;

/// <summary>Something wrong in a configuration file or launch script of another program.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Field">The field as the file names it; empty for the whole file.</param>
/// <param name="Value">The value as it was written; empty where there is none to show.</param>
/// <param name="Message">What is wrong and what is allowed, to follow the field or the value.</param>
public sealed record ModelFileProblem(int Line, string Field, string Value, string Message)
{
    /// <summary>One line.</summary>
    public override string ToString()
    {
        string field = Field.Length == 0 ? "" : $"{Field}: ";
        string value = Value.Length == 0 ? "" : $"'{Value}' ";
        string line = string.Create(CultureInfo.InvariantCulture, $"line {Line}: {field}{value}{Message}");
        return string.Concat(line.Select(static letter => char.IsControl(letter) ? '?' : letter));
    }
}

/// <summary>A configuration file or launch script that gives no model, with everything that is wrong with it.</summary>
public sealed class ModelFileException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="problems">What is wrong, at least one.</param>
    public ModelFileException(IReadOnlyList<ModelFileProblem> problems)
        : base(string.Join('\n', problems)) => Problems = problems;

    /// <summary>What is wrong, by line.</summary>
    public IReadOnlyList<ModelFileProblem> Problems { get; }
}
