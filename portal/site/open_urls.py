"""The URLs of packages that are meant to be reachable. All others answer 404.

Packages bring along pages that we neither asked for nor guard: sign-in forms of their own, password
resets, test pages. So what they bring is closed until it is named here. Our own views need no line:
`tests/test_permissions_table.py` says for each who gets through.
"""

from django.urls import ResolverMatch

# Views in these packages are ours.
OWN = ("marketplace.", "search.", "portal.", "inspiration.")

# The pages that Wagtail makes for a kind of snippet, and those to choose one.
SNIPPET_PAGES = """
    list list_results add edit delete copy inspect usage unpublish history history_results lock
    unlock preview_on_add preview_on_edit revisions_view revisions_compare revisions_revert
    revisions_unschedule workflow_action collect_workflow_action_data workflow_preview
    confirm_workflow_cancellation workflow_history workflow_history_detail
"""
# Nothing is made in a chooser, apart from pictures and documents.
CHOOSER_PAGES = "choose choose_results chosen chosen_multiple"
MODEL_PAGES = "index index_results add edit delete history history_results usage"

# Namespace: names in it. Without a namespace stands what has none.
OPEN = {
    "": """
        wagtail_serve wagtaildocs_serve sitemap sitemap_part
        account_login account_logout account_inactive account_signup account_reauthenticate
        account_request_reauthentication_code account_confirm_reauthentication_code account_email
        account_email_verification_sent account_change_password account_set_password
        account_reset_password account_reset_password_done account_reset_password_from_key
        account_reset_password_from_key_done account_request_login_code account_confirm_login_code
        mfa_index mfa_authenticate mfa_reauthenticate mfa_activate_totp mfa_deactivate_totp
        mfa_view_recovery_codes mfa_generate_recovery_codes mfa_download_recovery_codes
        mfa_list_webauthn mfa_add_webauthn mfa_reauthenticate_webauthn mfa_remove_webauthn
        mfa_edit_webauthn mfa_login_webauthn
        socialaccount_login_cancelled socialaccount_login_error socialaccount_signup
        socialaccount_connections openid_connect_login openid_connect_callback usersessions_list
        wagtailadmin_login wagtailadmin_home wagtailadmin_account wagtailadmin_logout
        wagtailadmin_sprite wagtailadmin_javascript_catalog wagtailadmin_dismissibles
        wagtailadmin_block_preview wagtailadmin_explore_root wagtailadmin_explore
        wagtailadmin_explore_results wagtailadmin_choose_page wagtailadmin_choose_page_child
        wagtailadmin_choose_page_search wagtailadmin_choose_page_chosen_multiple
        wagtailadmin_choose_page_external_link wagtailadmin_choose_page_email_link
        wagtailadmin_choose_page_phone_link wagtailadmin_choose_page_anchor_link
        wagtailadmin_tag_autocomplete wagtailadmin_tag_model_autocomplete
        wagtail_bulk_action site_history site_history_results image_usage document_usage
        process_import
        snippets_api_list snippets_api_detail
    """,
    "api": """
        openapi-json municipalities categories listings listing pages definitions totals
        totals_per_municipality rows
    """,
    "wagtailadmin_api:pages": "listing detail",
    "wagtailadmin_pages": """
        add preview_on_add type_use choose_parent type_use_results usage edit preview_on_edit
        view_draft add_subpage delete unpublish convert_alias search search_results move
        move_confirm set_page_position copy workflow_action collect_workflow_action_data
        confirm_workflow_cancellation workflow_preview set_privacy lock unlock revisions_index
        revisions_view revisions_revert revisions_unschedule revisions_compare workflow_history
        workflow_history_detail history history_results
    """,
    "wagtailadmin_collections": "index add edit delete set_privacy",
    "wagtailadmin_workflows": """
        index index_results add enable disable edit usage usage_results remove add_task
        select_task_type task_index task_index_results edit_task disable_task enable_task
        task_chooser task_chooser_results task_chooser_create task_chosen
    """,
    "wagtailadmin_reports": """
        locked_pages locked_pages_results aging_pages aging_pages_results page_types_usage
        page_types_usage_results
    """,
    "wagtailadmin_editing_sessions": "ping release",
    "wagtailforms": """
        index index_results list_submissions list_submissions_results delete_submissions
    """,
    "wagtailredirects": "index index_results add edit delete start_import",
    "wagtailsearchpromotions": """
        index index_results add edit delete chooser chooserresults search_terms
        search_terms_results
    """,
    "wagtailsettings": "edit preview_on_edit",
    "wagtailembeds": "chooser chooser_upload",
    "wagtailsnippets": "index",
    "wagtaildocs": """
        index index_results add edit delete add_multiple edit_multiple
        create_multiple_from_uploaded_document delete_multiple delete_upload_multiple
    """,
    "wagtailimages": """
        index index_results edit delete url_generator url_generator_output preview add
        add_multiple edit_multiple create_multiple_from_uploaded_image delete_multiple
        delete_upload_multiple
    """,
    "wagtaildocs_chooser": f"{CHOOSER_PAGES} create",
    "wagtailimages_chooser": f"{CHOOSER_PAGES} create select_format",
    "handover_chooser": CHOOSER_PAGES,
    "audit": "index index_results",
    "retention": "index index_results inspect",
    "wagtailsites": MODEL_PAGES,
    "wagtaillocales": MODEL_PAGES,
    "wagtailusers_users": MODEL_PAGES,
    "wagtailusers_groups": MODEL_PAGES,
    "wagtail_localize": """
        javascript_catalog submit_page_translation submit_snippet_translation
        edit_string_translation edit_override download_pofile upload_pofile machine_translate
        preview_translation stop_translation
    """,
    "wagtail_modeladmin": "javascript_catalog",
}
OPEN_NAMES = {space: frozenset(names.split()) for space, names in OPEN.items()}
SNIPPET_NAMES = frozenset(SNIPPET_PAGES.split())
CHOOSER_NAMES = frozenset(CHOOSER_PAGES.split())
# Records that are listed by wagtail-modeladmin. Nobody adds, changes or removes one by hand, which
# `tests/test_permissions_table.py` tries.
MODELADMIN = "_modeladmin_"


def is_open(view_name: str, function_path: str) -> bool:
    """Say whether the URL called `view_name`, answered by `function_path`, is meant to be open."""
    if function_path.startswith(OWN):
        return True
    namespace, _colon, name = view_name.rpartition(":")
    if namespace.startswith("wagtailsnippets_"):
        return name in SNIPPET_NAMES
    if namespace.startswith("wagtailsnippetchoosers_"):
        return name in CHOOSER_NAMES
    return name in OPEN_NAMES.get(namespace, ()) or (not namespace and MODELADMIN in name)


def is_open_match(match: ResolverMatch) -> bool:
    """Say the same of the address that a request has been resolved to."""
    return is_open(match.view_name or "", match._func_path)
