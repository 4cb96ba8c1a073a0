using System.Text;
using CarbonScaling.Scenarios.Reading;

namespace CarbonScaling.Validation;

/// <summary>A row of a table.</summary>
/// <param name="Line">The line on which it starts, from 1.</param>
/// <param name="Fields">Its fields.</param>
internal sealed record CsvRow(int Line, IReadOnlyList<string> Fields);

/// <summary>Reads comma-separated text as RFC 4180 writes it: a quoted field may hold commas, line ends and doubled quotes.</summary>
internal sealed class CsvText
{
    private const char End = '\uffff';

    private readonly string _text;
    private readonly string _file;
    private readonly ProblemList _problems;
    private int _position;
    private int _line = 1;

    private CsvText(string text, string file, ProblemList problems)
    {
        _text = text;
        _file = file;
        _problems = problems;
    }

    private char Current => _position < _text.Length ? _text[_position] : End;

    /// <summary>The rows; lines without any text are passed over.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">Its name in messages.</param>
    /// <param name="problems">Where to tell what is wrong.</param>
    public static List<CsvRow> Read(string text, string file, ProblemList problems)
    {
        var reader = new CsvText(text.StartsWith('\uFEFF') ? text[1..] : text, file, problems);
        List<CsvRow> rows = [];
        while (reader._position < reader._text.Length)
        {
            CsvRow row = reader.ReadRow();
            if (row.Fields is not [""])
            {
                rows.Add(row);
            }
        }

        return rows;
    }

    private CsvRow ReadRow()
    {
        int line = _line;
        List<string> fields = [];
        while (true)
        {
            fields.Add(Current == '"' ? ReadQuoted() : ReadPlain());
            if (Current != ',')
            {
                SkipLineEnd();
                return new(line, fields);
            }

            _position++;
        }
    }

    private string ReadPlain()
    {
        int start = _position;
        while (_position < _text.Length && Current is not (',' or '\n' or '\r'))
        {
            if (Current == '"')
            {
                Report("a quote stands inside a field that does not start with one; allowed: \"text with \"\"quotes\"\"\"");
                SkipField();
                break;
            }

            _position++;
        }

        return _text[start.._position];
    }

    private string ReadQuoted()
    {
        var field = new StringBuilder();
        int line = _line;
        _position++;
        while (_position < _text.Length)
        {
            char character = _text[_position++];
            if (character == '\n')
            {
                _line++;
            }

            if (character != '"')
            {
                field.Append(character);
            }
            else if (Current == '"')
            {
                field.Append('"');
                _position++;
            }
            else
            {
                if (_position < _text.Length && Current is not (',' or '\n' or '\r'))
                {
                    Report("text follows the closing quote of a field; allowed: a comma or the end of the line");
                    SkipField();
                }

                return field.ToString();
            }
        }

        _problems.Add(new(_file, line), "", "", "a quoted field has no end; allowed: a closing quote");
        return field.ToString();
    }

    private void SkipField()
    {
        while (_position < _text.Length && Current is not (',' or '\n' or '\r'))
        {
            _position++;
        }
    }

    private void SkipLineEnd()
    {
        if (Current == '\r')
        {
            _position++;
        }

        if (Current == '\n')
        {
            _position++;
        }

        _line++;
    }

    private void Report(string message) => _problems.Add(new(_file, _line), "", "", message);
}
