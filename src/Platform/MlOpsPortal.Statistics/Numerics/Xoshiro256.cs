using System.Numerics;

namespace MlOpsPortal.Statistics.Numerics;

/// <summary>
/// xoshiro256** 1.0 (Blackman, Vigna 2018), its state filled by SplitMix64 from one seed. Ours, because the draws behind a stored
/// interval must be the same on every machine and runtime; System.Random promises that for no version.
/// </summary>
internal sealed class Xoshiro256
{
    private ulong s0, s1, s2, s3;

    public Xoshiro256(long seed)
    {
        var state = unchecked((ulong)seed);
        s0 = SplitMix(ref state);
        s1 = SplitMix(ref state);
        s2 = SplitMix(ref state);
        s3 = SplitMix(ref state);
    }

    public ulong Next()
    {
        var result = BitOperations.RotateLeft(s1 * 5, 7) * 9;
        var shifted = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= shifted;
        s3 = BitOperations.RotateLeft(s3, 45);
        return result;
    }

    /// <summary>Uniform in 0..<paramref name="count"/>−1 without bias (Lemire 2019, on the upper 32 bits).</summary>
    public int Index(int count)
    {
        var bound = (uint)count;
        var product = (Next() >> 32) * bound;
        if ((uint)product < bound)
        {
            var threshold = unchecked(0u - bound) % bound;
            while ((uint)product < threshold)
                product = (Next() >> 32) * bound;
        }

        return (int)(product >> 32);
    }

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        var mixed = state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
