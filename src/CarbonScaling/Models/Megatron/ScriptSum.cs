using System.Globalization;

namespace CarbonScaling.Models.Megatron;

/// <summary>Works out the whole-number sums of a shell, such as <c>3 + 8*11</c>.</summary>
internal sealed class ScriptSum
{
    private const int DeepestNesting = 32;

    private readonly string _text;
    private int _position;

    private ScriptSum(string text) => _text = text;

    private char Current => _position < _text.Length ? _text[_position] : '\0';

    /// <summary>The result; null where the text is no sum of whole numbers, or too great.</summary>
    public static string? Of(string text)
    {
        ScriptSum sum = new(string.Concat(text.Where(static letter => !char.IsWhiteSpace(letter))));
        long? result = sum.Terms(0);
        return sum._position == sum._text.Length ? result?.ToString(CultureInfo.InvariantCulture) : null;
    }

    private long? Terms(int depth)
    {
        long? total = Factors(depth);
        while (total is not null && Current is '+' or '-')
        {
            char sign = _text[_position++];
            long? next = Factors(depth);
            total = sign == '+' ? Within(total + next) : Within(total - next);
        }

        return total;
    }

    private long? Factors(int depth)
    {
        long? product = Number(depth);
        while (product is not null && Current is '*' or '/' or '%')
        {
            char sign = _text[_position++];
            long? next = Number(depth);
            product = sign switch
            {
                '*' => Within((Int128?)product * next),
                _ when next is null or 0 => null,
                '/' => product / next,
                _ => product % next,
            };
        }

        return product;
    }

    private long? Number(int depth)
    {
        if (Current == '(' && depth < DeepestNesting)
        {
            _position++;
            long? inner = Terms(depth + 1);
            return _position < _text.Length && _text[_position++] == ')' ? inner : null;
        }

        int start = _position;
        while (char.IsAsciiDigit(Current))
        {
            _position++;
        }

        return long.TryParse(_text.AsSpan(start, _position - start), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? Within(number)
            : null;
    }

    private static long? Within(Int128? value) => value is { } given && Int128.Abs(given) <= 1_000_000_000_000_000 ? (long)given : null;
}
