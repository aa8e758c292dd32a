Console.WriteLine("This project only serves `dotnet ef`; see eng/README.md.");
