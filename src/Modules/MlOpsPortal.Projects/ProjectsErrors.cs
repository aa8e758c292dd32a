using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Projects;

/// <summary>Why this module refuses; the sentences are in Refusals.resx.</summary>
public static class ProjectsErrors
{
    public static Conflict NameTaken() => new("projects.name_taken");

    public static Conflict Archived() => new("projects.archived");

    public static Conflict AlreadyArchived() => new("projects.already_archived");

    public static Conflict StageSignedOff() => new("projects.stage_signed_off");

    public static Conflict StageMove(string stage) => new("projects.stage_move", stage);

    public static Conflict ChecksOpen(int count, string first) => new("projects.checks_open", count.ToString(System.Globalization.CultureInfo.InvariantCulture), first);

    public static Forbidden AuthorSigns() => new("projects.author_signs");
}
