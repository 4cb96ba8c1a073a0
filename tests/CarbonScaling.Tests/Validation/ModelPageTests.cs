using System.Text;
using CarbonScaling.Explanation;
using CarbonScaling.Testing;
using CarbonScaling.Units;

namespace CarbonScaling.Tests.Validation;

/// <summary>The page of the equations is written from the registry that the code and the derivations share.</summary>
public sealed class ModelPageTests
{
    private static readonly (string Prefix, string Title, string Introduction)[] Groups =
    [
        ("PARAM", "Parameters", "Counted from the architecture. h width, L layers, a query heads, g key-value heads, d head width, f feed-forward width, V vocabulary, t tensor-parallel degree; E experts of width f_e, K of them for a token, f_s width of the shared experts; r_q and r_kv ranks, d_n, d_r and d_v widths of latent attention; D prediction modules."),
        ("FLOP", "FLOPs per token", "s is the sequence length, w a window, d_qk and d_v the widths of a query and a value head. `--flops` chooses which of them a displayed rate counts."),
        ("COMP", "Compute", "T = s·b tokens of a micro-batch; r the ranks over which the residual stream is split (t with sequence parallelism, else 1); n the projections into the feed-forward block; Φ the peak rate, BW the memory bandwidth, e an efficiency."),
        ("COMM", "Communication", "A group of n ranks lies inside a scale-up domain, or has one rank in each of several, or several in each of several; the ranks are placed tensor first, then context, then data, then pipeline; experts take the same ranks, expert-tensor first. α, γ and β are measured by operation and ranks inside a domain; between nodes α grows with the logarithm of the nodes."),
        ("TP", "Tensor parallelism", "Which collectives a block of a layer needs and which of them its own products hide; n a collective, c the product that it feeds."),
        ("CP", "Context parallelism", "c ranks hold a part of each sequence; KV the keys and values of such a part."),
        ("EP", "Expert parallelism", "e ranks, G of them in a scale-up domain, hold the E experts of a layer, K of which a token visits; w the bytes of an element on its way."),
        ("MOE", "Experts", "x ranks split an expert; γ is the load of the busiest rank over the mean."),
        ("LAYER", "Layer", "A layer's passes are its products, attention, data movement and exposed communication, and at least the time in which the host launches them."),
        ("END", "Embedding and head", "They lie on the first and on the last stage."),
        ("STAGE", "Stage", "The busiest stage and its neighbours decide the schedule."),
        ("PIPE", "Pipeline", "F and B are the passes of a micro-batch through a stage, τ = F + B, p stages, m micro-batches, v chunks of a stage, x a transfer. The closed forms are held against an event simulator in the tests, which give the bounds of their error."),
        ("DP", "Data parallelism", "g and w are the bytes of gradients and weights of a device; D the data-parallel degree."),
        ("OPT", "Optimizer", "A pass over memory."),
        ("OFF", "Offload", "β is the bandwidth of the link between a device and its host."),
        ("STEP", "Step", "The parts of a step are exposed times on the busiest stage and sum to its duration."),
        ("MEM", "Memory", "Of the stage that needs most; P parameters of a device."),
        ("ACT", "Activations", "What the backward pass needs."),
        ("RUN", "Run", "λ failures per device and time, N devices, δ the pause for a checkpoint, w its write beside training, R the restart, τ the interval between checkpoints."),
        ("POW", "Power", "By phase of the step, on average over the stages. Bubbles, host stalls, straggling, restarts and checkpoints draw the power of a device that waits."),
        ("ENERGY", "Energy", "Device time times power."),
        ("EMB", "Embodied emissions", "Bottom-up for the accelerator; host and network by published inventories."),
        ("CARBON", "Emissions", "Location-based operational emissions, and embodied emissions by reserved time."),
        ("CAL", "Calibration", "m are the fitted multipliers of the fitted parameters that a figure stands under, by generation, number format, attention kernel, software class or none of them (`data/fits/steps.yaml`, `data/calibration/calibrated.yaml`)."),
        ("LAW", "Scaling law", "N parameters, D tokens. The compute-optimal model for a budget C = 6·N·D follows in closed form."),
    ];

    [Fact]
    public void The_page_lists_every_equation() => Snapshot.Matches(Page(), "docs", "model.md");

    private static string Page()
    {
        StringBuilder page = new();
        page.AppendLine("""
            # The model's equations

            This page is generated from the registry of equations (`src/CarbonScaling/Explanation/Equations.cs`); the code that
            computes an equation names its id, and `explain` shows it with its inputs and their sources.

            A job is followed one way: workload and cluster → plan → step → run → energy → carbon. Each equation is written once,
            over a numeric type: one number for an estimate, a vector of candidates for the search, a number with its derivation
            for `explain` and for intervals, a number with derivatives for calibration.

            Not modelled in this version: power caps, hourly or marginal carbon intensity,
            market-based accounting, water, and the building's embodied carbon.
            """);
        List<Equation> left = [.. Equations.All];
        foreach ((string prefix, string title, string introduction) in Groups)
        {
            page.AppendLine().Append("## ").AppendLine(title).AppendLine().AppendLine(introduction).AppendLine();
            page.AppendLine("| id | quantity | unit | formula | reference |").AppendLine("|---|---|---|---|---|");
            foreach (Equation equation in Equations.All.Where(equation => equation.Id.Split('-')[0] == prefix))
            {
                left.Remove(equation);
                string formula = equation.Formula.Replace("|", "\\|", StringComparison.Ordinal);
                page.AppendLine($"| {equation.Id} | {equation.Quantity} | {equation.Unit} | {formula} | {equation.Reference} |");
            }
        }

        Assert.Empty(left);
        return page.ToString();
    }
}
