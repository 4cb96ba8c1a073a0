using CarbonScaling.Scenarios.Reading;
using CarbonScaling.Training;

namespace CarbonScaling.Scenarios;

/// <summary>
/// What someone wants to train, on what, where and within which limits: the content of a scenario file.
/// A null property was not given and has no fixed default; it is searched, or filled from the model, system or law.
/// </summary>
public sealed partial record Scenario
{
    private Scenario(IReadOnlyDictionary<string, GivenValue> given) => Given = given;

    private IReadOnlyDictionary<string, GivenValue> Given { get; init; }

    /// <summary>What people call it; null when not given.</summary>
    public string? Name { get; init; }

    /// <summary>The model; null when the law gives its shape.</summary>
    public ModelSection? Model { get; init; }

    /// <summary>How much is trained, and how.</summary>
    public required TrainingSection Training { get; init; }

    /// <summary>The software of the job.</summary>
    public required SoftwareSection Software { get; init; }

    /// <summary>The accelerators.</summary>
    public required ClusterSection Cluster { get; init; }

    /// <summary>The parallel plan, as far as it is fixed.</summary>
    public required PlanSection Plan { get; init; }

    /// <summary>What must not be exceeded.</summary>
    public required LimitsSection Limits { get; init; }

    /// <summary>Where and when it runs.</summary>
    public required SiteSection Site { get; init; }

    /// <summary>The named set of assumptions.</summary>
    public required string Assumptions { get; init; }

    /// <summary>The calibration: <c>default</c>, <c>priors</c>, or the path of a file.</summary>
    public required string Calibration { get; init; }

    /// <summary>The content of that file; null for another form.</summary>
    public CalibratedSet? Calibrated { get; init; }

    /// <summary>What the search minimises.</summary>
    public required ObjectiveWeights Objective { get; init; }

    /// <summary>Whether the user gave a field, in the file or as an override.</summary>
    /// <param name="path">
    /// The path of the field, for example <c>training.tokens</c>. <c>cluster.system</c> and <c>cluster.devices</c>
    /// name the only pool in either form of a cluster.
    /// </param>
    public bool IsGiven(string path) => Given.ContainsKey(path);

    /// <summary>A problem that shows only later, told at the line of a field: an unknown catalog id, for example.</summary>
    /// <param name="path">The path of the field; one that was not given is told at the nearest part of its path that was.</param>
    /// <param name="message">What is wrong and what is allowed, to follow the quoted value.</param>
    public ScenarioProblem ProblemAt(string path, string message)
    {
        if (Given.TryGetValue(path, out GivenValue? given))
        {
            return new(given.Place.File, given.Place.Line, given.Path, given.Text, Told(message, given.Path));
        }

        string nearest = path;
        do
        {
            nearest = nearest[..Math.Max(0, nearest.LastIndexOf('.'))];
        }
        while (!Given.ContainsKey(nearest) && nearest.Length > 0);
        Place place = Given[nearest].Place;
        return new(place.File, place.Line, path, "", Told(message, path));
    }

    internal static Scenario Read(FieldMap map)
    {
        string? name = map.Text("name");
        ModelSection? model = ModelSection.Read(map);
        PlanSection plan = PlanSection.Read(map.Optional("plan"));
        TrainingSection training = TrainingSection.Read(map.Required("training"), plan);
        SoftwareSection software = SoftwareSection.Read(map.Optional("software"));
        if (model is { Megatron: { } settings, Imported: { } imported })
        {
            ScriptTraining script = new(settings, map, imported.Experts is not null);
            training = script.Training(training);
            software = script.Software(software);
        }

        var scenario = new Scenario(map.Context.Given)
        {
            Name = name,
            Model = model,
            Training = training,
            Software = software,
            Cluster = ClusterSection.Read(map.Required("cluster")),
            Plan = plan,
            Limits = LimitsSection.Read(map.Optional("limits")),
            Site = SiteSection.Read(map.Required("site")),
            Assumptions = map.Word("assumptions", Vocabulary.Assumptions) ?? Vocabulary.DefaultName,
            Calibration = CalibrationField.Read(map, out CalibratedSet? calibrated),
            Calibrated = calibrated,
            Objective = ObjectiveWeights.Read(map),
        };
        FieldMap prices = map.Optional("prices");
        prices.NotYet("deviceHour");
        prices.NotYet("kWh");
        prices.Close();
        map.Close();

        bool lawGivesShape = scenario.IsGiven("training.compute") || scenario.IsGiven("training.targetLoss");
        if (!lawGivesShape)
        {
            map.Require("model");
        }

        return scenario;
    }
}
