using System.Globalization;

namespace CarbonScaling.Scenarios.Reading;

/// <summary>Sets single fields of a scenario: <c>path=value</c>, where the value is text or a YAML flow value.</summary>
internal static class Overrides
{
    /// <summary>What messages name in the place of a file.</summary>
    public const string FileName = "--set";

    private const int MaximumLength = 100_000;
    private const int MaximumDepth = 32;

    /// <summary>Applies the overrides in order to the nodes of a scenario.</summary>
    public static void Apply(IReadOnlyList<string> overrides, MapNode root, ProblemList problems)
    {
        for (int index = 0; index < overrides.Count; index++)
        {
            Apply(overrides[index] ?? "", new(FileName, index + 1), root, problems);
        }
    }

    private static void Apply(string text, Place place, MapNode root, ProblemList problems)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        Step[] path = [.. text[..Math.Max(0, equals)].Trim().Split('.').Select(Step.Parse)];
        if (text.Length > MaximumLength || path.Length > MaximumDepth || path.Contains(default))
        {
            problems.Add(place, "", text, "is not an override; allowed: path=value, for example plan.tensor=4 or cluster.devices=[8,64]");
            return;
        }

        if (Value(text[(equals + 1)..].Trim(), place, problems) is { } value)
        {
            Set(root, path, value, problems);
        }
    }

    private static Node? Value(string text, Place place, ProblemList problems)
    {
        if (text is not ['{' or '[' or '"' or '\'', ..])
        {
            return new ScalarNode(place, text, quoted: false);
        }

        var found = new ProblemList();
        Node? node = NodeReader.Read(text, place, found);
        foreach (ScenarioProblem problem in found.Ordered())
        {
            problems.Add(place, problem.Field, problem.Value, problem.Message);
        }

        return node is null ? null : Flat(node, place);
    }

    /// <summary>The value at the place of the override, whatever lines it has.</summary>
    private static Node Flat(Node node, Place place)
    {
        switch (node)
        {
            case ListNode list:
                var flatList = new ListNode(place);
                flatList.Items.AddRange(list.Items.Select(item => Flat(item, place)));
                return flatList;
            case MapNode map:
                var flatMap = new MapNode(place);
                foreach (MapNode.Entry entry in map.Entries)
                {
                    flatMap.Add(entry.Name, place, Flat(entry.Value, place));
                }

                return flatMap;
            default:
                return new ScalarNode(place, ((ScalarNode)node).Text, quoted: !node.IsNull);
        }
    }

    private static void Set(MapNode root, Step[] path, Node value, ProblemList problems)
    {
        MapNode map = root;
        for (int depth = 0; depth < path.Length - 1; depth++)
        {
            Node? next = path[depth].In(map);
            if (next is not { IsNull: false } && path[depth].Index is null)
            {
                next = new MapNode(value.Place);
                path[depth].Put(map, next);
            }

            if (next is not MapNode nextMap)
            {
                problems.Add(
                    value.Place,
                    Text(path[..(depth + 1)]),
                    next?.Shown ?? "",
                    "is not a map in the file, so that nothing can be set in it");
                return;
            }

            map = nextMap;
        }

        if (path is [{ Name: "cluster" }, { Name: "system" or "devices" or "domain" }])
        {
            map = OnlyPool(map) ?? map;
        }

        if (!path[^1].Put(map, value))
        {
            problems.Add(value.Place, Text(path), "", "is not an item of a list in the file");
        }
    }

    private static MapNode? OnlyPool(MapNode cluster) =>
        cluster.Find("pools")?.Value is ListNode { Items: [MapNode only] } ? only : null;

    private static string Text(Step[] path) => string.Join('.', path);

    /// <summary>One step of a path: a field, or with an index an item of the list in it.</summary>
    private readonly record struct Step(string Name, int? Index)
    {
        /// <summary>The step written as <c>name</c> or <c>name[0]</c>; the default when it is neither.</summary>
        public static Step Parse(string text)
        {
            int bracket = text.IndexOf('[', StringComparison.Ordinal);
            string name = bracket < 0 ? text : text[..bracket];
            int index = 0;
            bool sound = name.Length > 0
                && name.All(char.IsAsciiLetterOrDigit)
                && (bracket < 0
                    || (text[^1] == ']'
                        && int.TryParse(text.AsSpan()[(bracket + 1)..^1], NumberStyles.None, CultureInfo.InvariantCulture, out index)));
            return sound ? new(name, bracket < 0 ? null : index) : default;
        }

        public Node? In(MapNode map) => (map.Find(Name)?.Value, Index) switch
        {
            (var value, null) => value,
            (ListNode list, { } index) when index < list.Items.Count => list.Items[index],
            _ => null,
        };

        /// <summary>Puts a value there; false when there is no such item.</summary>
        public bool Put(MapNode map, Node value)
        {
            if (Index is not { } index)
            {
                map.Set(Name, value);
                return true;
            }

            if (map.Find(Name)?.Value is not ListNode list || index >= list.Items.Count)
            {
                return false;
            }

            list.Items[index] = value;
            return true;
        }

        public override string ToString() => Index is null ? Name : $"{Name}[{Index}]";
    }
}
