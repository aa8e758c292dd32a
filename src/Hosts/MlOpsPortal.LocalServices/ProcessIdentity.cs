using System.Globalization;

namespace MlOpsPortal.LocalServices;

/// <summary>A process told apart from a later one that got the same pid: by its start time, in clock ticks since boot, and the boot.</summary>
internal readonly record struct ProcessIdentity(int Id, long StartTicks, string Boot)
{
    private const string BootFile = "/proc/sys/kernel/random/boot_id";

    /// <summary>False for a zombie too: it holds nothing any more, and in a container nobody may ever reap it.</summary>
    public bool IsAlive
    {
        get
        {
            var stat = ReadStat(Id);
            return stat is { } found && found.Start == StartTicks && found.State is not ('Z' or 'X') && Boot == File.ReadAllText(BootFile).Trim();
        }
    }

    /// <summary>Reads the two lines that a child wrote about itself: its /proc/self/stat and the boot's id. Null when there are none.</summary>
    public static ProcessIdentity? Read(string file)
    {
        if (!File.Exists(file)) return null;
        var lines = File.ReadAllLines(file);
        if (lines.Length < 2 || Parse(lines[0]) is not { } stat) return null;
        return new ProcessIdentity(stat.Id, stat.Start, lines[1].Trim());
    }

    private static (int Id, char State, long Start)? ReadStat(int id)
    {
        try
        {
            return Parse(File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat")));
        }
        catch (IOException)
        {
            return null; // it ended: between two reads is a legal moment to do so
        }
    }

    /// <summary>proc(5): "pid (command) state ..."; the command may hold blanks and brackets; start time is field 22.</summary>
    private static (int Id, char State, long Start)? Parse(string stat)
    {
        var open = stat.IndexOf('(', StringComparison.Ordinal);
        var close = stat.LastIndexOf(')');
        if (open < 0 || close < 0) return null;
        var rest = stat[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (rest.Length < 20) return null;
        return (int.Parse(stat[..open], CultureInfo.InvariantCulture), rest[0][0], long.Parse(rest[19], CultureInfo.InvariantCulture));
    }
}
