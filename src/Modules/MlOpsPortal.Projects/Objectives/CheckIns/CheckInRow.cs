using MlOpsPortal.Projects.Ledger;

namespace MlOpsPortal.Projects.Objectives.CheckIns;

internal sealed class CheckInRow : DatedRow
{
    public const string Key = "pk_check_ins";

    public decimal? Value { get; set; }
    public Zone? Zone { get; set; }
    public int Confidence { get; set; }
    public string WhatChanged { get; set; } = "";
    public string Next { get; set; } = "";
}
