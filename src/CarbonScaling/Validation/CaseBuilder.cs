using CarbonScaling.Catalogs;
using CarbonScaling.Hardware;
using CarbonScaling.Models;
using CarbonScaling.Planning;
using CarbonScaling.Scenarios;
using CarbonScaling.Training;
using CarbonScaling.Validation.Methods;
using CarbonScaling.Validation.Runs;

namespace CarbonScaling.Validation;

/// <summary>Makes cases of records: the work, the machine and what rules filled are resolved once, for all methods.</summary>
internal sealed class CaseBuilder(Catalog catalog, CancellationToken cancellationToken)
{
    private const double FlopsPerParameterAndToken = 6;

    private readonly RecordResolver _steps = new(catalog);

    /// <summary>A step.</summary>
    public ValidationCase Of(StepRecord record)
    {
        ResolvedRecord resolved = _steps.Resolve(record);
        RecordScenario scenario = resolved.Scenario;
        TrainingJob? job = resolved.Resolved?.Job.Training;
        double tokens = (double)record.GlobalBatchSequences * record.SequenceLength;
        double? active = record.ActiveParameters ?? job?.Model.ActiveParameterCount;
        NodeSystem? system = job?.Cluster.System;
        string hardware = system?.Accelerator.Id ?? record.Accelerator;
        string model = $"{record.ModelName}|{record.Layers}|{record.Hidden}";
        return new()
        {
            Id = record.Id,
            Source = record.Source,
            Step = record,
            Filled = scenario.Filled,
            Refused = scenario.Exclusion,
            Facts = new()
            {
                System = system,
                ActiveParameters = active,
                Flops = FlopsPerParameterAndToken * active * tokens,
                Devices = record.Devices,
                Tokens = tokens,
                Peak = job is null ? null : system!.Accelerator.Peaks[job.Format].Value,
                Precision = record.Precision,
            },
            Groups = new(
                hardware,
                CaseGroups.SizeOf(record.Parameters ?? job?.Model.ParameterCount),
                KindOf(record.Experts is not null),
                record.Precision,
                string.Join('|', record.Source, record.ModelName, hardware, record.Precision),
                string.Join('|', record.Source, model, hardware, record.Devices, record.GlobalBatchSequences, record.SequenceLength, record.Precision)),
            Evaluate = resolved.Resolved is null ? null : parameters => Estimate(() => new(
                new EstimateBuilder(scenario.Scenario!, resolved.Resolved.With(parameters), FlopsConvention.ModelFull, chosen: false).Build(resolved.Plan),
                null)),
        };
    }

    /// <summary>A run: what of its plan is not published is chosen by the planner, with the parameters that predict.</summary>
    public ValidationCase Of(RunRecord record)
    {
        Exclusion? excluded = RunExclusions.Of(record);
        (ScenarioDraft draft, Exclusion? refused) = RunDefaults.Draft(record, catalog);
        DraftedJob[] jobs = refused is null
            ? [.. RunDefaults.Variants(draft, record).Select(variant => DraftResolver.Resolve(variant, catalog))]
            : [new(null, null, refused, draft.Filled)];
        DraftedJob drafted = Array.Find(jobs, static job => job.Job is not null) ?? jobs[0];
        jobs = [.. jobs.Where(static job => job.Job is not null)];
        NodeSystem? system = drafted.Job?.Job.Training.Cluster.System ?? SystemOf(record.Accelerator);
        double? active = record.ActiveParameters ?? record.Parameters;
        bool mixture = RunModel.IsMixture(record);
        return new()
        {
            Id = record.Id,
            Source = record.Source,
            Run = record,
            Filled = draft.Filled,
            Excluded = excluded,
            Refused = drafted.Refused,
            Facts = new()
            {
                System = system,
                ActiveParameters = active,
                Flops = RunDefaults.IsDecoder(record) ? FlopsPerParameterAndToken * active * record.Tokens : record.TrainingFlops,
                Devices = record.Devices ?? drafted.Job?.Job.Training.Cluster.DeviceCount,
                Tokens = record.Tokens,
                Peak = system is null ? null : PeakOf(record, system.Accelerator),
                Precision = record.Precision,
            },
            Groups = new(
                system?.Accelerator.Id ?? record.Accelerator,
                CaseGroups.SizeOf(record.Parameters),
                KindOf(mixture),
                record.Precision,
                string.Join('|', record.Source, record.ModelName, record.Accelerator, record.Precision),
                ""),
            Evaluate = jobs.Length > 0 && (excluded is null || excluded.KeepsPower())
                ? parameters => Estimate(() => Best(jobs, parameters))
                : null,
        };
    }

    /// <summary>A footprint.</summary>
    public ValidationCase Of(FootprintRecord record)
    {
        NodeSystem? system = SystemOf(record.Device);
        return new()
        {
            Id = record.Id,
            Source = record.Source,
            Footprint = record,
            Excluded = RunExclusions.Of(record),
            Refused = system is null ? new(ExclusionRule.UnknownSystem, $"'{record.Device}'") : null,
            Facts = new() { System = system },
            Groups = new(system?.Accelerator.Id ?? record.Device, "", "", "", record.Id, ""),
        };
    }

    // The fastest of what may have run; without any plan, why the first has none.
    private Evaluation Best(DraftedJob[] jobs, ModelParameters parameters)
    {
        PlanResult[] found =
        [
            .. jobs.Select(job => new PlanSearch(job.Scenario!, job.Job!.With(parameters), new(Top: 1, Threads: 1)).Run(null, cancellationToken)),
        ];
        int best = Enumerable.Range(0, found.Length)
            .MinBy(i => found[i].Plans is [var plan, ..] ? plan.Run.DeviceHours : double.PositiveInfinity);
        return found[best].Plans is [var fastest, ..]
            ? new(fastest, null, jobs[best].Filled)
            : new(null, new(RunExclusions.NoPlan, found[0].Binding?.Limit ?? string.Join(", ", found[0].Infeasible.Keys)));
    }

    private static Evaluation Estimate(Func<Evaluation> evaluate)
    {
        try
        {
            return evaluate();
        }
        catch (KeyNotFoundException missing)
        {
            return new(null, new(ExclusionRule.NotMeasured, missing.Message));
        }
        catch (ScenarioException refused)
        {
            return new(null, DraftResolver.Refuse(ExclusionRule.IllegalPlan, refused.Problems));
        }
    }

    private NodeSystem? SystemOf(string accelerator) =>
        SystemRules.Of(accelerator) is { } rule && catalog.TryFind("systems", rule.System, out _) ? SystemReader.Read(catalog, rule.System) : null;

    // Whole runs are counted against the 16-bit peak; benchmarks, tuned to their format, against that of the format.
    private static double? PeakOf(RunRecord record, Accelerator device)
    {
        NumberFormat format = record.IsBenchmark && Scenarios.Reading.Vocabulary.Precisions.TryFind(record.Precision, out NumberFormat stated)
            ? stated
            : device.SixteenBit;
        return device.Peaks.TryGetValue(format, out Units.Figure peak) ? peak.Value : null;
    }

    private static string KindOf(bool mixture) => mixture ? "mixture" : "dense";
}
