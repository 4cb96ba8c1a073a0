using System.Numerics;

namespace CarbonScaling.Units;

/// <summary>
/// The number type that an equation is written over. The type decides what evaluating the equation means: a number
/// (<see cref="Scalar"/>), several numbers at once (<see cref="Lanes"/>), a number with its derivation
/// (<see cref="Traced"/>) or a number with its derivatives (<see cref="Dual"/>).
/// </summary>
/// <remarks>
/// Equations hold no branches on values: discrete choices are made outside, with ordinary types, and inside there is
/// only <see cref="Max"/>, <see cref="Min"/> and <see cref="WhereGreater"/>.
/// </remarks>
/// <typeparam name="T">The implementing type.</typeparam>
public interface IReal<T> :
    IAdditionOperators<T, T, T>,
    ISubtractionOperators<T, T, T>,
    IMultiplyOperators<T, T, T>,
    IDivisionOperators<T, T, T>,
    IUnaryNegationOperators<T, T>
    where T : struct, IReal<T>
{
    /// <summary>A constant that belongs to an equation, such as the 2 in 2(n−1)/n.</summary>
    static abstract T Literal(double value);

    /// <summary>An input of the equations, with its name, unit and source.</summary>
    static abstract T Input(in Figure figure);

    /// <summary>The greater of the two.</summary>
    static abstract T Max(T left, T right);

    /// <summary>The lesser of the two.</summary>
    static abstract T Min(T left, T right);

    /// <summary>The square root.</summary>
    static abstract T Sqrt(T value);

    /// <summary>e raised to <paramref name="value"/>.</summary>
    static abstract T Exp(T value);

    /// <summary>The natural logarithm.</summary>
    static abstract T Log(T value);

    /// <summary>The least whole number that is not less than <paramref name="value"/>.</summary>
    static abstract T Ceiling(T value);

    /// <summary><paramref name="whenGreater"/> where left &gt; right, else <paramref name="otherwise"/>.</summary>
    static abstract T WhereGreater(T left, T right, T whenGreater, T otherwise);

    /// <summary>Labels the result of an equation; free for every type but <see cref="Traced"/>.</summary>
    static abstract T Name(T value, Equation equation);
}

/// <summary>An equation of the model, as the registry, the docs and <c>explain</c> know it.</summary>
/// <param name="Id">The id, for example <c>COMM-1</c>; the XML documentation of its code repeats it.</param>
/// <param name="Quantity">What it gives, for example "collective time".</param>
/// <param name="Unit">The unit of the result.</param>
/// <param name="Formula">The formula in text.</param>
/// <param name="Reference">The published source of the formula, or how it was derived.</param>
public sealed record Equation(string Id, string Quantity, string Unit, string Formula, string Reference);
