using System.Collections.Frozen;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace MlOpsPortal.Architecture.Code;

/// <summary>A call in compiled code.</summary>
/// <param name="Caller">The outermost type that holds it: closures and state machines count for the type they were written in.</param>
/// <param name="Target">Type and method: <c>System.Threading.Thread.Sleep</c>; constructors end in <c>..ctor</c>.</param>
internal sealed record CompiledCall(string Caller, string Target);

/// <summary>Reads the calls of an assembly from its IL: unlike text, it knows what a name means.</summary>
internal static class CompiledCalls
{
    private static readonly FrozenDictionary<ushort, OpCode> Codes = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!) // OpCodes has only fields of that type
        .ToFrozenDictionary(code => (ushort)code.Value);

    public static IEnumerable<CompiledCall> Of(string assemblyFile)
    {
        using var file = new PEReader(File.OpenRead(assemblyFile));
        var metadata = file.GetMetadataReader();
        foreach (var handle in metadata.MethodDefinitions)
        {
            var method = metadata.GetMethodDefinition(handle);
            if (method.RelativeVirtualAddress == 0)
                continue;
            var caller = Outermost(metadata, method.GetDeclaringType());
            foreach (var token in Tokens(file.GetMethodBody(method.RelativeVirtualAddress).GetILReader()))
                if (Target(metadata, MetadataTokens.EntityHandle(token)) is { } target)
                    yield return new CompiledCall(caller, target);
        }
    }

    private static List<int> Tokens(BlobReader il)
    {
        var tokens = new List<int>();
        while (il.RemainingBytes > 0)
        {
            ushort value = il.ReadByte();
            if (value == 0xFE)
                value = (ushort)(0xFE00 | il.ReadByte());
            var code = Codes[value];
            if (code.OperandType == OperandType.InlineMethod)
                tokens.Add(il.ReadInt32());
            else
            {
                var length = code.OperandType == OperandType.InlineSwitch ? il.ReadInt32() * 4 : Length(code.OperandType);
                il.Offset += length;
            }
        }

        return tokens;
    }

    private static int Length(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };

    /// <summary>Calls within the same assembly are of no interest here.</summary>
    private static string? Target(MetadataReader metadata, EntityHandle handle)
    {
        if (handle.Kind == HandleKind.MethodSpecification)
            handle = metadata.GetMethodSpecification((MethodSpecificationHandle)handle).Method;
        if (handle.Kind != HandleKind.MemberReference)
            return null;
        var member = metadata.GetMemberReference((MemberReferenceHandle)handle);
        return TypeName(metadata, member.Parent) is { } type ? $"{type}.{metadata.GetString(member.Name)}" : null;
    }

    private static string? TypeName(MetadataReader metadata, EntityHandle handle)
    {
        if (handle.Kind == HandleKind.TypeSpecification)
        {
            var signature = metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)handle).Signature);
            if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
                return null;
            signature.ReadByte(); // class or value type
            handle = signature.ReadTypeHandle();
        }

        if (handle.Kind != HandleKind.TypeReference)
            return null;
        var type = metadata.GetTypeReference((TypeReferenceHandle)handle);
        return $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
    }

    private static string Outermost(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        return type.IsNested ? Outermost(metadata, type.GetDeclaringType()) : $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
    }
}
