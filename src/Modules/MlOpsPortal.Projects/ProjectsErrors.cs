using System.Globalization;
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

    public static Conflict ChecksOpen(int count, string first) => new("projects.checks_open", count.ToString(CultureInfo.InvariantCulture), first);

    /// <summary>The date has a value: whoever means to replace it says so.</summary>
    public static Conflict ValueThere(DateOnly date, decimal value) => ValueThere(date, value.ToString("0.##########", CultureInfo.InvariantCulture));

    public static Conflict ValueThere(DateOnly date, string value) => new("projects.value_there", date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), value);

    public static Conflict KeyResultArchived() => new("projects.key_result_archived");

    public static Conflict SentBackAlready() => new("projects.sent_back_already");

    public static Conflict TooManyTasks(int most) => new("projects.too_many_tasks", most.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public static Conflict TaskDone() => new("projects.task_done");

    public static Forbidden AuthorSigns() => new("projects.author_signs");
}
