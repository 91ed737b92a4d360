#include "operations.hpp"

#include "delay_views.hpp"
#include "figure_views.hpp"
#include "handlers.hpp"
#include "matter_views.hpp"
#include "open_views.hpp"
#include "sharing_views.hpp"

namespace jx::api {

namespace {

using enum http::Method;

constexpr std::size_t few = 4 * 1024;  // octets of a body with a few short fields
constexpr std::size_t text = 64 * 1024;
constexpr std::size_t form = 512 * 1024;
constexpr std::size_t small_file = 1'500'000;   // 1 MiB in base64, as a text of JSON
constexpr std::size_t model = 2 * 1024 * 1024;  // 1 MiB of XML as a text of JSON

constexpr Operation table[] = {
    {"getJurisdiction", get, "/api/v1/jurisdiction", get_jurisdiction, Who::anyone},

    {"getSession", get, "/api/v1/session", get_session, Who::anyone},
    {"signIn", post, "/api/v1/session", sign_in, Who::anyone, few},
    {"signOut", del, "/api/v1/session", sign_out},
    {"choosePost", put, "/api/v1/session/post", choose_post, Who::signed_in, few},
    {"signOutEverywhere", post, "/api/v1/session/end-all", sign_out_everywhere},

    {"listItems", get, "/api/v1/items", list_items, Who::anyone},
    {"getItem", get, "/api/v1/items/{item}", get_item, Who::anyone},
    {"getItemFigures", get, "/api/v1/items/{item}/figures", get_item_figures},
    {"getOverview", get, "/api/v1/overview", get_overview},
    {"getDemo", get, "/api/v1/demo", get_demo, Who::anyone},
    {"nextWorkingDay", post, "/api/v1/demo/next-working-day", next_working_day},
    {"alterRow", post, "/api/v1/demo/altered-row", alter_row},
    {"restoreRow", del, "/api/v1/demo/altered-row", restore_row},
    {"checkRows", get, "/api/v1/demo/check", check_rows},
    {"listItemRecords", get, "/api/v1/item-records", list_item_records},
    {"listScenes", get, "/api/v1/scenes", list_scenes, Who::anyone},
    {"getScene", get, "/api/v1/scenes/{scene}", get_scene, Who::anyone},
    {"makeGuide", post, "/api/v1/scenes/{scene}/guide", make_guide, Who::anyone, text},
    {"createDraft", post, "/api/v1/drafts", create_draft, Who::signed_in, few, Keyed::yes},
    {"listDrafts", get, "/api/v1/drafts", list_drafts},
    {"getDraft", get, "/api/v1/drafts/{draft}", get_draft},
    {"saveDraft", put, "/api/v1/drafts/{draft}", save_draft, Who::signed_in, form},
    {"discardDraft", del, "/api/v1/drafts/{draft}", discard_draft},
    {"prefillDraft", post, "/api/v1/drafts/{draft}/prefill", prefill_draft, Who::signed_in, few, Keyed::yes},
    {"submitDraft", post, "/api/v1/drafts/{draft}/submit", submit_draft, Who::signed_in, 0, Keyed::yes},
    {"checkForm", post, "/api/v1/forms/{form}/check", check_form, Who::signed_in, form},
    {"listCertificates", get, "/api/v1/certificates", list_certificates},
    {"getCertificate", get, "/api/v1/certificates/{certificate}", get_certificate},
    {"getCertificatePdf", get, "/api/v1/certificates/{certificate}/pdf", get_certificate_pdf},
    {"getCertificateCode", get, "/api/v1/certificates/{certificate}/code", get_certificate_code},
    {"revokeCertificate", post, "/api/v1/certificates/{certificate}/revoke", revoke_certificate, Who::signed_in, few, Keyed::yes},
    {"suspendCertificate", post, "/api/v1/certificates/{certificate}/suspend", suspend_certificate, Who::signed_in, few, Keyed::yes},
    {"resumeCertificate", post, "/api/v1/certificates/{certificate}/resume", resume_certificate, Who::signed_in, few, Keyed::yes},
    {"getCertificateStatus", get, "/api/v1/certificate-status/{list}", get_certificate_status, Who::anyone},
    {"getCertificateIssuer", get, "/.well-known/jwt-vc-issuer", get_certificate_issuer, Who::anyone},
    {"verifyCertificate", post, "/api/v1/certificates/verify", verify_certificate, Who::anyone, text},

    {"listCounterCases", get, "/api/v1/counter/cases", list_counter_cases},
    {"listMyCases", get, "/api/v1/cases", list_my_cases},
    {"getCase", get, "/api/v1/cases/{case}", get_case},
    {"getCaseDiagram", get, "/api/v1/cases/{case}/diagram", get_case_diagram},
    {"listCaseUsage", get, "/api/v1/cases/{case}/usage", list_case_usage},
    {"listOffices", get, "/api/v1/offices", list_offices},
    {"listTasks", get, "/api/v1/tasks", list_tasks},
    {"countTasks", get, "/api/v1/tasks/counts", count_tasks},
    {"listNotices", get, "/api/v1/notices", list_notices},
    {"seeNotice", post, "/api/v1/notices/{notice}/seen", see_notice, Who::signed_in, 0, Keyed::yes},
    {"completeTasks", post, "/api/v1/tasks/batch", complete_tasks, Who::signed_in, text, Keyed::yes},
    {"getTask", get, "/api/v1/tasks/{task}", get_task},
    {"claimTask", post, "/api/v1/tasks/{task}/claim", claim_task, Who::signed_in, 0, Keyed::yes},
    {"completeTask", post, "/api/v1/tasks/{task}/complete", complete_task, Who::signed_in, form, Keyed::yes},
    {"delegateTask", post, "/api/v1/tasks/{task}/delegate", delegate_task, Who::signed_in, text, Keyed::yes},
    {"answerDelegation", post, "/api/v1/tasks/{task}/answer", answer_delegation, Who::signed_in, form, Keyed::yes},
    {"returnTask", post, "/api/v1/tasks/{task}/return", return_task, Who::signed_in, text, Keyed::yes},
    {"listReturns", get, "/api/v1/tasks/{task}/returns", list_returns},
    {"askOpinion", post, "/api/v1/tasks/{task}/opinions", ask_opinion, Who::signed_in, text, Keyed::yes},
    {"askSupplement", post, "/api/v1/tasks/{task}/supplements", ask_supplement, Who::signed_in, text, Keyed::yes},
    {"answerSupplement", post, "/api/v1/supplements/{supplement}/answer", answer_supplement, Who::signed_in, text, Keyed::yes},
    {"addParticipant", post, "/api/v1/tasks/{task}/participants", add_participant, Who::signed_in, text, Keyed::yes},
    {"withdrawOpinion", post, "/api/v1/tasks/{task}/withdraw", withdraw_opinion, Who::signed_in, text, Keyed::yes},
    {"urgeTask", post, "/api/v1/tasks/{task}/urge", urge_task, Who::signed_in, text, Keyed::yes},
    {"listComments", get, "/api/v1/cases/{case}/comments", list_comments},
    {"addComment", post, "/api/v1/cases/{case}/comments", add_comment, Who::signed_in, text, Keyed::yes},
    {"withdrawCase", post, "/api/v1/cases/{case}/withdraw", withdraw_case, Who::signed_in, text, Keyed::yes},
    {"releaseTask", post, "/api/v1/tasks/{task}/release", release_task, Who::signed_in, text, Keyed::yes},
    {"handOverTask", post, "/api/v1/tasks/{task}/hand-over", hand_over_task, Who::signed_in, text, Keyed::yes},
    {"pauseCase", post, "/api/v1/cases/{case}/pause", pause_case, Who::signed_in, text, Keyed::yes},
    {"resumeCase", post, "/api/v1/cases/{case}/resume", resume_case, Who::signed_in, 0, Keyed::yes},
    {"cancelCase", post, "/api/v1/cases/{case}/cancel", cancel_case, Who::signed_in, text, Keyed::yes},
    {"sendMessage", post, "/api/v1/messages", send_message, Who::signed_in, text, Keyed::yes},
    {"sendSignal", post, "/api/v1/signals", send_signal, Who::signed_in, text, Keyed::yes},

    {"planMigration", post, "/api/v1/definitions/{process}/migrations/plan", plan_migration, Who::signed_in, text},
    {"startMigration", post, "/api/v1/definitions/{process}/migrations", start_migration, Who::signed_in, text, Keyed::yes},
    {"getMigration", get, "/api/v1/migrations/{migration}", get_migration},
    {"listAbsences", get, "/api/v1/absences", list_absences},
    {"enterAbsence", post, "/api/v1/absences", enter_absence, Who::signed_in, few, Keyed::yes},
    {"approveAbsence", post, "/api/v1/absences/{absence}/approve", approve_absence, Who::signed_in, 0, Keyed::yes},
    {"endAbsence", post, "/api/v1/absences/{absence}/end", end_absence, Who::signed_in, 0, Keyed::yes},
    {"listDefinitions", get, "/api/v1/definitions", list_definitions},
    {"getDefinition", get, "/api/v1/definitions/{process}", get_definition},
    {"listIncidents", get, "/api/v1/incidents", list_incidents},
    {"listIncidentGroups", get, "/api/v1/incidents/groups", list_incident_groups},
    {"retryIncidents", post, "/api/v1/incidents/retry", retry_incidents, Who::signed_in, text, Keyed::yes},
    {"getIncident", get, "/api/v1/incidents/{incident}", get_incident},
    {"retryIncident", post, "/api/v1/incidents/{incident}/retry", retry_incident, Who::signed_in, form, Keyed::yes},
    {"settleIncident", post, "/api/v1/incidents/{incident}/settle", settle_incident, Who::signed_in, form, Keyed::yes},
    {"noteIncident", put, "/api/v1/incidents/{incident}/note", note_incident, Who::signed_in, text},
    {"listSweeps", get, "/api/v1/sweeps", list_sweeps},
    {"getSweep", get, "/api/v1/sweeps/{sweep}", get_sweep},

    {"createAttachment", post, "/api/v1/attachments", create_attachment, Who::signed_in, small_file, Keyed::yes},
    {"listAttachments", get, "/api/v1/attachments", list_attachments},
    {"getAttachment", get, "/api/v1/attachments/{attachment}", get_attachment},
    {"uploadAttachment", patch, "/api/v1/attachments/{attachment}", upload_attachment, Who::signed_in, attachments::piece_bytes_max},
    {"getUpload", get, "/api/v1/attachments/{attachment}/upload", get_upload},
    {"removeAttachment", post, "/api/v1/attachments/{attachment}/remove", remove_attachment, Who::signed_in, few, Keyed::yes},

    {"listDecisions", get, "/api/v1/decisions", list_decisions},
    {"listByLaw", get, "/api/v1/decisions/by-law", list_by_law},
    {"checkDecisions", post, "/api/v1/decisions/check", check_decisions, Who::signed_in, model},
    {"getDecision", get, "/api/v1/decisions/{decision}", get_decision},
    {"evaluateDecision", post, "/api/v1/decisions/{decision}/evaluate", evaluate_decision, Who::signed_in, form},

    {"listResources", get, "/api/v1/resources", list_resources, Who::anyone},
    {"listDuplicates", get, "/api/v1/catalogue/duplicates", list_duplicates},
    {"designateSource", post, "/api/v1/catalogue/designations", designate_source, Who::signed_in, text, Keyed::yes},
    {"listGrants", get, "/api/v1/grants", list_grants},
    {"suspendGrant", post, "/api/v1/grants/{grant}/suspend", suspend_grant, Who::signed_in, few, Keyed::yes},
    {"resumeGrant", post, "/api/v1/grants/{grant}/resume", resume_grant, Who::signed_in, few, Keyed::yes},
    {"endGrant", post, "/api/v1/grants/{grant}/end", end_grant, Who::signed_in, few, Keyed::yes},
    {"confirmDisposal", post, "/api/v1/grants/{grant}/confirm-disposal", confirm_disposal, Who::signed_in, few, Keyed::yes},
    {"orderDelivery", post, "/api/v1/grants/{grant}/deliveries", order_delivery, Who::signed_in, text, Keyed::yes},
    {"listDeliveries", get, "/api/v1/deliveries", list_deliveries},
    {"getDelivery", get, "/api/v1/deliveries/{delivery}", get_delivery},
    {"downloadDelivery", get, "/api/v1/deliveries/{delivery}/parts/{part}", download_delivery},
    {"acknowledgeDelivery", post, "/api/v1/deliveries/{delivery}/acknowledge", acknowledge_delivery, Who::signed_in, 0, Keyed::yes},
    {"pushDelivery", post, "/api/v1/deliveries/{delivery}/push", push_delivery, Who::signed_in, 0, Keyed::yes},
    {"resendDelivery", post, "/api/v1/deliveries/{delivery}/resend", resend_delivery, Who::signed_in, 0, Keyed::yes},
    {"recallDelivery", post, "/api/v1/deliveries/{delivery}/recall", recall_delivery, Who::signed_in, few, Keyed::yes},
    {"confirmDestruction", post, "/api/v1/deliveries/{delivery}/confirm-destruction", confirm_destruction, Who::signed_in, few, Keyed::yes},
    {"listSources", get, "/api/v1/sources", list_sources},
    {"createSource", post, "/api/v1/sources", create_source, Who::signed_in, source_json_bytes_max, Keyed::yes},
    {"getSource", get, "/api/v1/sources/{source}", get_source},
    {"removeSource", del, "/api/v1/sources/{source}", remove_source},
    {"examineSource", post, "/api/v1/sources/{source}/examine", examine_source},
    {"getResource", get, "/api/v1/resources/{resource}", get_resource, Who::anyone},
    {"withdrawResource", post, "/api/v1/resources/{resource}/withdraw", withdraw_resource, Who::signed_in, few, Keyed::yes},
    {"listResourceDrafts", get, "/api/v1/resource-drafts", list_resource_drafts},
    {"getResourceDraft", get, "/api/v1/resource-drafts/{resource}", get_resource_draft},
    {"saveResourceDraft", put, "/api/v1/resource-drafts/{resource}", save_resource_draft, Who::signed_in, resource_json_bytes_max},
    {"discardResourceDraft", del, "/api/v1/resource-drafts/{resource}", discard_resource_draft},
    {"requestPublication", post, "/api/v1/resource-drafts/{resource}/submit", request_publication, Who::signed_in, 0, Keyed::yes},
    {"requestGrant", post, "/api/v1/grant-requests", request_grant, Who::signed_in, resource_json_bytes_max, Keyed::yes},
    {"listGrantRequests", get, "/api/v1/grant-requests", list_grant_requests},
    {"getGrantRequest", get, "/api/v1/grant-requests/{case}", get_grant_request},
    {"openDataMatter", post, "/api/v1/data-matters", open_data_matter, Who::signed_in, form, Keyed::yes},
    {"listDataMatters", get, "/api/v1/data-matters", list_data_matters},
    {"getDataMatter", get, "/api/v1/data-matters/{case}", get_data_matter},
    {"listProgrammes", get, "/api/v1/programmes", list_programmes},
    {"queryData", post, "/api/v1/data/{resource}/query", query_data, Who::signed_in, text},
    {"getData", get, "/api/v1/data/{resource}", get_data},
    {"listUsage", get, "/api/v1/usage", list_usage},
    {"exportUsage", get, "/api/v1/usage/export", export_usage},
    {"getUsageFigures", get, "/api/v1/usage/figures", get_usage_figures},
    {"askDelay", post, "/api/v1/disclosure-delays", ask_delay, Who::signed_in, text, Keyed::yes},
    {"listDelays", get, "/api/v1/disclosure-delays", list_delays},
    {"decideDelay", post, "/api/v1/disclosure-delays/{delay}/decide", decide_delay, Who::signed_in, few, Keyed::yes},
    {"endDelay", post, "/api/v1/disclosure-delays/{delay}/end", end_delay, Who::signed_in, few, Keyed::yes},
    {"getReceipt", get, "/api/v1/usage/{usage}/receipt", get_receipt},

    {"getOpenData", get, "/api/v1/open-data/{file}", get_open_data, Who::anyone},
    {"getDcat", get, "/dcat/{file}", get_dcat, Who::anyone},
    {"getCkanAction", get, "/api/3/action/{action}", get_ckan_action, Who::anyone},
    {"postCkanAction", post, "/api/3/action/{action}", post_ckan_action, Who::anyone, text},

    {"getLedger", get, "/api/v1/ledger", get_ledger, Who::anyone},
    {"getLedgerEntry", get, "/api/v1/ledger/entries/{entry}", get_ledger_entry},
    {"getConsistency", get, "/api/v1/ledger/consistency", get_consistency, Who::anyone},
    {"getLedgerFile", get, "/ledger/{path+}", get_ledger_file, Who::anyone, 0, Keyed::no, Rate::files},
};

}  // namespace

std::span<const Operation> operations() { return table; }

}  // namespace jx::api
