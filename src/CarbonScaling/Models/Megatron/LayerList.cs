using System.Globalization;

namespace CarbonScaling.Models.Megatron;

/// <summary>Reads and writes lists of layers in Python's notation, such as <c>([0]*3+[1]*58)</c>.</summary>
internal static class LayerList
{
    private const int DeepestNesting = 32;

    /// <summary>Reads a list; false where it is none, or longer than allowed.</summary>
    public static bool TryRead(string text, int most, out IReadOnlyList<bool> layers)
    {
        Cursor cursor = new(text.Replace(" ", "", StringComparison.Ordinal), most);
        List<bool>? read = cursor.Sum(0);
        layers = read ?? [];
        return read is not null && cursor.AtEnd;
    }

    /// <summary>Writes a list in runs.</summary>
    public static string Write(IReadOnlyList<bool> layers)
    {
        List<string> runs = [];
        int start = 0;
        for (int index = 1; index <= layers.Count; index++)
        {
            if (index == layers.Count || layers[index] != layers[start])
            {
                runs.Add(string.Create(CultureInfo.InvariantCulture, $"[{(layers[start] ? 1 : 0)}]*{index - start}"));
                start = index;
            }
        }

        return $"({string.Join('+', runs)})";
    }

    private sealed class Cursor(string text, int most)
    {
        private int _position;

        public bool AtEnd => _position == text.Length;

        private char Current => AtEnd ? '\0' : text[_position];

        public List<bool>? Sum(int depth)
        {
            List<bool>? sum = Product(depth);
            while (sum is not null && Current == '+')
            {
                _position++;
                List<bool>? next = Product(depth);
                sum = next is null || sum.Count + next.Count > most ? null : [.. sum, .. next];
            }

            return sum;
        }

        private List<bool>? Product(int depth)
        {
            List<bool>? list = Atom(depth);
            while (list is not null && Current == '*')
            {
                _position++;
                if (!TryNumber(out int times) || (long)times * list.Count > most)
                {
                    return null;
                }

                list = [.. Enumerable.Repeat(list, times).SelectMany(static copy => copy)];
            }

            return list;
        }

        private List<bool>? Atom(int depth)
        {
            if (depth > DeepestNesting)
            {
                return null;
            }

            if (Current == '(')
            {
                _position++;
                List<bool>? inner = Sum(depth + 1);
                return inner is not null && Taken(')') ? inner : null;
            }

            return Taken('[') ? Items() : null;
        }

        private List<bool>? Items()
        {
            List<bool> items = [];
            while (TryNumber(out int number))
            {
                if (number > 1 || items.Count == most)
                {
                    return null;
                }

                items.Add(number == 1);
                if (!Taken(','))
                {
                    break;
                }
            }

            return Taken(']') ? items : null;
        }

        private bool TryNumber(out int number)
        {
            int start = _position;
            while (char.IsAsciiDigit(Current))
            {
                _position++;
            }

            return int.TryParse(text.AsSpan(start, _position - start), NumberStyles.None, CultureInfo.InvariantCulture, out number);
        }

        private bool Taken(char expected)
        {
            bool there = Current == expected;
            _position += there ? 1 : 0;
            return there;
        }
    }
}
