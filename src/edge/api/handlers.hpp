// handlers.hpp - the handlers, one a file, in the order of api/openapi.yaml.
#pragma once
#include "call.hpp"

namespace jx::api {

// jurisdiction
Call::Answer get_jurisdiction(Call& call);

// migrations of cases
Call::Answer get_migration(Call& call);
Call::Answer plan_migration(Call& call);
Call::Answer start_migration(Call& call);

// session
Call::Answer get_session(Call& call);
Call::Answer sign_in(Call& call);
Call::Answer get_sign_up(Call& call);
Call::Answer sign_up(Call& call);
Call::Answer confirm_account(Call& call);
Call::Answer sign_out(Call& call);
Call::Answer choose_post(Call& call);
Call::Answer sign_out_everywhere(Call& call);
Call::Answer change_password(Call& call);

// people and their posts
Call::Answer list_posts(Call& call);
Call::Answer list_accounts(Call& call);
Call::Answer get_account(Call& call);
Call::Answer give_post(Call& call);
Call::Answer end_post(Call& call);
Call::Answer lock_account(Call& call);
Call::Answer unlock_account(Call& call);
Call::Answer reset_password(Call& call);

// packs
Call::Answer list_packs(Call& call);
Call::Answer compare_packs(Call& call);

// audit
Call::Answer search_audit(Call& call);
Call::Answer get_integrity(Call& call);

// services
Call::Answer list_items(Call& call);
Call::Answer get_item(Call& call);
Call::Answer list_item_records(Call& call);
Call::Answer list_scenes(Call& call);
Call::Answer get_scene(Call& call);
Call::Answer make_guide(Call& call);
Call::Answer create_draft(Call& call);
Call::Answer list_drafts(Call& call);
Call::Answer get_draft(Call& call);
Call::Answer save_draft(Call& call);
Call::Answer discard_draft(Call& call);
Call::Answer prefill_draft(Call& call);
Call::Answer list_presentations(Call& call);
Call::Answer present_certificate(Call& call);
Call::Answer withdraw_certificate(Call& call);
Call::Answer submit_draft(Call& call);
Call::Answer choose_result(Call& call);
Call::Answer give_result(Call& call);
Call::Answer record_fee(Call& call);
Call::Answer pay_fee(Call& call);
Call::Answer check_form(Call& call);
Call::Answer list_certificates(Call& call);
Call::Answer get_certificate(Call& call);
Call::Answer get_certificate_pdf(Call& call);
Call::Answer get_certificate_code(Call& call);
Call::Answer revoke_certificate(Call& call);
Call::Answer suspend_certificate(Call& call);
Call::Answer resume_certificate(Call& call);
Call::Answer get_certificate_status(Call& call);
Call::Answer get_certificate_issuer(Call& call);
Call::Answer verify_certificate(Call& call);

// cases
Call::Answer list_my_cases(Call& call);
Call::Answer list_counter_cases(Call& call);
Call::Answer list_offices(Call& call);
Call::Answer get_case(Call& call);
Call::Answer get_case_diagram(Call& call);
Call::Answer list_case_usage(Call& call);
Call::Answer list_tasks(Call& call);
Call::Answer count_tasks(Call& call);
Call::Answer get_task(Call& call);
Call::Answer list_notices(Call& call);
Call::Answer see_notice(Call& call);
Call::Answer complete_tasks(Call& call);
Call::Answer claim_task(Call& call);
Call::Answer complete_task(Call& call);
Call::Answer delegate_task(Call& call);
Call::Answer answer_delegation(Call& call);
Call::Answer return_task(Call& call);
Call::Answer list_returns(Call& call);
Call::Answer ask_opinion(Call& call);
Call::Answer ask_supplement(Call& call);
Call::Answer answer_supplement(Call& call);
Call::Answer add_participant(Call& call);
Call::Answer withdraw_opinion(Call& call);
Call::Answer urge_task(Call& call);
Call::Answer list_comments(Call& call);
Call::Answer add_comment(Call& call);
Call::Answer withdraw_case(Call& call);
Call::Answer release_task(Call& call);
Call::Answer hand_over_task(Call& call);
Call::Answer pause_case(Call& call);
Call::Answer resume_case(Call& call);
Call::Answer cancel_case(Call& call);
Call::Answer send_message(Call& call);
Call::Answer send_signal(Call& call);

// absences
Call::Answer list_absences(Call& call);
Call::Answer enter_absence(Call& call);
Call::Answer approve_absence(Call& call);
Call::Answer end_absence(Call& call);

// versions of processes, incidents, sweeps
Call::Answer list_definitions(Call& call);
Call::Answer get_definition(Call& call);
Call::Answer list_incidents(Call& call);
Call::Answer list_incident_groups(Call& call);
Call::Answer retry_incidents(Call& call);
Call::Answer get_incident(Call& call);
Call::Answer retry_incident(Call& call);
Call::Answer settle_incident(Call& call);
Call::Answer note_incident(Call& call);
Call::Answer list_sweeps(Call& call);
Call::Answer get_sweep(Call& call);

// attachments
Call::Answer create_attachment(Call& call);
Call::Answer list_attachments(Call& call);
Call::Answer get_attachment(Call& call);
Call::Answer upload_attachment(Call& call);
Call::Answer get_upload(Call& call);
Call::Answer remove_attachment(Call& call);

// decisions
Call::Answer list_decisions(Call& call);
Call::Answer list_by_law(Call& call);
Call::Answer check_decisions(Call& call);
Call::Answer get_decision(Call& call);
Call::Answer evaluate_decision(Call& call);

// exchange
Call::Answer list_resources(Call& call);
Call::Answer list_grants(Call& call);
Call::Answer list_sources(Call& call);
Call::Answer create_source(Call& call);
Call::Answer get_source(Call& call);
Call::Answer remove_source(Call& call);
Call::Answer examine_source(Call& call);
Call::Answer get_resource(Call& call);
Call::Answer withdraw_resource(Call& call);
Call::Answer list_resource_drafts(Call& call);
Call::Answer get_resource_draft(Call& call);
Call::Answer save_resource_draft(Call& call);
Call::Answer discard_resource_draft(Call& call);
Call::Answer request_publication(Call& call);
Call::Answer request_grant(Call& call);
Call::Answer list_grant_requests(Call& call);
Call::Answer get_grant_request(Call& call);
Call::Answer list_programmes(Call& call);
Call::Answer suspend_grant(Call& call);
Call::Answer resume_grant(Call& call);
Call::Answer end_grant(Call& call);
Call::Answer order_delivery(Call& call);
Call::Answer list_deliveries(Call& call);
Call::Answer get_delivery(Call& call);
Call::Answer download_delivery(Call& call);
Call::Answer acknowledge_delivery(Call& call);
Call::Answer push_delivery(Call& call);
Call::Answer resend_delivery(Call& call);
Call::Answer recall_delivery(Call& call);
Call::Answer confirm_destruction(Call& call);
Call::Answer confirm_disposal(Call& call);
Call::Answer query_data(Call& call);
Call::Answer list_usage(Call& call);
Call::Answer export_usage(Call& call);
Call::Answer get_usage_figures(Call& call);

// ledger
Call::Answer get_ledger(Call& call);
Call::Answer get_ledger_entry(Call& call);
Call::Answer get_consistency(Call& call);
Call::Answer get_ledger_file(Call& call);

}  // namespace jx::api
