using MlOpsPortal.Models.Ancestry;

namespace MlOpsPortal.Web.Components.Pages.Models;

/// <summary>Columns of a lineage graph: a thing stands behind everything that rests on it.</summary>
internal static class LineageLayout
{
    /// <summary>Steps from the first node, the longest way. The graph has no cycles; a loop would end after as many rounds as there are nodes.</summary>
    public static Dictionary<string, int> Depths(LineageGraph graph)
    {
        var depth = graph.Nodes.ToDictionary(node => node.Id, _ => 0, StringComparer.Ordinal);
        for (var round = 0; round < graph.Nodes.Length; round++)
            foreach (var edge in graph.Edges)
                depth[edge.To] = Math.Max(depth[edge.To], Math.Min(depth[edge.From] + 1, graph.Nodes.Length));
        return depth;
    }
}
