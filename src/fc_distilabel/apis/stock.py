"""Stock parameters: names of those about how a request is handled, whatever it asks for."""

ANYWHERE = frozenset(
    "detail_level output_format reply_language channel priority notify_by reason visibility "
    "conflict_policy page page_size max_results retry_limit reminder_lead priority_level "
    "include_history include_related exact_match send_confirmation dry_run notify_owner is_urgent "
    "keep_draft agree_terms due_date callback_time contact_email copy_email contact_phone "
    "contact_name approved_by request_id case_reference remark label_text purpose sort_by "
    "sort_order record_state updated_since created_before cursor".split()
)
"""Extras about how any request is handled; of a price or a place nobody knows whether it fits."""
PLAIN = frozenset(
    "detail_level output_format reply_language notify_by priority "
    "send_confirmation is_urgent contact_email contact_phone remark purpose due_date".split()
)
"""Those of them that people would expect of any service."""
FEW = 3
"""Extras up to which only plain ones are taken."""
