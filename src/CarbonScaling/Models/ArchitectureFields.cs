namespace CarbonScaling.Models;

/// <summary>The names of an architecture's fields, in the catalog and in the inline models of scenarios.</summary>
internal static class ArchitectureFields
{
    public const string Layers = "layers";
    public const string Hidden = "hidden";
    public const string FeedForward = "feedForward";
    public const string Heads = "heads";
    public const string KeyValueHeads = "keyValueHeads";
    public const string HeadDimension = "headDimension";
    public const string Vocabulary = "vocabulary";
    public const string PositionsLength = "positionsLength";
    public const string Experts = "experts";
    public const string ExpertsPerToken = "expertsPerToken";
    public const string ExpertFeedForward = "expertFeedForward";
    public const string SharedFeedForward = "sharedFeedForward";
    public const string LeadingDenseLayers = "leadingDenseLayers";
    public const string ExpertLayerInterval = "expertLayerInterval";
    public const string ExpertLayerPhase = "expertLayerPhase";
    public const string CapacityFactor = "capacityFactor";
    public const string RoutingGroups = "routingGroups";
    public const string RoutingGroupLimit = "routingGroupLimit";
    public const string QueryRank = "queryRank";
    public const string KeyValueRank = "keyValueRank";
    public const string RopeHeadDimension = "ropeHeadDimension";
    public const string ValueHeadDimension = "valueHeadDimension";
    public const string Window = "window";
    public const string WindowFullInterval = "windowFullInterval";
    public const string WindowFullPhase = "windowFullPhase";
    public const string PredictionLayers = "predictionLayers";
    public const string SequenceLength = "sequenceLength";
}
