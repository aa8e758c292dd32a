using System.Collections.Immutable;
using System.Text;

namespace MlOpsPortal.Platform.Csv;

/// <param name="IsEnded">By a line break; what stands at the end of the text may go on elsewhere.</param>
/// <param name="IsOpen">The text ended within quotes.</param>
public readonly record struct CsvRecord(ImmutableArray<string> Cells, bool IsEnded, bool IsOpen);

/// <summary>Cuts text into records, one way for all that is read here: quotes as RFC 4180 has them, any line break between records.</summary>
public static class CsvRecords
{
    /// <summary>Reads on only as far as it is asked. Lines with nothing in them are passed over.</summary>
    public static IEnumerable<CsvRecord> Of(string text, char separator)
    {
        var cells = ImmutableArray.CreateBuilder<string>();
        var cell = new StringBuilder();
        var quoted = false;
        for (var at = 0; at < text.Length; at++)
        {
            var character = text[at];
            if (quoted && character == '"' && at + 1 < text.Length && text[at + 1] == '"')
            {
                cell.Append('"');
                at++;
            }
            else if (character == '"' && (quoted || cell.Length == 0))
                quoted = !quoted;
            else if (character == separator && !quoted)
                Next();
            else if (character is not ('\n' or '\r') || quoted)
                cell.Append(character);
            else if (cells.Count > 0 || cell.Length > 0)
                yield return End(isEnded: true);
        }

        if (cells.Count > 0 || cell.Length > 0 || quoted)
            yield return End(isEnded: false);

        void Next()
        {
            cells.Add(cell.ToString());
            cell.Clear();
        }

        CsvRecord End(bool isEnded)
        {
            Next();
            var record = new CsvRecord(cells.ToImmutable(), isEnded, quoted);
            cells.Clear();
            return record;
        }
    }
}
