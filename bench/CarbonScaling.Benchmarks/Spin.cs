namespace CarbonScaling.Benchmarks;
internal static class Spin
{
    public static void Run(string[] args)
    {
        var b = new CombineBenchmarks();
        b.Setup();
        double s = 0;
        bool hand = args.Length > 1 && args[1] == "hand";
        for (int round = 0; round < 40; round++)
        {
            long t = System.Diagnostics.Stopwatch.GetTimestamp();
            const int n = 200_000;
            for (int i = 0; i < n; i++) { s += hand ? b.ByHand() : b.GenericLanes(); }
            Console.WriteLine($"{System.Diagnostics.Stopwatch.GetElapsedTime(t).TotalNanoseconds / n:F1} ns {s}");
        }
    }
}
