using System.Collections.Immutable;

namespace MlOpsPortal.Models.Ancestry;

/// <summary>What a thing rests on, as far back as the portal knows. Without cycles; the first node is the thing itself.</summary>
public sealed record LineageGraph(ImmutableArray<LineageNode> Nodes, ImmutableArray<LineageEdge> Edges)
{
    /// <summary>Puts a thing before the graph that it rests on.</summary>
    /// <param name="says">How it rests on the graph's first node.</param>
    public LineageGraph Under(LineageNode above, string says) => new([above, .. Nodes], [new LineageEdge(above.Id, Nodes[0].Id, says), .. Edges]);

    public LineageGraph With(LineageNode node, LineageEdge edge) => new(Nodes.Any(known => known.Id == node.Id) ? Nodes : Nodes.Add(node), Edges.Contains(edge) ? Edges : Edges.Add(edge));
}

public enum LineageKind
{
    Endpoint,
    Approval,
    ModelVersion,
    Evaluation,
    Dataset,
    File,
    Problem,
    Kpi,
}

/// <param name="Id">Unique in the graph: the kind and what names it.</param>
/// <param name="Detail">One line more; null for none.</param>
/// <param name="Href">Its page, below <c>/t/{tenant}</c>; null where it has none.</param>
public sealed record LineageNode(string Id, LineageKind Kind, string Name, string? Detail, string? Href);

/// <summary><paramref name="From"/> rests on <paramref name="To"/>.</summary>
/// <param name="Says">How, read from left to right: "trained on".</param>
public sealed record LineageEdge(string From, string To, string Says);
