using CarbonScaling.CatalogCompiler;

if (args is not [var dataFolder, var output])
{
    Console.Error.WriteLine("usage: CatalogCompiler DATA-FOLDER OUTPUT");
    return 2;
}

var problems = new ProblemList();
var entries = CatalogReader.Read(dataFolder, problems);
if (problems.Count > 0)
{
    problems.Print(Console.Error);
    return 1;
}

File.WriteAllBytes(output, CatalogBlob.Write(entries));
return 0;
