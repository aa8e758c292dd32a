using System.Collections.Immutable;
using Bunit;
using MlOpsPortal.Models;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Registry.Bridge;
using MlOpsPortal.Registry.Registered;
using MlOpsPortal.Tracking.Artifacts;
using MlOpsPortal.Web.Components.Artifacts;

namespace MlOpsPortal.Web.Artifacts;

public sealed class ModelViewTests : ArtifactTest
{
    private static readonly PortalVersionLink Link = new(new ModelId(Guid.CreateVersion7()), new ModelVersionId(Guid.CreateVersion7()), 4);

    [Fact]
    public void Flavours_signature_needs_and_size_are_told()
    {
        Shelf.Model = Onnx with
        {
            Manifest = Onnx.Manifest! with { InputExample = "[[1, 2]]", LibraryVersions = ImmutableDictionary<string, string>.Empty.Add("onnx", "1.19.0") },
            Needs = new ModelNeeds("3.12.1", ["mlflow==3.17.2", "onnxruntime==1.23.0"]),
        };

        var view = Show();

        view.FindAll("dt").Select(name => name.TextContent).ShouldContain("onnx 1.19.0");
        view.Markup.ShouldContain("Loaded by mlflow.pyfunc on your machine");
        view.Find("[aria-label=Inputs] tbody").TextContent.ShouldBe("pixelsfloat32 (-1, 28, 28)yes");
        view.Find("[aria-label=Outputs] tbody").TextContent.ShouldBe("–int64 (-1)yes");
        view.Find("[aria-label=Parameters] tbody").TextContent.ShouldBe("limitdoubleno, 0.5 otherwise");
        view.Markup.ShouldContain("[[1, 2]]");
        view.Markup.ShouldContain("3.12.1");
        view.Markup.ShouldContain("mlflow==3.17.2, onnxruntime==1.23.0");
        view.Markup.ShouldContain("2 kB in 5 files");
    }

    [Fact]
    public void A_model_without_a_signature_says_how_to_get_one()
    {
        Shelf.Model = Onnx with { Manifest = Onnx.Manifest! with { Inputs = null, Outputs = null, Parameters = null } };

        Show().Markup.ShouldContain("Give <code>log_model</code> an <code>input_example</code>");
    }

    [Fact]
    public void A_broken_MLmodel_is_shown_as_text_and_offers_nothing()
    {
        Shelf.Model = Onnx with { Manifest = null };

        var view = Show();

        view.Markup.ShouldContain("This MLmodel cannot be read.");
        view.Find("details pre").TextContent.ShouldBe("flavors: <what it says>");
        view.FindAll(".banner button").ShouldBeEmpty();
    }

    [Fact]
    public void A_model_that_may_not_be_seen_says_why()
    {
        Shelf.Model = new NotFound();

        Show().Markup.ShouldContain("This model cannot be described.");
    }

    [Fact]
    public void Without_ONNX_it_says_why_it_cannot_become_a_portal_model()
    {
        Shelf.Model = Onnx with { Onnx = null, Manifest = Onnx.Manifest! with { Flavors = ["python_function", "sklearn"] } };

        var view = Show();

        view.Markup.ShouldContain("It cannot become a portal model version.");
        view.Markup.ShouldContain("Export it to ONNX (skl2onnx, onnxmltools)");
        view.FindAll(".banner button").ShouldBeEmpty();
    }

    [Fact]
    public void Who_may_not_make_one_reads_who_may()
    {
        Shelf.Model = Onnx with { MayMake = false };

        var view = Show();

        view.Markup.ShouldContain("A data scientist or an MLOps engineer of the project");
        view.FindAll(".banner button").ShouldBeEmpty();
    }

    [Fact]
    public void What_is_one_already_leads_there()
    {
        Shelf.Model = Onnx with { Portal = Link, PortalName = "digits" };

        var view = Show();

        view.Markup.ShouldContain("It is version 4 of the portal model digits.");
        view.Find(".banner a").GetAttribute("href")!.ShouldEndWith($"/models/{Link.Model}/versions/4");
    }

    [Fact]
    public void It_is_made_under_the_name_that_was_given_and_leads_there()
    {
        Shelf.Model = Onnx;
        Shelf.Made = Link;
        var view = Show();

        view.Find(".banner button").Click();
        view.Find("dialog input").GetAttribute("value").ShouldBe("digits");
        view.Find("dialog input").Change(" numerals ");
        view.Find("dialog select").Change("multiclass");
        view.Find("dialog .primary").Click();

        view.WaitForAssertion(() => view.Markup.ShouldContain("It is version 4 of the portal model numerals."));
        Shelf.Asked.ShouldBe([("model", "numerals", "multiclass")]);
        view.Find(".banner a").GetAttribute("href")!.ShouldStartWith("/t/acme/projects/");
    }

    [Fact]
    public void A_refusal_stays_in_the_dialog()
    {
        Shelf.Model = Onnx;
        Shelf.Made = new Conflict("registry.task_unknown");
        var view = Show();

        view.Find(".banner button").Click();
        view.Find("dialog .primary").Click();

        view.WaitForAssertion(() => view.FindAll("dialog [role=alert]").Count.ShouldBe(1));
        view.Markup.ShouldNotContain("It is version");
    }

    private static ModelFolder Onnx => new(
        default, "digits",
        new ModelManifest(
            ["onnx", "python_function"], "model.onnx", "3.17.2", null, "2026-11-21 06:41:46.710061", "mlflow.onnx", [new("pixels", "float32 (-1, 28, 28)", true, [-1, 28, 28])],
            [new(null, "int64 (-1)", true, [-1])], [new("limit", "double", false, null, "0.5")]),
        5, 2_000, "model.onnx") { MayMake = true };

    private IRenderedComponent<ModelView> Show() => Render<ModelView>(p => p.Add(v => v.Caller, TestShelf.Ada)
        .Add(v => v.Folder, new ArtifactAddress(TestShelf.Run, ArtifactPath.Parse("model") ?? ArtifactPath.Root)).Add(v => v.Text, "flavors: <what it says>").Add(v => v.Tenant, "acme"));
}
