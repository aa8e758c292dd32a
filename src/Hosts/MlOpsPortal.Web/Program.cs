using MlOpsPortal.Web.Verbs;

// One binary, several jobs: the portal itself, and what is done before, beside and for it.
return args switch
{
    ["job", ..] => await Job.RunAsync(args),
    ["migrate", .. var rest] => await Migrate.RunAsync(rest),
    ["bootstrap", .. var rest] => await Bootstrap.RunAsync(rest),
    ["demo", .. var rest] => await Demo.RunAsync(rest),
    ["operator", .. var rest] => await Operator.RunAsync(rest),
    ["serve", .. var rest] => await Serve.RunAsync(rest),
    _ => await Serve.RunAsync(args),
};
