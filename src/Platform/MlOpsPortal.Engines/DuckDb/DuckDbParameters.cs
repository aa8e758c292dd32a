using System.Globalization;
using System.Text;

namespace MlOpsPortal.Engines.DuckDb;

/// <summary>Binds CLR values to a prepared statement.</summary>
internal static unsafe class DuckDbParameters
{
    internal static void Bind(nint statement, IReadOnlyList<object?> parameters)
    {
        var expected = DuckDbNative.ParameterCount(statement);
        if ((ulong)parameters.Count != expected)
            throw new DuckDbException($"The statement takes {expected} parameters, {parameters.Count} were given.");
        for (var i = 0; i < parameters.Count; i++)
        {
            if (BindOne(statement, (ulong)i + 1, parameters[i]) != 0)
                throw new DuckDbException($"Parameter {i + 1} of type {parameters[i]?.GetType().Name ?? "null"} was not accepted.");
        }
    }

    private static int BindOne(nint statement, ulong index, object? value) => value switch
    {
        null or DBNull => DuckDbNative.BindNull(statement, index),
        bool flag => DuckDbNative.BindBoolean(statement, index, flag ? (byte)1 : (byte)0),
        sbyte or byte or short or ushort or int or uint or long => DuckDbNative.BindInt64(statement, index, Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        float or double => DuckDbNative.BindDouble(statement, index, Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        // DuckDB casts the text to the type that the statement wants, exactly.
        decimal or ulong => BindText(statement, index, ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture)),
        string text => BindText(statement, index, text),
        Guid guid => BindText(statement, index, guid.ToString()),
        DateOnly date => DuckDbNative.BindDate(statement, index, date.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber),
        DateTimeOffset moment => DuckDbNative.BindTimestamp(statement, index, Microseconds(moment.UtcDateTime)),
        DateTime moment => DuckDbNative.BindTimestamp(statement, index, Microseconds(moment)),
        byte[] bytes => BindBytes(statement, index, bytes),
        _ => throw new ArgumentException($"A value of type {value.GetType()} cannot be a parameter.", nameof(value)),
    };

    private static long Microseconds(DateTime moment) => (moment.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    private static int BindText(nint statement, ulong index, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* start = bytes)
        {
            byte empty = 0;
            return DuckDbNative.BindText(statement, index, start is null ? &empty : start, (ulong)bytes.Length);
        }
    }

    private static int BindBytes(nint statement, ulong index, byte[] bytes)
    {
        fixed (byte* start = bytes)
        {
            byte empty = 0;
            return DuckDbNative.BindBlob(statement, index, start is null ? &empty : start, (ulong)bytes.Length);
        }
    }
}
