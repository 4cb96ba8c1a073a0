using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

// In this process: a project generated for each benchmark would not find the solution's build rules.
IConfig config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(new InProcessEmitToolchain(new())));
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
