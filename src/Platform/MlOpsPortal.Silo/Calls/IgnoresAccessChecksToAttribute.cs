namespace System.Runtime.CompilerServices;

/// <summary>Known to the runtime by its full name, declared by nobody: an assembly that carries it may use another's internal types.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    public string AssemblyName => assemblyName;
}
